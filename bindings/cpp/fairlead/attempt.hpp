// Fairlead: an attempt, one try to reach an endpoint
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_ATTEMPT_HPP
#define FAIRLEAD_ATTEMPT_HPP

#include "text.hpp"

#include <chrono>

namespace fairlead {

/// The endpoint of an attempt; its texts are borrowed until the attempt is reported or detached.
using Endpoint = Sized<fl_endpoint>;

/// What became of an attempt.
using Outcome = Sized<fl_outcome>;

/// The outcome of an attempt that did not end with a response, or any other.
inline Outcome outcome(fl_outcome_kind kind, fl_outcome_flags flags = FL_OUTCOME_MAY_RETRY,
                       std::uint32_t status = 0) noexcept {
    Outcome outcome;
    outcome.kind = kind;
    outcome.flags = flags;
    outcome.status = status;
    return outcome;
}

/// A response with its HTTP status, to a request that could be made again.
inline Outcome response(std::uint32_t status,
                        fl_outcome_flags flags = fl_outcome_flags{FL_OUTCOME_REQUEST_SENT} |
                                                 fl_outcome_flags{FL_OUTCOME_MAY_RETRY}) noexcept {
    return outcome(FL_OUTCOME_RESPONSE, flags, status);
}

/// What to do after an attempt was reported.
struct Verdict {
    /// How the report went; nothing is to be retried unless it is FL_OK.
    Status status;
    /// Whether to pick again.
    bool retry;
    /// How long to wait before that.
    std::chrono::nanoseconds delay;
};

/// One try to reach an endpoint, from `Exchange::pick` to `report`; after that it can be picked again. The library
/// links its memory to that of its exchange, so it can be neither copied nor moved. Destroyed while open, it counts as
/// cancelled.
class Attempt {
  public:
    Attempt() noexcept = default;
    Attempt(const Attempt &) = delete;
    Attempt &operator=(const Attempt &) = delete;
    ~Attempt() {
        const Outcome cancelled = outcome(FL_OUTCOME_CANCELLED, 0);
        (void)fl_attempt_report(&memory_, &cancelled, nullptr);
    }

    /// Tells about its endpoint. FL_ERROR_ATTEMPT_NOT_OPEN, FL_ERROR_ATTEMPT_DETACHED.
    Status endpoint(Endpoint &out) const noexcept { return fl_attempt_endpoint(&memory_, &out); }

    /// Reports what became of it, and asks whether to try again. The attempt is closed.
    Verdict report(const fl_outcome &outcome) noexcept {
        Sized<fl_verdict> verdict;
        const Status status = fl_attempt_report(&memory_, &outcome, &verdict);
        return {status, status && verdict.retry != 0,
                std::chrono::nanoseconds(static_cast<std::chrono::nanoseconds::rep>(verdict.delay_ns))};
    }

    /// Gives up the snapshot that it holds: for streams that last. It still has to be reported.
    Status detach() noexcept { return fl_attempt_detach(&memory_); }

    /// The memory that the library knows.
    fl_attempt *get() noexcept { return &memory_; }
    const fl_attempt *get() const noexcept { return &memory_; }

  private:
    fl_attempt memory_ = FL_ATTEMPT_INIT;
};

} // namespace fairlead

#endif
