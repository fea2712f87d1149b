# Fairlead: what can go wrong
# SPDX-License-Identifier: Apache-2.0
"""The exceptions of this package, all of them FairleadError."""

from dataclasses import dataclass

from .constants import Severity, Status


class FairleadError(Exception):
    """Anything that this package raises on its own account."""


class LibraryNotFoundError(FairleadError, OSError):
    """There is no libfairlead where it was looked for; the message names all the places."""


class LibraryMismatchError(FairleadError):
    """The library has another binary interface than this package, or lacks a function that was called."""


class StatusError(FairleadError):
    """A call failed; `status` says how."""

    def __init__(self, status: Status, message: str):
        super().__init__(message)
        self.status = status


class NotOpenError(StatusError):
    """An engine, worker, exchange or attempt was used after its end, or an attempt's endpoint after it was detached."""


class BusyError(StatusError):
    """A worker cannot be closed while an exchange, or a detached attempt, of it is open."""


class NotFoundError(StatusError, LookupError):
    """Nothing is called so."""


class InvalidArgumentError(StatusError, ValueError):
    """The library refused an argument."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a configuration, and where."""

    severity: Severity
    """WARNING: worth knowing, the configuration is taken. ERROR: it is refused."""
    code: str
    """What kind of thing it is, stable across versions: "unknown-field". The set is open."""
    path: str
    """Where it is in Envoy's schema: "clusters[3].load_assignment.endpoints[0]"; empty for the whole."""
    message: str
    """A sentence for people."""
    file: str | None
    """The name of the file, if one was given."""
    line: int
    """The line, from 1; 0 when not known, as for protobuf."""
    column: int
    """The column, from 1; 0 when not known."""
    text: str
    """All of it in one line: "envoy.yaml:12:7: error: clusters[3].name: is missing [missing-field]"."""

    def __str__(self) -> str:
        return self.text


class ConfigurationError(StatusError):
    """A configuration was refused, and nothing has changed. `problems` has everything that is wrong with it, warnings
    included; the message has a line for each."""

    def __init__(self, problems: tuple[Problem, ...]):
        super().__init__(Status.CONFIGURATION, "\n".join(problem.text for problem in problems))
        self.problems = problems


_CLASSES = {
    Status.INVALID_ARGUMENT: InvalidArgumentError,
    Status.EXCHANGE_NOT_OPEN: NotOpenError,
    Status.ATTEMPT_NOT_OPEN: NotOpenError,
    Status.ATTEMPT_DETACHED: NotOpenError,
    Status.BUSY: BusyError,
    Status.NOT_FOUND: NotFoundError,
}


def error_of(status: int, text: str, what: str) -> StatusError:
    """The exception for a status that is no success; `what` says what was tried, `text` what the library says of it."""
    known = Status(status)
    return _CLASSES.get(known, StatusError)(known, f"{what}: {text}")
