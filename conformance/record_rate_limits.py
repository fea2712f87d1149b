# Fairlead: records from the real Envoy what it asks a rate limit service
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/record_rate_limits.py` rewrites Tests/Vectors/rate-limits.

A service of our own notes what Envoy's HTTP filter asks it: once before a request goes on, once when its stream has
ended. This alone needs gRPC, which comes from PyPI when it is not there.
"""

import environment

environment.enter()
environment.need("grpc", "grpcio")

import time
from concurrent import futures

import grpc

from cases import rate_limits
from contract import encode
from envoy_process import EnvoyProcess
from instrument import bootstrap, echo_cluster, listener
from vectors import compact, indented, table, write
from wire import Lane, OracleError, exchange

TYPE = "type.googleapis.com/envoy.extensions."
# A RateLimitResponse that allows the request, and has its response say so: `asked: 1`.
ALLOWED = b"\x08\x01\x1a\x0a\x0a\x05asked\x12\x011"
UNITS = ["UNKNOWN", "SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR"]


def fields(message):
    """The fields of a protobuf message: number and value, an int or bytes."""
    index = 0

    def number():
        nonlocal index
        value = shift = 0
        while True:
            byte = message[index]
            index += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while index < len(message):
        tag = number()
        if tag & 7 == 0:
            yield tag >> 3, number()
        else:
            length = number()
            yield tag >> 3, message[index : index + length]
            index += length


def descriptor(message):
    """A RateLimitDescriptor as `{"entries": [[key, value]], "limit": [requests, unit]}`."""
    told = {"entries": []}
    for number, value in fields(message):
        if number == 1:
            entry = {field: text.decode() for field, text in fields(value)}
            told["entries"].append([entry.get(1, ""), entry.get(2, "")])
        elif number == 2:
            limit = dict(fields(value))
            told["limit"] = [limit.get(1, 0), UNITS[limit.get(2, 0)]]
        else:
            raise OracleError(f"an unexpected field {number} of a descriptor")
    return told


class Service:
    """A rate limit service that allows everything and notes what it is asked."""

    def __enter__(self):
        self.asked = []
        self.server = grpc.server(futures.ThreadPoolExecutor(1))
        call = grpc.unary_unary_rpc_method_handler(self.answer)
        handler = grpc.method_handlers_generic_handler("envoy.service.ratelimit.v3.RateLimitService", {"ShouldRateLimit": call})
        self.server.add_generic_rpc_handlers((handler,))
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()
        return self

    def __exit__(self, *_):
        self.server.stop(None).wait()

    def answer(self, message, _):
        self.asked.append([descriptor(value) for number, value in fields(message) if number == 2])
        return ALLOWED


def rate_limit_cluster(port):
    options = {
        "@type": TYPE + "upstreams.http.v3.HttpProtocolOptions",
        "explicit_http_config": {"http2_protocol_options": {}},
    }
    return echo_cluster("rate-limits", port) | {
        "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options}
    }


def manager(stage):
    metadata = [{"metadata_namespace": name, "value": value} for name, value in rate_limits.METADATA.items()]
    service = {"transport_api_version": "V3", "grpc_service": {"envoy_grpc": {"cluster_name": "rate-limits"}}}
    asks = {"domain": "d", "timeout": "5s", "stage": stage, "rate_limit_service": service}
    filters = [
        ("set_metadata.v3.Config", {"metadata": metadata}),
        ("ratelimit.v3.RateLimit", asks),
        ("router.v3.Router", {}),
    ]
    return {
        "@type": TYPE + "filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": f"stage-{stage}",
        "route_config": rate_limits.CONFIG,
        "http_filters": [
            {"name": kind, "typed_config": {"@type": TYPE + "filters.http." + kind, **options}}
            for kind, options in filters
        ],
    }


def ask(service, port, request):
    """What is asked before the request goes on, and when its stream has ended."""
    service.asked.clear()
    lane = Lane(("127.0.0.1", port), [encode(request)])
    exchange([lane])
    time.sleep(0.15)
    count = 1 if lane.responses[0].header("asked") else 0
    if len(service.asked) not in (count, count + 1):
        raise OracleError(f"{request}: asked {service.asked}")
    return {"before": sum(service.asked[:count], []), "after": sum(service.asked[count:], [])}


def record(stage):
    with Service() as service:
        clusters = [rate_limit_cluster(service.port), *[echo_cluster(name, 1) for name in ["alpha", "beta"]]]
        whole = bootstrap([listener("asked", manager(stage))], clusters)
        whole["node"] = {"id": "oracle", "cluster": rate_limits.SERVICE_CLUSTER}
        whole["layered_runtime"] = {"layers": [{"name": "switches", "static_layer": rate_limits.RUNTIME}]}
        with EnvoyProcess(whole) as envoy:
            port = envoy.ports["asked"]
            cases = [{"request": request, "expect": ask(service, port, request)} for request in rate_limits.REQUESTS]
    write(
        "rate-limits",
        f"stage-{stage}",
        f"""{{
  "about": {compact(f"what a rate limit filter of stage {stage} asks")},
  "stage": {stage},
  "service_cluster": {compact(rate_limits.SERVICE_CLUSTER)},
  "runtime": {compact(rate_limits.RUNTIME)},
  "metadata": {compact(rate_limits.METADATA)},
  "clusters": ["alpha", "beta"],
  "config": {table(rate_limits.CONFIG)},
  "cases": {indented(cases)}
}}
""",
    )


if __name__ == "__main__":
    for stage in [0, 1]:
        record(stage)
