# Fairlead: an attempt, one try to reach an endpoint
# SPDX-License-Identifier: Apache-2.0

import ctypes
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from . import structs
from .constants import EndpointFlags, Health, OutcomeFlags, OutcomeKind, Status
from .errors import NotOpenError
from .request import HeaderArray, Request, Text
from .text import unsigned, values_of

if TYPE_CHECKING:
    from .exchange import Exchange
    from .library import Library
    from .worker import Worker


@dataclass(frozen=True)
class Endpoint:
    """The endpoint of an attempt. A copy, which stays readable after the attempt was reported."""

    flags: EndpointFlags
    id: int
    """Names the endpoint as long as the engine lives, and no other: a good key for connection pools."""
    address: str
    """"10.0.0.9:80", "[::1]:80", or the path of a Unix socket."""
    host: str
    """The address without its port and without brackets."""
    hostname: str | None
    """The host name, for host rewrites and TLS; None when there is none."""
    region: str | None
    zone: str | None
    sub_zone: str | None
    cluster: str
    port: int
    """0 for a Unix socket."""
    weight: int
    priority: int
    """0 first."""
    health: Health
    connect_timeout_seconds: float
    """How long a connection to it may take."""
    attempt_number: int
    """The number of the attempt in its exchange, from 1."""
    active_requests: int
    """Requests that were open on it at that moment, over all workers, this attempt included."""


class Verdict(NamedTuple):
    """What to do after an attempt was reported."""

    retry: bool
    """Whether to pick again."""
    delay_seconds: float
    """How long to wait before that."""


class Attempt:
    """One try to reach an endpoint, from `Exchange.pick` to `report`. After that, and after the end of its exchange,
    every question raises NotOpenError. An attempt that is forgotten counts as cancelled."""

    def __init__(self, worker: "Worker", exchange: "Exchange", memory: structs.Attempt):
        self._worker: Worker | None = worker
        self._exchange = exchange
        self._memory = memory

    @property
    def endpoint(self) -> Endpoint:
        """The endpoint, and its load at this moment."""
        struct = structs.Endpoint()
        library = self._library
        library.check(library.fl_attempt_endpoint(self._memory, struct), "reading an endpoint")
        return Endpoint(**values_of(struct, flags=EndpointFlags, health=Health))

    @property
    def authority(self) -> str | None:
        """The authority that goes to this endpoint: its host name where the route wants that, else as
        `Exchange.authority`."""
        library = self._library
        library.check(library.fl_attempt_endpoint(self._memory, structs.Endpoint()), "reading an endpoint")
        return self._exchange.authority_for(self._memory)

    def report(
        self,
        status: int | None = None,
        *,
        kind: OutcomeKind = OutcomeKind.RESPONSE,
        request_sent: bool | None = None,
        may_retry: bool = True,
        headers: Mapping[Text, Text] | Iterable[tuple[Text, Text]] = (),
        request: Request | None = None,
        unix_seconds: int | None = None,
    ) -> Verdict:
        """Reports what became of the attempt, and asks whether to try again. The attempt is closed.

        - `status`: the HTTP status of a response; only for OutcomeKind.RESPONSE, and needed there.
        - `kind`: how else it ended, such as OutcomeKind.CONNECT_FAILURE.
        - `request_sent`: whether bytes of the request had been given to the endpoint; by default for all kinds but
          CONNECT_FAILURE and OVERFLOW.
        - `may_retry`: whether the program could make another attempt: nothing of a response was passed on, and the
          request's body is at hand.
        - `headers`: the header lines of a response, which retries may depend on.
        - `request`: the request, if it is an internal one that may name statuses and headers itself.
        - `unix_seconds`: the time of day, for responses that name the time to come again; by default that of now.

        After a detach and the end of the exchange there is nothing to retry.
        """
        kind = OutcomeKind(kind)
        if (status is None) == (kind == OutcomeKind.RESPONSE):
            raise ValueError("a response has a status, and nothing else has one")
        if request_sent is None:
            request_sent = kind not in (OutcomeKind.CONNECT_FAILURE, OutcomeKind.OVERFLOW)
        lines = HeaderArray(headers)
        outcome = structs.Outcome(
            kind=unsigned(kind, 32, "kind"),
            status=0 if status is None else unsigned(status, 16, "status"),
            flags=OutcomeFlags.REQUEST_SENT * bool(request_sent) | OutcomeFlags.MAY_RETRY * bool(may_retry),
            headers=lines.pointer,
            header_count=lines.count,
            request=None if request is None else ctypes.pointer(request.struct),
            unix_seconds=int(time.time()) if unix_seconds is None else unsigned(unix_seconds, 64, "unix_seconds"),
        )
        verdict = structs.Verdict()
        library = self._library
        library.check(library.fl_attempt_report(self._memory, outcome, verdict), "reporting an attempt")
        self._close()
        return Verdict(bool(verdict.retry), verdict.delay_ns / 1e9)

    def detach(self) -> None:
        """Gives up the snapshot that the attempt holds: for streams that last. It still has to be reported, also after
        the end of its exchange; its endpoint cannot be asked for any more. A second call does nothing."""
        library = self._library
        library.check(library.fl_attempt_detach(self._memory), "detaching an attempt")

    @property
    def _library(self) -> "Library":
        """The library, unless the worker's memory may not be touched; the library knows what is open."""
        if self._worker is None or self._worker.is_closed:
            raise NotOpenError(Status.ATTEMPT_NOT_OPEN, "the attempt was reported, or its exchange has ended")
        return self._worker.library

    def _close(self) -> None:
        self._exchange.forget(self._memory)
        self._worker = None

    def __del__(self):
        if self._worker is not None and not self._worker.is_closed:
            outcome = structs.Outcome(kind=OutcomeKind.CANCELLED)
            self._worker.library.fl_attempt_report(self._memory, outcome, None)
            self._close()
