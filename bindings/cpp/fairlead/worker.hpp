// Fairlead: a worker, one thread's entry to the engine
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_WORKER_HPP
#define FAIRLEAD_WORKER_HPP

#include "text.hpp"

#include <utility>

namespace fairlead {

/// Decides requests from the snapshot that it adopted last. Move-only; made by `Engine::make_worker`, used by one
/// thread at a time together with its exchanges and attempts.
///
/// Declare exchanges and attempts after their worker, so that they end before it. A worker that is destroyed while
/// something of it is open stays alive, and is lost: that something goes on working.
class Worker {
  public:
    /// Takes a worker of the library's.
    explicit Worker(fl_worker *worker) noexcept : worker_(worker) {}
    Worker(Worker &&other) noexcept : worker_(std::exchange(other.worker_, nullptr)) {}
    Worker &operator=(Worker &&other) noexcept {
        std::swap(worker_, other.worker_);
        return *this;
    }
    ~Worker() { (void)close(); }

    /// Adopts the newest snapshot, and answers its generation: once for each turn of the program's loop.
    std::uint64_t refresh() noexcept { return fl_worker_refresh(worker_); }
    /// The generation of the snapshot that it adopted last.
    std::uint64_t generation() const noexcept { return fl_worker_generation(worker_); }
    /// How much keeps it from being closed: exchanges not ended, and detached attempts not reported.
    std::uint64_t open() const noexcept { return fl_worker_open(worker_); }
    /// Frees it; FL_ERROR_BUSY while something is open: then it is as before. A second call does nothing.
    Status close() noexcept {
        const Status status = fl_worker_destroy(worker_);
        if (status) worker_ = nullptr;
        return status;
    }

    /// The library's worker, still owned here.
    fl_worker *get() const noexcept { return worker_; }
    /// Gives the library's worker away, as a forked child has to do with those of other threads.
    fl_worker *release() noexcept { return std::exchange(worker_, nullptr); }

  private:
    fl_worker *worker_;
};

} // namespace fairlead

#endif
