# Fairlead: the functions of the C interface, as ctypes calls them
# SPDX-License-Identifier: Apache-2.0
"""What each function takes and answers, by its name: `(result, arguments)`. The tests hold it against the headers."""

from ctypes import POINTER, c_char_p, c_size_t, c_uint32, c_uint64, c_void_p

from . import structs
from .structs import Handle, Status

# The control side takes a lock and its time: Python's own lock is free meanwhile.
CONTROL = {
    "fl_version": (c_uint32, []),
    "fl_version_text": (c_char_p, []),
    "fl_abi_version": (c_uint32, []),
    "fl_supported_features": (c_uint64, []),
    "fl_status_text": (c_char_p, [Status]),
    "fl_error_list_count": (c_size_t, [Handle]),
    "fl_error_list_get": (Status, [Handle, c_size_t, POINTER(structs.Error)]),
    "fl_error_list_destroy": (None, [Handle]),
    "fl_engine_create": (Status, [POINTER(structs.EngineOptions), POINTER(Handle)]),
    "fl_engine_destroy": (None, [Handle]),
    "fl_engine_load": (Status, [Handle, POINTER(structs.Document), POINTER(c_uint64), POINTER(Handle)]),
    "fl_engine_apply": (Status, [Handle, Handle, POINTER(c_uint64), POINTER(Handle)]),
    "fl_engine_check": (Status, [Handle, Handle, POINTER(Handle)]),
    "fl_engine_poll": (Status, [Handle, c_uint64, POINTER(c_uint64)]),
    "fl_engine_route_table": (Status, [Handle, structs.Bytes, POINTER(c_uint32)]),
    "fl_engine_load_plugin": (Status, [Handle, structs.Bytes, POINTER(Handle)]),
    "fl_engine_after_fork": (Status, [Handle, Handle]),
    "fl_engine_statistics": (Status, [Handle, POINTER(structs.Statistics)]),
    "fl_resource_of_type_url": (Status, [structs.Bytes, POINTER(c_uint32)]),
    "fl_update_create": (Status, [Handle, POINTER(Handle)]),
    "fl_update_add": (Status, [Handle, c_uint32, POINTER(structs.Document)]),
    "fl_update_remove": (Status, [Handle, c_uint32, structs.Bytes]),
    "fl_update_remove_everything": (Status, [Handle]),
    "fl_update_destroy": (None, [Handle]),
    "fl_worker_create": (Status, [Handle, POINTER(Handle)]),
    "fl_worker_destroy": (Status, [Handle]),
}

_exchange = POINTER(structs.Exchange)
_attempt = POINTER(structs.Attempt)
_request = POINTER(structs.Request)
_length = POINTER(c_size_t)

# Decisions are short and never wait: Python's lock is held, which also keeps two threads of a program that share a
# worker by mistake from being inside of it at once.
DECISIONS = {
    "fl_worker_refresh": (c_uint64, [Handle]),
    "fl_worker_generation": (c_uint64, [Handle]),
    "fl_worker_open": (c_uint64, [Handle]),
    "fl_exchange_begin": (Status, [_exchange, Handle, c_uint32, _request]),
    "fl_exchange_begin_cluster": (Status, [_exchange, Handle, structs.Bytes, POINTER(c_uint64)]),
    "fl_exchange_disposition": (c_uint32, [_exchange]),
    "fl_exchange_attempts": (c_uint32, [_exchange]),
    "fl_exchange_extend_tried": (Status, [_exchange, POINTER(c_size_t), c_size_t]),
    "fl_exchange_end": (Status, [_exchange]),
    "fl_exchange_route": (Status, [_exchange, POINTER(structs.Route)]),
    "fl_exchange_copy_path": (Status, [_exchange, _request, c_char_p, c_size_t, _length]),
    "fl_exchange_copy_authority": (Status, [_exchange, _request, _attempt, c_char_p, c_size_t, _length]),
    "fl_exchange_copy_location": (Status, [_exchange, _request, c_char_p, c_size_t, _length]),
    "fl_exchange_copy_body": (Status, [_exchange, _request, c_void_p, c_char_p, c_size_t, _length]),
    "fl_exchange_copy_set_cookie": (Status, [_exchange, c_char_p, c_size_t, _length]),
    "fl_exchange_next_header_mutation": (
        Status,
        [_exchange, c_uint32, POINTER(c_uint64), POINTER(structs.HeaderMutation)],
    ),
    "fl_exchange_pick": (Status, [_exchange, _attempt, POINTER(c_uint32)]),
    "fl_attempt_endpoint": (Status, [_attempt, POINTER(structs.Endpoint)]),
    "fl_attempt_report": (Status, [_attempt, POINTER(structs.Outcome), POINTER(structs.Verdict)]),
    "fl_attempt_detach": (Status, [_attempt]),
}
