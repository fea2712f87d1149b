# Fairlead: the structs of the C interface, as ctypes reads them
# SPDX-License-Identifier: Apache-2.0
"""Each class is the struct of the same name in `include/fairlead/*.h`: its fields in the same order and of the same
sizes, which the tests hold against the headers. A struct that begins with `struct_size` has it set when it is made."""

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int32, c_size_t, c_uint32, c_uint64, c_void_p

Status = c_int32
Handle = c_void_p


class Bytes(ctypes.Structure):
    """`fl_bytes`: an address (None: missing) and a size. Whoever fills it keeps the bytes alive."""

    _fields_ = [("data", c_void_p), ("size", c_size_t)]


class Header(ctypes.Structure):
    """`fl_header`"""

    _fields_ = [("name", Bytes), ("value", Bytes)]


class Sized(ctypes.Structure):
    """A struct that can grow at its end: it tells how large it is here."""

    def __init__(self, **fields):
        super().__init__(struct_size=ctypes.sizeof(self), **fields)


class EngineOptions(Sized):
    """`fl_engine_options`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("abi_version", c_uint32),
        ("seed", c_uint64),
        ("maximum_workers", c_uint32),
        ("reserved", c_uint32),
        ("region", Bytes),
        ("zone", Bytes),
        ("sub_zone", Bytes),
        ("maximum_endpoints_per_cluster", c_uint64),
        ("maximum_routes_per_virtual_host", c_uint64),
        ("local_cluster", Bytes),
    ]


class Document(Sized):
    """`fl_document`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("format", c_uint32),
        ("flags", c_uint32),
        ("reserved", c_uint32),
        ("content", Bytes),
        ("file", Bytes),
    ]


class Error(Sized):
    """`fl_error`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("severity", c_uint32),
        ("code", Bytes),
        ("path", Bytes),
        ("message", Bytes),
        ("file", Bytes),
        ("line", c_uint32),
        ("column", c_uint32),
        ("text", Bytes),
    ]


class Value(ctypes.Structure):
    """`fl_value`"""


Value._fields_ = [
    ("kind", c_uint32),
    ("flag", c_uint32),
    ("number", c_double),
    ("text", Bytes),
    ("items", POINTER(Value)),
    ("item_count", c_size_t),
]


class Fact(ctypes.Structure):
    """`fl_fact`"""

    _fields_ = [
        ("source", c_uint32),
        ("reserved", c_uint32),
        ("name", Bytes),
        ("path", POINTER(Bytes)),
        ("path_count", c_size_t),
        ("value", Value),
    ]


class Request(Sized):
    """`fl_request`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("method", Bytes),
        ("scheme", Bytes),
        ("authority", Bytes),
        ("path", Bytes),
        ("headers", POINTER(Header)),
        ("header_count", c_size_t),
        ("source", Bytes),
        ("destination", Bytes),
        ("random", c_uint64),
        ("facts", POINTER(Fact)),
        ("fact_count", c_size_t),
    ]


class Exchange(ctypes.Structure):
    """`fl_exchange`: memory that only the library reads and writes, and that stays where it is."""

    _fields_ = [("opaque", c_uint64 * 48)]


class Attempt(ctypes.Structure):
    """`fl_attempt`: memory that only the library reads and writes, and that stays where it is."""

    _fields_ = [("opaque", c_uint64 * 16)]


class Endpoint(Sized):
    """`fl_endpoint`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("flags", c_uint32),
        ("id", c_uint64),
        ("address", Bytes),
        ("host", Bytes),
        ("hostname", Bytes),
        ("region", Bytes),
        ("zone", Bytes),
        ("sub_zone", Bytes),
        ("cluster", Bytes),
        ("port", c_uint32),
        ("weight", c_uint32),
        ("priority", c_uint32),
        ("health", c_uint32),
        ("connect_timeout_ns", c_uint64),
        ("attempt_number", c_uint32),
        ("active_requests", c_uint32),
    ]


class Outcome(Sized):
    """`fl_outcome`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("kind", c_uint32),
        ("status", c_uint32),
        ("flags", c_uint32),
        ("headers", POINTER(Header)),
        ("header_count", c_size_t),
        ("request", POINTER(Request)),
        ("unix_seconds", c_uint64),
    ]


class Verdict(Sized):
    """`fl_verdict`"""

    _fields_ = [("struct_size", c_uint32), ("retry", c_uint32), ("delay_ns", c_uint64)]


class Route(Sized):
    """`fl_route`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("disposition", c_uint32),
        ("flags", c_uint32),
        ("status", c_uint32),
        ("cluster_not_found_status", c_uint32),
        ("priority", c_uint32),
        ("table", Bytes),
        ("virtual_host", Bytes),
        ("name", Bytes),
        ("cluster", Bytes),
        ("body", Bytes),
        ("timeout_ns", c_uint64),
        ("idle_timeout_ns", c_uint64),
        ("per_try_timeout_ns", c_uint64),
        ("hash", c_uint64),
        ("body_content_type", Bytes),
    ]


class HeaderMutation(Sized):
    """`fl_header_mutation`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("action", c_uint32),
        ("name", Bytes),
        ("value", Bytes),
        ("keeps_empty_value", c_uint32),
        ("level", c_uint32),
        ("format", c_uint64),
    ]


class Statistics(Sized):
    """`fl_statistics`"""

    _fields_ = [
        ("struct_size", c_uint32),
        ("workers", c_uint32),
        ("generation", c_uint64),
        ("live_snapshots", c_uint64),
        ("blocks", c_uint64),
        ("block_bytes", c_uint64),
        ("root_bytes", c_uint64),
        ("retired_parts", c_uint64),
        ("endpoint_slots", c_uint64),
        ("slot_bytes", c_uint64),
        ("clusters", c_uint64),
        ("route_tables", c_uint64),
        ("virtual_hosts", c_uint64),
        ("exchanges", c_uint64),
        ("no_route", c_uint64),
        ("picks", c_uint64),
        ("no_endpoint", c_uint64),
        ("retries", c_uint64),
        ("retry_overflow", c_uint64),
        ("adoptions", c_uint64),
        ("policy_faults", c_uint64),
    ]


STRUCTS = {
    "fl_bytes": Bytes,
    "fl_header": Header,
    "fl_engine_options": EngineOptions,
    "fl_document": Document,
    "fl_error": Error,
    "fl_value": Value,
    "fl_fact": Fact,
    "fl_request": Request,
    "fl_exchange": Exchange,
    "fl_attempt": Attempt,
    "fl_endpoint": Endpoint,
    "fl_outcome": Outcome,
    "fl_verdict": Verdict,
    "fl_route": Route,
    "fl_header_mutation": HeaderMutation,
    "fl_statistics": Statistics,
}
"""The class of each struct by its name in C."""
