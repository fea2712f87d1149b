// Fairlead: an exchange, one request's way through the engine
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_EXCHANGE_HPP
#define FAIRLEAD_EXCHANGE_HPP

#include "attempt.hpp"
#include "worker.hpp"

#include <optional>

namespace fairlead {

/// One request, as the program's parser found it; everything is borrowed for the length of a call.
struct Request : Sized<fl_request> {
    Request() noexcept = default;
    /// The parts that nearly every request has; the others are fields.
    Request(std::string_view verb, std::string_view host, std::string_view target) noexcept {
        method = lend(verb);
        authority = lend(host);
        path = lend(target);
    }
    /// The header lines: names in any case, without pseudo-headers and without Host.
    Request &with_headers(const fl_header *lines, std::size_t count) noexcept {
        headers = lines;
        header_count = count;
        return *this;
    }
};

/// One header line of a request.
inline fl_header header(std::string_view name, std::string_view value) noexcept { return {lend(name), lend(value)}; }

/// What the route of an exchange says; its texts are borrowed until the exchange ends.
using Route = Sized<fl_route>;

/// One change to the headers; its texts are borrowed until the exchange ends.
using HeaderMutation = Sized<fl_header_mutation>;

/// What a pick came to.
struct Picked {
    /// How the call went.
    Status status;
    /// FL_PICK_…; FL_PICK_NO_ENDPOINT when the call failed.
    fl_pick pick;

    /// Whether there is an endpoint.
    explicit operator bool() const noexcept { return status && pick == FL_PICK_ENDPOINT; }
};

/// The header mutations of an exchange, for a range-based for. An exchange that is not open has none.
class HeaderMutations {
  public:
    HeaderMutations(const fl_exchange *exchange, fl_direction direction) noexcept
        : exchange_(exchange), direction_(direction) {}

    struct End {};

    /// Goes from one to the next.
    class Iterator {
      public:
        Iterator(const fl_exchange *exchange, fl_direction direction) noexcept
            : exchange_(exchange), direction_(direction) {
            ++*this;
        }
        const HeaderMutation &operator*() const noexcept { return mutation_; }
        const HeaderMutation *operator->() const noexcept { return &mutation_; }
        Iterator &operator++() noexcept {
            more_ = fl_exchange_next_header_mutation(exchange_, direction_, &cursor_, &mutation_) == FL_OK;
            return *this;
        }
        bool operator!=(End) const noexcept { return more_; }

      private:
        const fl_exchange *exchange_;
        fl_direction direction_;
        fl_header_cursor cursor_ = 0;
        HeaderMutation mutation_;
        bool more_ = false;
    };

    Iterator begin() const noexcept { return {exchange_, direction_}; }
    End end() const noexcept { return {}; }

  private:
    const fl_exchange *exchange_;
    fl_direction direction_;
};

/// One request, from `begin` to `end` or the end of its life; then it can be begun again. It stays where it is, so it
/// can be neither copied nor moved. Its verbs allocate nothing and throw nothing.
class Exchange {
  public:
    Exchange() noexcept = default;
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;
    ~Exchange() { (void)end(); }

    /// Finds virtual host and route of `request`; `disposition` tells what came of it. FL_ERROR_EXCHANGE_OPEN.
    Status begin(Worker &worker, const fl_request &request, std::uint32_t route_table = 0) noexcept {
        return fl_exchange_begin(&memory_, worker.get(), route_table, &request);
    }
    /// Begins with a cluster, without any route; `hash` is for consistent hashing.
    Status begin_cluster(Worker &worker, std::string_view cluster,
                         std::optional<std::uint64_t> hash = std::nullopt) noexcept {
        return fl_exchange_begin_cluster(&memory_, worker.get(), lend(cluster), hash ? &*hash : nullptr);
    }

    /// How it goes on: FL_DISPOSITION_…
    fl_disposition disposition() const noexcept { return fl_exchange_disposition(&memory_); }
    /// How many attempts were made: the value of x-envoy-attempt-count.
    std::uint32_t attempts() const noexcept { return fl_exchange_attempts(&memory_); }
    /// Tells what its route says. FL_ERROR_EXCHANGE_NOT_OPEN.
    Status route(Route &out) const noexcept { return fl_exchange_route(&memory_, &out); }

    /// Writes the path that goes to the endpoint. FL_ERROR_BUFFER_TOO_SMALL: `Room::needed` tells how much it takes.
    Status copy_path(const fl_request &request, Room &room) const noexcept {
        return fl_exchange_copy_path(&memory_, &request, room.memory_, room.capacity_, &room.needed_);
    }
    /// Writes the authority that goes to the endpoint, which may be that of `attempt`; see copy_path.
    Status copy_authority(const fl_request &request, const Attempt *attempt, Room &room) const noexcept {
        const fl_attempt *picked = attempt == nullptr ? nullptr : attempt->get();
        return fl_exchange_copy_authority(&memory_, &request, picked, room.memory_, room.capacity_, &room.needed_);
    }
    /// Writes the Location of a redirect, nothing when it is none; see copy_path.
    Status copy_location(const fl_request &request, Room &room) const noexcept {
        return fl_exchange_copy_location(&memory_, &request, room.memory_, room.capacity_, &room.needed_);
    }
    /// Writes the value of the Set-Cookie that makes the client come back, nothing when none is wanted; see copy_path.
    Status copy_set_cookie(Room &room) const noexcept {
        return fl_exchange_copy_set_cookie(&memory_, room.memory_, room.capacity_, &room.needed_);
    }
    /// The changes that the route makes to headers, in their order: FL_DIRECTION_REQUEST or FL_DIRECTION_RESPONSE.
    HeaderMutations header_mutations(fl_direction direction) const noexcept { return {&memory_, direction}; }

    /// Picks an endpoint for `attempt`, among the endpoints of now. Several attempts may be open at once.
    Picked pick(Attempt &attempt) noexcept {
        fl_pick pick = FL_PICK_NO_ENDPOINT;
        const Status status = fl_exchange_pick(&memory_, attempt.get(), &pick);
        return {status, pick};
    }
    /// Gives room to remember more endpoints as tried than eight; the array has to stay until the exchange ends.
    Status extend_tried(std::uintptr_t *array, std::size_t capacity) noexcept {
        return fl_exchange_extend_tried(&memory_, array, capacity);
    }
    /// Ends it; open attempts count as cancelled. A second call does nothing.
    Status end() noexcept { return fl_exchange_end(&memory_); }

  private:
    fl_exchange memory_ = FL_EXCHANGE_INIT;
};

} // namespace fairlead

#endif
