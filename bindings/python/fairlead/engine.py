# Fairlead: the engine, the control side
# SPDX-License-Identifier: Apache-2.0

import ctypes
import os
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from . import structs
from .constants import ABI_VERSION, NEVER, Format, Severity, Status
from .errors import ConfigurationError, NotOpenError, Problem, StatusError
from .handle import Handle
from .library import Library, default_library
from .text import decoded, encoded, lend, unsigned, values_of
from .update import Content, Document, Update
from .worker import Worker


class Publication(NamedTuple):
    """What a configuration that was taken came to."""

    generation: int
    """The number of the snapshot that serves it."""
    warnings: tuple[Problem, ...]
    """What is worth knowing about it."""


@dataclass(frozen=True)
class Statistics:
    """Sizes and counts of one engine at one moment; sizes are in bytes."""

    workers: int
    generation: int
    live_snapshots: int
    """Snapshots that are alive: the current one, and those that some worker still holds."""
    blocks: int
    block_bytes: int
    root_bytes: int
    retired_parts: int
    """Parts of former snapshots that wait for workers to move on."""
    endpoint_slots: int
    slot_bytes: int
    clusters: int
    route_tables: int
    virtual_hosts: int
    exchanges: int
    """Exchanges begun, by all workers since the engine was made; so are all that follow."""
    no_route: int
    picks: int
    no_endpoint: int
    retries: int
    retry_overflow: int
    """Retries refused by a circuit breaker."""
    adoptions: int
    """Snapshots adopted by workers."""
    policy_faults: int


