# Fairlead: the numbers of the C interface, by name
# SPDX-License-Identifier: Apache-2.0
"""The enumerations of `include/fairlead/*.h`. They are open: later libraries may answer numbers that this package does
not know, which become members called `UNKNOWN_<number>`."""

import enum

ABI_VERSION = 1
"""The version of the binary interface that this package is written for (FL_ABI_VERSION)."""

NEVER = 2**64 - 1
"""FL_NEVER, FL_TIMEOUT_UNSET: the largest number of nanoseconds, which stands for none."""


class _Open(enum.IntEnum):
    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member


class Status(_Open):
    """How a call went (`fl_status`)."""

    OK = 0
    DONE = 1
    INVALID_ARGUMENT = -101
    STRUCT_SIZE = -102
    ABI_VERSION = -103
    BUFFER_TOO_SMALL = -104
    EXCHANGE_OPEN = -201
    EXCHANGE_NOT_OPEN = -202
    ATTEMPT_OPEN = -203
    ATTEMPT_NOT_OPEN = -204
    ATTEMPT_DETACHED = -205
    BUSY = -206
    CONFIGURATION = -301
    UNKNOWN_RESOURCE_TYPE = -302
    NOT_FOUND = -303
    NAME_TAKEN = -304
    STALE = -305
    PUBLISHED = -306
    PLUGIN = -307
    TOO_MANY_WORKERS = -401


class Severity(_Open):
    """How bad a problem of a configuration is (`fl_severity`)."""

    WARNING = 0
    ERROR = 1


class Format(_Open):
    """The notation of a document (`fl_format`). AUTO goes by the end of the file's name, else by the first bytes."""

    AUTO = 0
    YAML = 1
    JSON = 2
    PROTOBUF = 3


class DocumentFlags(enum.IntFlag):
    """How a document is read (`fl_document_flags`)."""

    STRICT = 1 << 0


class Resource(_Open):
    """The types of resources that an update can change (`fl_resource`)."""

    LISTENER = 1
    ROUTE_CONFIGURATION = 2
    CLUSTER = 3
    ENDPOINTS = 4
    RUNTIME = 5


class RequestFlags(enum.IntFlag):
    """Facts about a request (`fl_request_flags`)."""

    CERTIFICATE_PRESENTED = 1 << 0
    CERTIFICATE_VALIDATED = 1 << 1
    INTERNAL = 1 << 2
    HAS_RANDOM = 1 << 3
    ENCRYPTED = 1 << 4
    UNKNOWN = 1 << 5


class Disposition(_Open):
    """How an exchange goes on after its begin (`fl_disposition`)."""

    NO_ROUTE = 0
    FORWARD = 1
    REDIRECT = 2
    DIRECT_RESPONSE = 3
    TLS_REDIRECT = 4
    NON_FORWARDING = 5
    BAD_REQUEST = 6


class RouteFlags(enum.IntFlag):
    """Facts about a route (`fl_route_flags`)."""

    HOST_FROM_ENDPOINT = 1 << 0
    APPENDS_FORWARDED_HOST = 1 << 1
    REQUEST_ATTEMPT_COUNT = 1 << 2
    RESPONSE_ATTEMPT_COUNT = 1 << 3
    HAS_RETRY_POLICY = 1 << 4
    COMPOSES_BODY = 1 << 5
    FOLLOWS_REDIRECTS = 1 << 6


class Direction(_Open):
    """Whose headers are meant (`fl_direction`)."""

    REQUEST = 0
    RESPONSE = 1


class HeaderAction(_Open):
    """What a header mutation does (`fl_header_action`)."""

    APPEND = 0
    ADD_IF_ABSENT = 1
    OVERWRITE_OR_ADD = 2
    OVERWRITE = 3
    REMOVE = 16


class PickResult(_Open):
    """What a pick came to (`fl_pick`)."""

    ENDPOINT = 0
    CLUSTER_NOT_FOUND = 1
    NO_ENDPOINT = 2
    DROPPED = 3
    NOT_FORWARDING = 4
    OVERFLOW = 5


class Health(_Open):
    """What the control plane says of an endpoint (`fl_health`); UNKNOWN counts as healthy."""

    UNKNOWN = 0
    HEALTHY = 1
    UNHEALTHY = 2
    DRAINING = 3
    TIMEOUT = 4
    DEGRADED = 5


class EndpointFlags(enum.IntFlag):
    """Facts about an attempt's endpoint (`fl_endpoint_flags`)."""

    PANIC = 1 << 0


class OutcomeKind(_Open):
    """How an attempt ended (`fl_outcome_kind`)."""

    RESPONSE = 0
    CONNECT_FAILURE = 1
    RESET = 2
    REFUSED_STREAM = 3
    PER_TRY_TIMEOUT = 4
    TIMEOUT = 5
    CANCELLED = 6
    OVERFLOW = 7


class OutcomeFlags(enum.IntFlag):
    """Facts about an outcome (`fl_outcome_flags`)."""

    REQUEST_SENT = 1 << 0
    MAY_RETRY = 1 << 1


class Features(enum.IntFlag):
    """What a library can do (`fl_features`)."""

    YAML = 1 << 0
    JSON = 1 << 1
    PROTOBUF = 1 << 2
    RE2 = 1 << 3
    C_POLICIES = 1 << 4


class ValueKind(_Open):
    """What a value of a fact is (`fl_value_kind`)."""

    NULL = 0
    BOOL = 1
    NUMBER = 2
    TEXT = 3
    LIST = 4
    STRUCTURE = 5
    ADDRESS = 6


class FactSource(_Open):
    """Where a fact comes from (`fl_fact_source`)."""

    METADATA = 0
    FILTER_STATE = 1


ENUMERATIONS = {
    "fl_status": ("FL_ERROR_ FL_", Status),
    "fl_severity": ("FL_SEVERITY_", Severity),
    "fl_format": ("FL_FORMAT_", Format),
    "fl_document_flags": ("FL_DOCUMENT_", DocumentFlags),
    "fl_resource": ("FL_RESOURCE_", Resource),
    "fl_request_flags": ("FL_REQUEST_", RequestFlags),
    "fl_value_kind": ("FL_VALUE_", ValueKind),
    "fl_fact_source": ("FL_FACT_", FactSource),
    "fl_disposition": ("FL_DISPOSITION_", Disposition),
    "fl_route_flags": ("FL_ROUTE_", RouteFlags),
    "fl_direction": ("FL_DIRECTION_", Direction),
    "fl_header_action": ("FL_HEADER_", HeaderAction),
    "fl_pick": ("FL_PICK_", PickResult),
    "fl_health": ("FL_HEALTH_", Health),
    "fl_endpoint_flags": ("FL_ENDPOINT_", EndpointFlags),
    "fl_outcome_kind": ("FL_OUTCOME_", OutcomeKind),
    "fl_outcome_flags": ("FL_OUTCOME_", OutcomeFlags),
    "fl_features": ("FL_FEATURE_", Features),
}
"""The C type of each enumeration, what its constants' names begin with there, and the class here."""
