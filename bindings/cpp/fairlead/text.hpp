// Fairlead: borrowed text, statuses, and structs with their size set
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_TEXT_HPP
#define FAIRLEAD_TEXT_HPP

#include <fairlead.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fairlead {

/// What the library lends, as a view. What is missing has no data, as opposed to what is empty.
inline std::string_view view(fl_bytes bytes) noexcept { return {bytes.data, bytes.size}; }

/// Lends a text to the library. A view without data is missing.
inline fl_bytes lend(std::string_view text) noexcept { return fl_bytes_make(text.data(), text.size()); }

/// A struct of the C interface, all zero but for its size. Fields that are added to the struct are here at once.
template <class Struct> struct Sized : Struct {
    Sized() noexcept : Struct() { this->struct_size = static_cast<std::uint32_t>(sizeof(Struct)); }
};

/// How a call went.
class [[nodiscard]] Status {
  public:
    Status(fl_status code) noexcept : code_(code) {}

    /// Whether it is no error: FL_OK or FL_DONE.
    explicit operator bool() const noexcept { return code_ >= 0; }
    /// The number: FL_OK, FL_ERROR_….
    fl_status code() const noexcept { return code_; }
    /// A few words on it, which stay for ever.
    const char *text() const noexcept { return fl_status_text(code_); }

    friend bool operator==(Status left, Status right) noexcept { return left.code_ == right.code_; }
    friend bool operator!=(Status left, Status right) noexcept { return left.code_ != right.code_; }

  private:
    fl_status code_;
};

/// Room for a composed text (a path, a Location) in memory of the caller's.
///
///     char memory[256];
///     fairlead::Room room(memory);
///     if (exchange.copy_path(request, room)) use(room.text());
class Room {
  public:
    /// Room of `capacity` bytes at `memory`, which has to outlive it. A capacity of 0 asks for the length alone.
    Room(char *memory, std::size_t capacity) noexcept : memory_(memory), capacity_(capacity) {}
    /// All of an array.
    template <std::size_t count> explicit Room(char (&memory)[count]) noexcept : Room(memory, count) {}

    /// What was written; only the beginning of the text when it did not fit.
    std::string_view text() const noexcept { return {memory_, needed_ < capacity_ ? needed_ : capacity_}; }
    /// How many bytes the whole text has.
    std::size_t needed() const noexcept { return needed_; }

  private:
    friend class Exchange;
    char *memory_;
    std::size_t capacity_;
    std::size_t needed_ = 0;
};

} // namespace fairlead

#endif