class Engine:
    """Holds one configuration and publishes snapshots of it, which workers adopt. One for each process is the rule.

    - `seed`: what all random decisions grow from (64 bits); give each process of a fleet one of its own.
    - `maximum_workers`: how many workers there may be at once, at most 4096; 0 for the default, 64.
    - `region`, `zone`, `sub_zone`: where this engine stands, if it matters.
    - `local_cluster`: the name of the cluster that this engine itself belongs to; with its place it turns zone-aware
      routing on.
    - `maximum_endpoints_per_cluster`, `maximum_routes_per_virtual_host`: caps; 0 for the defaults.
    - `library`: a `Library`, or where one is; by default the one of `default_library()`.

    Any thread may call any method at any time. `close`, or the end of a `with`, gives the engine up; workers go on.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        maximum_workers: int = 0,
        region: str | None = None,
        zone: str | None = None,
        sub_zone: str | None = None,
        maximum_endpoints_per_cluster: int = 0,
        maximum_routes_per_virtual_host: int = 0,
        local_cluster: str | None = None,
        library: Library | str | os.PathLike | None = None,
    ):
        if library is None:
            library = default_library()
        self.library = library if isinstance(library, Library) else Library(library)
        place = {"region": region, "zone": zone, "sub_zone": sub_zone, "local_cluster": local_cluster}
        place = {name: encoded(value, name) for name, value in place.items() if value is not None}
        options = structs.EngineOptions(
            abi_version=ABI_VERSION,
            seed=unsigned(seed, 64, "seed"),
            maximum_workers=unsigned(maximum_workers, 32, "maximum_workers"),
            maximum_endpoints_per_cluster=unsigned(maximum_endpoints_per_cluster, 64, "maximum_endpoints_per_cluster"),
            maximum_routes_per_virtual_host=unsigned(
                maximum_routes_per_virtual_host, 64, "maximum_routes_per_virtual_host"
            ),
            **{name: lend(value) for name, value in place.items()},
        )
        pointer = structs.Handle()
        self.library.check(
            self.library.fl_engine_create(ctypes.byref(options), ctypes.byref(pointer)), "making an engine"
        )
        self._handle = Handle(pointer, self.library.fl_engine_destroy, "engine")
        self._workers = weakref.WeakSet()
        self.warnings: tuple[Problem, ...] = ()
        """What was worth knowing about the configuration that was taken last."""

    @classmethod
    def from_file(
        cls, path: str | os.PathLike, *, format: Format = Format.AUTO, strict: bool = False, **options
    ) -> "Engine":
        """An engine that serves one of Envoy's bootstrap files; `options` are those of `Engine`.

        Raises OSError when the file cannot be read, ConfigurationError with everything that is wrong with it.
        """
        return cls.from_bytes(Path(path).read_bytes(), format=format, file=path, strict=strict, **options)

    @classmethod
    def from_bytes(
        cls,
        content: Content,
        *,
        format: Format = Format.AUTO,
        file: str | os.PathLike | None = None,
        strict: bool = False,
        **options,
    ) -> "Engine":
        """An engine that serves a bootstrap document: bytes, text, or a mapping as `json.loads` gives it.

        Raises ConfigurationError with everything that is wrong with it.
        """
        engine = cls(**options)
        engine.load(content, format=format, file=file, strict=strict)
        return engine

    def load(
        self,
        content: Content,
        *,
        format: Format = Format.AUTO,
        file: str | os.PathLike | None = None,
        strict: bool = False,
    ) -> Publication:
        """Serves a whole bootstrap document instead of all that was there before; what is the same is shared.

        Raises ConfigurationError with everything that is wrong with it; then nothing has changed.
        """
        document = Document(content, format, file, strict)
        with self._handle.use() as pointer:
            return self._publish(self.library.fl_engine_load, pointer, ctypes.byref(document.struct))

    def apply(self, update: Update) -> Publication:
        """Takes all changes of an update as one step, and publishes once.

        Raises ConfigurationError with everything that is wrong with it; then nothing has changed.
        """
        with self._handle.use() as pointer, self._prepared(pointer, update).use() as prepared:
            return self._publish(self.library.fl_engine_apply, pointer, prepared)

    def check(self, update: Update) -> tuple[Problem, ...]:
        """Everything that speaks against an update, and all warnings; changes nothing."""
        errors = structs.Handle()
        with self._handle.use() as pointer, self._prepared(pointer, update).use() as prepared:
            status = self.library.fl_engine_check(pointer, prepared, ctypes.byref(errors))
        problems = self._taken(errors)
        if status != Status.CONFIGURATION:
            self.library.check(status, "checking an update")
        return problems

    def load_plugin(self, path: str | os.PathLike) -> None:
        """Loads a shared object with load-balancing policies (see `fairlead/plugin.h`), so that configurations can ask for
        them. It stays loaded until the process ends.

        Raises StatusError (PLUGIN) with the reason when it is no plugin that can be used; then nothing is taken of it.
        """
        raw = os.fsencode(path)
        errors = structs.Handle()
        with self._handle.use() as pointer:
            status = self.library.fl_engine_load_plugin(pointer, lend(raw), ctypes.byref(errors))
        problems = self._taken(errors)
        if status == Status.PLUGIN:
            raise StatusError(Status.PLUGIN, "\n".join(problem.text for problem in problems))
        self.library.check(status, "loading a plugin")

    def poll(self, now_ns: int | None = None) -> int | None:
        """Does work that is due: call it now and then.

        `now_ns` is the program's monotonic time, by default `time.monotonic_ns()`. Answers the time of the next call at
        the latest, None when nothing is waiting.
        """
        next_ns = ctypes.c_uint64()
        now = time.monotonic_ns() if now_ns is None else unsigned(now_ns, 64, "now_ns")
        with self._handle.use() as pointer:
            self.library.check(self.library.fl_engine_poll(pointer, now, ctypes.byref(next_ns)), "polling an engine")
        return None if next_ns.value == NEVER else next_ns.value

    def route_table(self, name: str) -> int:
        """The id of the route table (Envoy's RouteConfiguration) of that name, for `Worker.begin`.

        Raises NotFoundError when there never was one.
        """
        raw = encoded(name, "name")
        table = ctypes.c_uint32()
        with self._handle.use() as pointer:
            status = self.library.fl_engine_route_table(pointer, lend(raw), ctypes.byref(table))
        self.library.check(status, f"route table {name!r}")
        return table.value

    @property
    def statistics(self) -> Statistics:
        """Sizes and counts at this moment. It takes time in proportion to clusters and virtual hosts."""
        struct = structs.Statistics()
        with self._handle.use() as pointer:
            self.library.check(self.library.fl_engine_statistics(pointer, ctypes.byref(struct)), "statistics")
        return Statistics(**values_of(struct))

    def make_worker(self) -> Worker:
        """A worker, for one thread at a time. Raises StatusError (TOO_MANY_WORKERS) when there are enough."""
        made = structs.Handle()
        with self._handle.use() as pointer:
            self.library.check(self.library.fl_worker_create(pointer, ctypes.byref(made)), "making a worker")
        worker = Worker(self.library, made)
        self._workers.add(worker)
        return worker

    def after_fork(self, survivor: Worker | None = None) -> None:
        """In a child process after `os.fork`: drops what the threads of the parent held.

        `survivor` is the worker of the thread that forked, if it had one; it goes on. All others are closed, and their
        exchanges with them. Fork only while no method of the engine is running in any thread.
        """
        kept = None if survivor is None else survivor.pointer
        with self._handle.use() as pointer:
            self.library.check(self.library.fl_engine_after_fork(pointer, kept), "after a fork")
        for worker in list(self._workers):
            if worker is not survivor:
                worker.abandon()

    def close(self) -> None:
        """Gives the engine up; a second call does nothing. Its workers go on working."""
        self._handle.close()

    def __enter__(self) -> "Engine":
        if self._handle.is_closed:
            raise NotOpenError(Status.INVALID_ARGUMENT, "the engine is closed")
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _prepared(self, pointer: structs.Handle, update: Update) -> Handle:
        """The library's own form of an update."""
        made = structs.Handle()
        self.library.check(self.library.fl_update_create(pointer, ctypes.byref(made)), "making an update")
        prepared = Handle(made, self.library.fl_update_destroy, "update")
        update.write(self.library, made)
        return prepared

    def _publish(self, function: Callable[..., int], pointer: structs.Handle, change) -> Publication:
        generation = ctypes.c_uint64()
        errors = structs.Handle()
        status = function(pointer, change, ctypes.byref(generation), ctypes.byref(errors))
        problems = self._taken(errors)
        if status == Status.CONFIGURATION:
            raise ConfigurationError(problems)
        self.library.check(status, "changing the configuration")
        self.warnings = problems
        return Publication(generation.value, problems)

    def _taken(self, errors: structs.Handle) -> tuple[Problem, ...]:
        """The problems of an error list, which is freed."""
        try:
            return tuple(self._problem(errors, index) for index in range(self.library.fl_error_list_count(errors)))
        finally:
            self.library.fl_error_list_destroy(errors)

    def _problem(self, errors: structs.Handle, index: int) -> Problem:
        struct = structs.Error()
        self.library.check(self.library.fl_error_list_get(errors, index, ctypes.byref(struct)), "reading a problem")
        # A problem that nobody can place has no file.
        return Problem(**values_of(struct, severity=Severity, file=lambda file: decoded(file) or None))
