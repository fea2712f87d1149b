// Fairlead: what a call of the control side came to
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_RESULT_HPP
#define FAIRLEAD_RESULT_HPP

#include "errors.hpp"

#include <optional>
#include <utility>

#if defined(__cpp_exceptions)
#include <stdexcept>
#include <string>
#endif

namespace fairlead {

#if defined(__cpp_exceptions)
/// What `Result::value` throws when there is no value. Its text has a line for each problem.
class Error : public std::runtime_error {
  public:
    Error(Status status, ErrorList problems)
        : std::runtime_error(text(status, problems)), status_(status),
          problems_(std::make_shared<const ErrorList>(std::move(problems))) {}

    Status status() const noexcept { return status_; }
    /// Everything that is wrong.
    const ErrorList &problems() const noexcept { return *problems_; }

  private:
    static std::string text(Status status, const ErrorList &problems) {
        std::string all = status.text();
        for (const Problem &problem : problems) all.append("\n").append(view(problem.text));
        return all;
    }

    Status status_;
    // Exceptions are copied.
    std::shared_ptr<const ErrorList> problems_;
};
#endif

/// A value, or why there is none; either way with all problems that were found (with a value: warnings).
template <class Value> class [[nodiscard]] Result {
  public:
    Result(Value value, ErrorList problems = {}) noexcept
        : value_(std::move(value)), status_(FL_OK), problems_(std::move(problems)) {}
    Result(Status status, ErrorList problems = {}) noexcept : status_(status), problems_(std::move(problems)) {}

    /// Whether there is a value.
    explicit operator bool() const noexcept { return value_.has_value(); }
    /// How the call went.
    Status status() const noexcept { return status_; }
    /// What is wrong, or worth knowing.
    const ErrorList &problems() const noexcept { return problems_; }

    /// The value, which has to be there.
    Value &operator*() noexcept { return *value_; }
    const Value &operator*() const noexcept { return *value_; }
    Value *operator->() noexcept { return &*value_; }
    const Value *operator->() const noexcept { return &*value_; }

#if defined(__cpp_exceptions)
    /// Takes the value out; throws Error when there is none.
    Value value() {
        if (!value_) throw Error(status_, std::move(problems_));
        return std::move(*value_);
    }
#endif

  private:
    std::optional<Value> value_;
    Status status_;
    ErrorList problems_;
};

} // namespace fairlead

#endif
