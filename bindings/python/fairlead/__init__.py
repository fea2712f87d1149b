# Fairlead: the Python binding, whole
# SPDX-License-Identifier: Apache-2.0
"""Fairlead tells a proxy or a client where each request goes, and learns from what became of it.

    engine = fairlead.Engine.from_file("envoy.yaml")
    worker = engine.make_worker()                          # one for each thread
    request = fairlead.Request("/cart", authority="shop.example")
    with worker.begin(request) as exchange:
        while (attempt := exchange.pick()) is not None:
            status = send(attempt.endpoint.address)        # the program's own I/O
            verdict = attempt.report(status=status)
            if not verdict.retry:
                break
            time.sleep(verdict.delay_seconds)

It is a thin layer over libfairlead (see `fairlead.library` for how that is found) and needs nothing but Python's
standard library. The headers in `include/` say in full what each call does.

Texts are `str` in UTF-8; bytes that are not UTF-8 travel unchanged as surrogate escapes, both ways. Durations are
seconds, unless a name ends in `_ns`. What the engine answers is copied, and stays readable for ever.
"""

from .attempt import Attempt, Endpoint, Verdict
from .constants import (
    ABI_VERSION,
    Direction,
    Disposition,
    EndpointFlags,
    FactSource,
    Features,
    Format,
    HeaderAction,
    Health,
    OutcomeKind,
    PickResult,
    RequestFlags,
    Resource,
    RouteFlags,
    Severity,
    Status,
)
from .engine import Engine, Publication, Statistics
from .errors import (
    BusyError,
    ConfigurationError,
    FairleadError,
    InvalidArgumentError,
    LibraryMismatchError,
    LibraryNotFoundError,
    NotFoundError,
    NotOpenError,
    Problem,
    StatusError,
)
from .exchange import Exchange
from .fact import Address, Fact
from .library import Library, default_library
from .request import Request
from .route import HeaderMutation, Route
from .update import Update
from .worker import Worker

__all__ = [
    "ABI_VERSION",
    "Address",
    "Attempt",
    "BusyError",
    "ConfigurationError",
    "Direction",
    "Disposition",
    "Endpoint",
    "EndpointFlags",
    "Engine",
    "Exchange",
    "Fact",
    "FactSource",
    "FairleadError",
    "Features",
    "Format",
    "HeaderAction",
    "HeaderMutation",
    "Health",
    "InvalidArgumentError",
    "Library",
    "LibraryMismatchError",
    "LibraryNotFoundError",
    "NotFoundError",
    "NotOpenError",
    "OutcomeKind",
    "PickResult",
    "Problem",
    "Publication",
    "Request",
    "RequestFlags",
    "Resource",
    "Route",
    "RouteFlags",
    "Severity",
    "Statistics",
    "Status",
    "StatusError",
    "Update",
    "Verdict",
    "Worker",
    "default_library",
]
