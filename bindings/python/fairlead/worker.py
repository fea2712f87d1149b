# Fairlead: a worker, one thread's entry to the engine
# SPDX-License-Identifier: Apache-2.0

import ctypes

from .constants import Status
from .errors import NotOpenError
from .exchange import Exchange
from .library import Library
from .request import Request
from .text import encoded, lend, unsigned


class Worker:
    """Decides requests from the snapshot that it adopted last, and never waits for anybody; `Engine.make_worker` makes
    it. One thread at a time uses it, its exchanges and their attempts.

    `close`, or the end of a `with`, frees it; so does forgetting it.
    """

    def __init__(self, library: Library, pointer: ctypes.c_void_p):
        self.library = library
        self._pointer = pointer

    @property
    def pointer(self) -> ctypes.c_void_p:
        """The library's worker. Raises NotOpenError when it was closed."""
        if self._pointer is None:
            raise NotOpenError(Status.INVALID_ARGUMENT, "the worker is closed")
        return self._pointer

    @property
    def is_closed(self) -> bool:
        """Whether it was closed, here or by `Engine.after_fork`."""
        return self._pointer is None

    def refresh(self) -> int:
        """Adopts the newest snapshot: call it once for each turn of the program's loop. Answers its generation."""
        return self.library.fl_worker_refresh(self.pointer)

    @property
    def generation(self) -> int:
        """The generation of the snapshot that the worker adopted last, as `Publication.generation` tells it."""
        return self.library.fl_worker_generation(self.pointer)

    @property
    def open(self) -> int:
        """How much keeps the worker from being closed: exchanges not ended, and detached attempts not reported."""
        return self.library.fl_worker_open(self.pointer)

    def begin(self, request: Request, route_table: int = 0) -> Exchange:
        """Begins an exchange: finds virtual host and route of `request`. It has to be ended, best by a `with`.

        `route_table` comes from `Engine.route_table`; 0 is the first table that the engine ever had. That nothing
        matched is no error: the exchange's disposition tells.
        """
        if not isinstance(request, Request):
            raise TypeError(f"request has to be a Request, not {type(request).__name__}")
        table = unsigned(route_table, 32, "route_table")
        exchange = Exchange(self, request)
        status = self.library.fl_exchange_begin(exchange.memory, self.pointer, table, request.struct)
        self.library.check(status, "beginning an exchange")
        return exchange

    def begin_cluster(self, cluster: str, hash: int | None = None) -> Exchange:
        """Begins an exchange with a cluster, without any route: for programs that only balance.

        `hash` is the request's hash (64 bits), for consistent hashing. That there is no such cluster is no error:
        `Exchange.pick` tells.
        """
        raw = encoded(cluster, "cluster")
        bits = None if hash is None else ctypes.byref(ctypes.c_uint64(unsigned(hash, 64, "hash")))
        exchange = Exchange(self, None)
        status = self.library.fl_exchange_begin_cluster(exchange.memory, self.pointer, lend(raw), bits)
        self.library.check(status, "beginning an exchange")
        return exchange

    def close(self) -> None:
        """Frees the worker; a second call does nothing. Its counts stay in the engine's statistics.

        Raises BusyError while an exchange, or a detached attempt, is open; then the worker is as before.
        """
        if self._pointer is None:
            return
        if self.open > 0:
            self.library.check(Status.BUSY, "closing a worker")
        # Nothing is open, and from here on nothing can be begun: it may take its time without Python's lock.
        pointer, self._pointer = self._pointer, None
        self.library.check(self.library.fl_worker_destroy(pointer), "closing a worker")

    def abandon(self) -> None:
        """Forgets the worker without freeing it: in a forked child its memory may not be touched."""
        self._pointer = None

    def __enter__(self) -> "Worker":
        self.pointer
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def __del__(self):
        # Exchanges and attempts hold their worker: something is open only when all of them were garbage together, and
        # then the worker's memory stays for whatever of that is finalized later.
        if self._pointer is not None and self.open == 0:
            self.close()
