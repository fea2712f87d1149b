# Fairlead: what the route of an exchange says
# SPDX-License-Identifier: Apache-2.0

from dataclasses import dataclass

from . import structs
from .constants import NEVER, Disposition, HeaderAction, RouteFlags
from .text import copied, seconds, values_of


@dataclass(frozen=True)
class Route:
    """What the route of an exchange says. A copy, which stays readable after the exchange's end."""

    disposition: Disposition
    flags: RouteFlags
    status: int
    """The HTTP status to answer with when nothing is forwarded; 0 when the exchange forwards."""
    cluster_not_found_status: int
    """The HTTP status to answer with when the cluster does not exist."""
    priority: int
    """Which circuit breakers and connection pools are used: 0 normal, 1 high."""
    table: str | None
    """The name of the route table; None when there is no such table."""
    virtual_host: str | None
    """The name of the virtual host; None when none was found."""
    name: str | None
    """The name of the route, which may be empty; None when none was found."""
    cluster: str | None
    """The name of the cluster; None when the exchange does not forward, or when the cluster does not exist."""
    body: bytes | None
    """The body of a direct response; None for everything else."""
    timeout_seconds: float
    """How long the exchange may take once the request is complete; 0 for ever."""
    idle_timeout_seconds: float | None
    """How long the stream may be idle; 0 for ever, None for as long as the listener says."""
    per_try_timeout_seconds: float
    """How long one attempt may take; 0 for no limit of its own."""
    hash: int
    """The request's hash by the route's hash policies; random bits when there was none."""
    body_content_type: str | None
    """The content type of a body that is composed; None for plain text."""


@dataclass(frozen=True)
class HeaderMutation:
    """One change to the headers."""

    action: HeaderAction
    name: str
    """In lower case."""
    value: str | None
    """None for HeaderAction.REMOVE, and for a value that is composed for each request."""
    keeps_empty_value: bool
    """Whether the line is added even if its value comes out empty."""
    level: int
    """Which level it is from: conditions are tested on the headers from before the level's first addition."""
    format: int
    """0 when `value` is the value; otherwise it has substitution commands, and is composed by the library."""


def route_of(struct: structs.Route) -> Route:
    """A copy of what the library lends."""
    return Route(
        **values_of(
            struct,
            disposition=Disposition,
            flags=RouteFlags,
            body=copied,
            idle_timeout_ns=lambda value: None if value == NEVER else seconds(value),
        )
    )


def mutation_of(struct: structs.HeaderMutation) -> HeaderMutation:
    """A copy of what the library lends."""
    return HeaderMutation(**values_of(struct, action=HeaderAction, keeps_empty_value=bool))
