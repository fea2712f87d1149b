# Fairlead: what a program knows of a request beyond its head
# SPDX-License-Identifier: Apache-2.0

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass

from . import structs
from .constants import FactSource, ValueKind
from .text import encoded, lend


@dataclass(frozen=True)
class Address:
    """An IP address as filter state holds one: text without a port."""

    text: str | bytes


@dataclass(frozen=True)
class Fact:
    """One fact: a value of dynamic metadata that is no structure, or an object of filter state."""

    source: FactSource
    name: str | bytes
    """The filter's name, or the key."""
    path: tuple
    """The names that lead from the filter to the value."""
    value: object
    """None, a bool, a number, a str, bytes, a list or tuple of such, a mapping without anything in it, an Address."""

    @classmethod
    def metadata(cls, name, values: Mapping) -> tuple["Fact", ...]:
        """The facts of what the filter called `name` wrote: mappings in mappings."""
        return tuple(cls(FactSource.METADATA, name, path, value) for path, value in _leaves((), values))

    @classmethod
    def filter_state(cls, key, value) -> tuple["Fact", ...]:
        """The object called `key`: a text, or an Address."""
        return (cls(FactSource.FILTER_STATE, key, (), value),)


def _leaves(path, value):
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves((*path, name), inner)
    else:
        yield path, value


class FactArray:
    """Facts as the library reads them. The struct of a request borrows from it."""

    def __init__(self, facts):
        self._kept = []
        self.count = len(facts)
        self.array = (structs.Fact * len(facts))(*(self._fact(fact) for fact in facts))

    def _fact(self, fact):
        path = (structs.Bytes * len(fact.path))(*(self._text(name, "a name of a fact's path") for name in fact.path))
        self._kept.append(path)
        return structs.Fact(
            source=int(fact.source),
            name=self._text(fact.name, "a fact's name"),
            path=ctypes.cast(path, ctypes.POINTER(structs.Bytes)) if fact.path else None,
            path_count=len(fact.path),
            value=self._value(fact.value),
        )

    def _text(self, text, name):
        raw = encoded(text, name)
        self._kept.append(raw)
        return lend(raw)

    def _value(self, value):
        if value is None:
            return structs.Value(kind=ValueKind.NULL)
        if isinstance(value, bool):
            return structs.Value(kind=ValueKind.BOOL, flag=int(value))
        if isinstance(value, (int, float)):
            return structs.Value(kind=ValueKind.NUMBER, number=float(value))
        if isinstance(value, Address):
            return structs.Value(kind=ValueKind.ADDRESS, text=self._text(value.text, "an address"))
        if isinstance(value, (list, tuple)):
            items = (structs.Value * len(value))(*(self._value(item) for item in value))
            self._kept.append(items)
            return structs.Value(
                kind=ValueKind.LIST,
                items=ctypes.cast(items, ctypes.POINTER(structs.Value)) if len(value) else None,
                item_count=len(value),
            )
        if isinstance(value, Mapping):
            return structs.Value(kind=ValueKind.STRUCTURE)
        return structs.Value(kind=ValueKind.TEXT, text=self._text(value, "a fact's value"))
