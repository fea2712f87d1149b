# Fairlead: texts and numbers on their way to the library and back
# SPDX-License-Identifier: Apache-2.0

import ctypes

from .structs import Bytes


def encoded(value: str | bytes, name: str) -> bytes:
    """The bytes of a text; `name` is for the message of a TypeError."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"{name} has to be str or bytes, not {type(value).__name__}")


def lend(raw: bytes | None) -> Bytes:
    """Borrows bytes, which the caller keeps for as long as the result is used; None is missing."""
    if raw is None:
        return Bytes(None, 0)
    return Bytes(ctypes.cast(raw, ctypes.c_void_p), len(raw))


def copied(borrowed: Bytes) -> bytes | None:
    """A copy of what the library lends; None for what is missing."""
    return None if borrowed.data is None else ctypes.string_at(borrowed.data, borrowed.size)


def decoded(borrowed: Bytes) -> str | None:
    """The text that the library lends; None for what is missing."""
    raw = copied(borrowed)
    return None if raw is None else raw.decode("utf-8", "surrogateescape")


def unsigned(value: int, bits: int, name: str) -> int:
    """The number itself when it fits into so many bits; C would cut it in silence."""
    if not isinstance(value, int):
        raise TypeError(f"{name} has to be a whole number, not {type(value).__name__}")
    if not 0 <= value < 1 << bits:
        raise ValueError(f"{name} has to be between 0 and 2**{bits} - 1, not {value}")
    return int(value)


def values_of(struct: ctypes.Structure, **conversions) -> dict[str, object]:
    """The fields of a struct that the library filled, as plain values: texts copied, nanoseconds as seconds (and
    renamed so), anything in `conversions` by that function."""
    values = {}
    for name, kind in struct._fields_:
        if name in ("struct_size", "reserved"):
            continue
        value = getattr(struct, name)
        if name in conversions:
            value = conversions[name](value)
        elif kind is Bytes:
            value = decoded(value)
        elif name.endswith("_ns"):
            value = seconds(value)
        values[field_name(name)] = value
    return values


def seconds(nanoseconds: int) -> float:
    """Nanoseconds as seconds."""
    return nanoseconds / 1e9


def field_name(name: str) -> str:
    """What a field of C is called here: "timeout_ns" is "timeout_seconds"."""
    return name.removesuffix("_ns") + "_seconds" if name.endswith("_ns") else name
