# Fairlead: an exchange, one request's way through the engine
# SPDX-License-Identifier: Apache-2.0

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING

from . import structs
from .attempt import Attempt
from .constants import Direction, Disposition, PickResult, RouteFlags, Status
from .errors import NotOpenError
from .request import Request
from .route import HeaderMutation, Route, mutation_of, route_of
from .text import unsigned

if TYPE_CHECKING:
    from .library import Library
    from .worker import Worker

ROOM = 256
"""How many bytes a composed text is given at first; longer ones cost a second call."""


class Exchange:
    """One request, from `Worker.begin` to `end` or the end of a `with`. Afterwards every question raises NotOpenError.

    It keeps the routes that it began with, whatever is applied meanwhile; each pick takes the endpoints of now.
    """

    def __init__(self, worker: "Worker", request: Request | None):
        self._worker: Worker | None = worker
        self._request = request
        self.memory = structs.Exchange()
        self._tried = None
        self._attempts: dict[int, structs.Attempt] = {}
        self.last_pick: PickResult | None = None
        """What the last pick came to: why it gave no attempt. None before the first."""

    @property
    def disposition(self) -> Disposition:
        """How the exchange goes on: forward it, redirect it, answer it."""
        return Disposition(self._open.fl_exchange_disposition(self.memory))

    @property
    def attempts(self) -> int:
        """How many attempts were made, the open ones included: the value of x-envoy-attempt-count."""
        return self._open.fl_exchange_attempts(self.memory)

    @property
    def route(self) -> Route:
        """What the route says."""
        struct = structs.Route()
        library = self._open
        library.check(library.fl_exchange_route(self.memory, struct), "reading a route")
        return route_of(struct)

    @property
    def path(self) -> str | None:
        """The path, with its query, that goes to the endpoint: rewritten, or as it came. None without a request."""
        if self._request is None:
            return self._without_request()
        return self._composed(self._open.fl_exchange_copy_path, self._request.struct)

    @property
    def authority(self) -> str | None:
        """The authority that goes to the endpoint: rewritten, or as it came. None without a request.

        Routes with RouteFlags.HOST_FROM_ENDPOINT take the endpoint's host name: see `Attempt.authority`.
        """
        return self.authority_for(None)

    def authority_for(self, attempt: structs.Attempt | None) -> str | None:
        """What `Attempt.authority` answers."""
        if self._request is None:
            return self._without_request()
        return self._composed(self._open.fl_exchange_copy_authority, self._request.struct, attempt)

    @property
    def location(self) -> str | None:
        """The Location of a redirect; None when the exchange is none."""
        if self._request is None:
            return self._without_request()
        return self._composed(self._open.fl_exchange_copy_location, self._request.struct) or None

    @property
    def body(self) -> bytes | None:
        """The body of a direct response: the route's, or composed for the request (RouteFlags.COMPOSES_BODY). None when
        the exchange is none, or has no request."""
        if self._request is None:
            return self._without_request()
        route = self.route
        if route.flags & RouteFlags.COMPOSES_BODY:
            return self._copied(self._open.fl_exchange_copy_body, self._request.struct, None)
        return route.body

    @property
    def set_cookie(self) -> str | None:
        """The value of the Set-Cookie that makes the client come back to the same endpoint; None when the route asks
        for none, or the client sent its cookie."""
        return self._composed(self._open.fl_exchange_copy_set_cookie) or None

    def header_mutations(self, direction: Direction) -> list[HeaderMutation]:
        """The changes that the route makes to the headers of the request or of the response, in the order in which they
        are to be applied."""
        library = self._open
        direction = unsigned(direction, 32, "direction")
        cursor = ctypes.c_uint64()
        mutations = []
        while True:
            struct = structs.HeaderMutation()
            status = library.fl_exchange_next_header_mutation(self.memory, direction, cursor, struct)
            library.check(status, "reading header mutations")
            if status == Status.DONE:
                return mutations
            mutations.append(mutation_of(struct))

    def remember_tried(self, count: int) -> None:
        """Gives room to remember so many more endpoints as tried than eight: for routes that retry more often than
        that, and want another host each time. Call it once, before the first pick."""
        library = self._open
        if self._tried is not None:
            raise ValueError("the room was given already")
        room = (ctypes.c_size_t * max(unsigned(count, 16, "count"), 1))()
        library.check(library.fl_exchange_extend_tried(self.memory, room, count), "remembering tried endpoints")
        # The exchange writes into it until its end.
        self._tried = room

    def pick(self) -> Attempt | None:
        """Picks an endpoint for the next attempt, among the endpoints of now.

        None when there is none: `last_pick` says why. Several attempts may be open at once.
        """
        library = self._open
        memory = structs.Attempt()
        result = ctypes.c_uint32()
        library.check(library.fl_exchange_pick(self.memory, memory, result), "picking an endpoint")
        self.last_pick = PickResult(result.value)
        if self.last_pick != PickResult.ENDPOINT:
            return None
        # The library links the memory of open attempts to that of their exchange: it stays until they are closed.
        self._attempts[id(memory)] = memory
        return Attempt(self._worker, self, memory)

    def forget(self, memory: structs.Attempt) -> None:
        """Lets go of the memory of an attempt that is closed."""
        self._attempts.pop(id(memory), None)

    @property
    def is_open(self) -> bool:
        """Whether it was not ended yet."""
        return self._worker is not None and not self._worker.is_closed

    def end(self) -> None:
        """Ends the exchange; a second call does nothing. Attempts that are still open are reported as cancelled."""
        if self.is_open:
            library = self._worker.library
            library.check(library.fl_exchange_end(self.memory), "ending an exchange")
        self._worker = None
        self._attempts.clear()

    @property
    def _open(self) -> "Library":
        """The library, for an exchange that is open."""
        if not self.is_open:
            raise NotOpenError(Status.EXCHANGE_NOT_OPEN, "the exchange has ended")
        return self._worker.library

    def _without_request(self) -> None:
        self._open
        return None

    def _composed(self, function: Callable[..., int], *arguments) -> str:
        """The text that a function writes into a buffer."""
        return self._copied(function, *arguments).decode("utf-8", "surrogateescape")

    def _copied(self, function: Callable[..., int], *arguments) -> bytes:
        """What a function writes into a buffer."""
        length = ctypes.c_size_t()
        room = ROOM
        while True:
            buffer = ctypes.create_string_buffer(room)
            status = function(self.memory, *arguments, buffer, room, length)
            if status != Status.BUFFER_TOO_SMALL:
                self._open.check(status, "composing a text")
                return buffer.raw[: length.value]
            room = length.value

    def __enter__(self) -> "Exchange":
        self._open
        return self

    def __exit__(self, *_) -> None:
        self.end()

    def __del__(self):
        self.end()
