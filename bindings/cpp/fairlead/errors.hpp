// Fairlead: everything that is wrong with a configuration, each with its place
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_ERRORS_HPP
#define FAIRLEAD_ERRORS_HPP

#include "text.hpp"

#include <memory>

namespace fairlead {

/// One thing that is wrong; its texts are borrowed from the list that it is of.
using Problem = Sized<fl_error>;

/// Everything that one call found, warnings included. Move-only; empty when there was nothing to tell.
///
///     for (const fairlead::Problem &problem : result.problems()) log(fairlead::view(problem.text));
class ErrorList {
  public:
    ErrorList() noexcept = default;
    /// Takes a list of the library's.
    explicit ErrorList(fl_error_list *list) noexcept : list_(list) {}

    /// How many there are.
    std::size_t size() const noexcept { return fl_error_list_count(list_.get()); }
    /// Whether there are none.
    bool empty() const noexcept { return size() == 0; }
    /// The one at `index`; one without texts when there is none.
    Problem operator[](std::size_t index) const noexcept {
        Problem problem;
        if (fl_error_list_get(list_.get(), index, &problem) != FL_OK) return Problem();
        return problem;
    }

    /// Goes from one to the next.
    class Iterator {
      public:
        Iterator(const ErrorList &list, std::size_t index) noexcept : list_(&list), index_(index) {}
        Problem operator*() const noexcept { return (*list_)[index_]; }
        Iterator &operator++() noexcept {
            ++index_;
            return *this;
        }
        bool operator!=(const Iterator &other) const noexcept { return index_ != other.index_; }

      private:
        const ErrorList *list_;
        std::size_t index_;
    };

    Iterator begin() const noexcept { return {*this, 0}; }
    Iterator end() const noexcept { return {*this, size()}; }

  private:
    struct Destroy {
        void operator()(fl_error_list *list) const noexcept { fl_error_list_destroy(list); }
    };
    std::unique_ptr<fl_error_list, Destroy> list_;
};

} // namespace fairlead

#endif
