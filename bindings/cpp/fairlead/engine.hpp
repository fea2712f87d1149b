// Fairlead: the engine, the control side
// SPDX-License-Identifier: Apache-2.0
#ifndef FAIRLEAD_ENGINE_HPP
#define FAIRLEAD_ENGINE_HPP

#include "update.hpp"
#include "worker.hpp"

#include <chrono>

namespace fairlead {

/// What an engine can be told at its creation; zero stands for the default everywhere.
struct EngineOptions : Sized<fl_engine_options> {
    EngineOptions() noexcept { abi_version = FL_ABI_VERSION; }
};

/// Sizes and counts of one engine at one moment.
using Statistics = Sized<fl_statistics>;

/// Holds one configuration and publishes snapshots of it, which workers adopt. Move-only; any thread may call any
/// member at any time. Destroyed, it is given up: its workers and updates go on.
class Engine {
  public:
    /// Takes an engine of the library's.
    explicit Engine(fl_engine *engine) noexcept : engine_(engine) {}

    /// Makes an engine without any configuration. FL_ERROR_ABI_VERSION, FL_ERROR_INVALID_ARGUMENT.
    static Result<Engine> create(const fl_engine_options &options = EngineOptions()) noexcept {
        fl_engine *engine = nullptr;
        const Status status = fl_engine_create(&options, &engine);
        if (!status) return status;
        return Engine(engine);
    }

    /// Serves the whole bootstrap document instead of all that was there before; answers the generation that does. When
    /// it is refused nothing has changed.
    Result<std::uint64_t> load(const fl_document &document) noexcept {
        return published([&](std::uint64_t *generation, fl_error_list **errors) {
            return fl_engine_load(engine_.get(), &document, generation, errors);
        });
    }
    /// Takes all changes as one step and publishes once; answers the generation. Refused, it has changed nothing.
    Result<std::uint64_t> apply(const Update &update) noexcept {
        return published([&](std::uint64_t *generation, fl_error_list **errors) {
            return fl_engine_apply(engine_.get(), update.get(), generation, errors);
        });
    }
    /// Says everything that speaks against an update, and changes nothing.
    Result<bool> check(const Update &update) const noexcept {
        fl_error_list *errors = nullptr;
        const Status status = fl_engine_check(engine_.get(), update.get(), &errors);
        if (!status) return {status, ErrorList(errors)};
        return {true, ErrorList(errors)};
    }

    /// Makes an update without any changes.
    Result<Update> make_update() noexcept {
        fl_update *update = nullptr;
        const Status status = fl_update_create(engine_.get(), &update);
        if (!status) return status;
        return Update(update);
    }
    /// Makes a worker. FL_ERROR_TOO_MANY_WORKERS.
    Result<Worker> make_worker() noexcept {
        fl_worker *worker = nullptr;
        const Status status = fl_worker_create(engine_.get(), &worker);
        if (!status) return status;
        return Worker(worker);
    }

    /// Does work that is due. `now` is the program's monotonic time; `next` gets the time of the next call at the
    /// latest, nothing when nothing is waiting.
    Status poll(std::chrono::nanoseconds now, std::optional<std::chrono::nanoseconds> &next) noexcept {
        std::uint64_t next_ns = FL_NEVER;
        const Status status = fl_engine_poll(engine_.get(), static_cast<std::uint64_t>(now.count()), &next_ns);
        next.reset();
        if (status && next_ns != FL_NEVER) {
            next = std::chrono::nanoseconds(static_cast<std::chrono::nanoseconds::rep>(next_ns));
        }
        return status;
    }
    /// The id of a route table, for Exchange::begin. FL_ERROR_NOT_FOUND when there never was one of that name.
    Result<std::uint32_t> route_table(std::string_view name) const noexcept {
        std::uint32_t table = 0;
        const Status status = fl_engine_route_table(engine_.get(), lend(name), &table);
        if (!status) return status;
        return table;
    }
    /// Tells sizes and counts.
    Status statistics(Statistics &out) const noexcept { return fl_engine_statistics(engine_.get(), &out); }

    /// Makes a load-balancing policy known. What `policy` points to has to stay until its `destroy` is called.
    Status register_policy(const fl_policy_v1 &policy) noexcept {
        return fl_engine_register_policy(engine_.get(), &policy);
    }
    /// Loads a shared object with policies (fairlead/plugin.h), which stays loaded until the process ends.
    /// FL_ERROR_PLUGIN, and the reason in `errors`, when it cannot be used; then nothing is taken of it.
    Status load_plugin(std::string_view path, ErrorList &errors) noexcept {
        fl_error_list *list = nullptr;
        const Status status = fl_engine_load_plugin(engine_.get(), lend(path), &list);
        errors = ErrorList(list);
        return status;
    }
    /// In a child process after fork(2): `survivor` is the worker of the thread that forked, if it had one. Release all
    /// others: they may not even be destroyed.
    Status after_fork(const Worker *survivor) noexcept {
        return fl_engine_after_fork(engine_.get(), survivor == nullptr ? nullptr : survivor->get());
    }

    /// The library's engine, still owned here.
    fl_engine *get() const noexcept { return engine_.get(); }

  private:
    template <class Call> static Result<std::uint64_t> published(Call call) noexcept {
        std::uint64_t generation = 0;
        fl_error_list *errors = nullptr;
        const Status status = call(&generation, &errors);
        if (!status) return {status, ErrorList(errors)};
        return {generation, ErrorList(errors)};
    }

    struct Destroy {
        void operator()(fl_engine *engine) const noexcept { fl_engine_destroy(engine); }
    };
    std::unique_ptr<fl_engine, Destroy> engine_;
};

} // namespace fairlead

#endif
