# Fairlead: one request, as the program received it
# SPDX-License-Identifier: Apache-2.0

import ctypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import structs
from .constants import RequestFlags
from .fact import Fact, FactArray
from .text import encoded, lend, unsigned

Text = str | bytes


class HeaderArray:
    """Header lines as the library reads them; they live as long as this does."""

    def __init__(self, headers: Mapping[Text, Text] | Iterable[tuple[Text, Text]]):
        lines = headers.items() if isinstance(headers, Mapping) else headers
        self.lines = tuple((name, value) for name, value in lines)
        self._raw = [
            (encoded(name, "a header's name"), encoded(value, "a header's value")) for name, value in self.lines
        ]
        self.count = len(self._raw)
        self._array = (structs.Header * self.count)(
            *(structs.Header(lend(name), lend(value)) for name, value in self._raw)
        )

    @property
    def pointer(self):
        """Where they lie; None when there are none."""
        return ctypes.cast(self._array, ctypes.POINTER(structs.Header)) if self.count else None


@dataclass(frozen=True)
class Request:
    """One request, as the program's parser found it. A value: it can be used again and by several threads.

    The engine routes what it is given. What Envoy's connection manager does before it routes is the program's: refusing
    malformed requests, joining repeated header lines, setting x-forwarded-proto and the like.
    """

    path: Text | None
    """The target with its query, "/a?b=c"; None for a plain CONNECT."""
    authority: Text | None = None
    """The :authority or Host as received; None when there was none (then the answer is 400)."""
    method: Text = "GET"
    scheme: Text | None = None
    """"http" or "https"; None counts as http."""
    headers: Mapping[Text, Text] | Iterable[tuple[Text, Text]] = ()
    """The header lines, without pseudo-headers and without Host: names in any case, values without blanks around."""
    source: Text | None = None
    """The client's address with its port, "10.0.0.1:4711"; None when not known."""
    destination: Text | None = None
    """The local address that the client came in on, with its port; None when not known."""
    flags: RequestFlags = RequestFlags(0)
    """Facts about the connection. HAS_RANDOM is set by itself."""
    random: int | None = None
    """The request's own 64 random bits, to have it decided the same way again; None lets the worker draw some."""
    facts: Iterable[Fact] = ()
    """What the program knows beyond the head: see `Fact.metadata` and `Fact.filter_state`."""

    def __post_init__(self):
        headers = HeaderArray(self.headers)
        object.__setattr__(self, "headers", headers.lines)
        texts = {
            name: None if getattr(self, name) is None else encoded(getattr(self, name), name)
            for name in ("method", "scheme", "authority", "path", "source", "destination")
        }
        flags = unsigned(self.flags, 32, "flags") & ~RequestFlags.HAS_RANDOM
        if self.random is not None:
            flags |= RequestFlags.HAS_RANDOM
        object.__setattr__(self, "facts", tuple(self.facts))
        facts = FactArray(self.facts)
        struct = structs.Request(
            flags=flags,
            headers=headers.pointer,
            header_count=headers.count,
            random=0 if self.random is None else unsigned(self.random, 64, "random"),
            facts=ctypes.cast(facts.array, ctypes.POINTER(structs.Fact)) if facts.count else None,
            fact_count=facts.count,
            **{name: lend(text) for name, text in texts.items()},
        )
        # The struct borrows from the rest.
        object.__setattr__(self, "_memory", (struct, headers, texts, facts))

    @property
    def struct(self) -> structs.Request:
        """The library's view of the request, which lives as long as the request."""
        return self._memory[0]
