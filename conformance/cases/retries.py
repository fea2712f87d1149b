# Fairlead: cases about what is tried again
# SPDX-License-Identifier: Apache-2.0
"""A case is a retry policy (None for none), the request's headers, and what each attempt comes to: a status and headers,
"reset" for a connection that closes without an answer, "silent" for none within the time of a try. The last entry goes
on for ever."""


def answer(status, **headers):
    return {"status": status, "headers": [[name.replace("_", "-"), value] for name, value in headers.items()]}


def policy(retry_on, **options):
    return {"retry_on": retry_on, "num_retries": 3, "retry_back_off": {"base_interval": "0.001s"}, **options}


OK = answer(200)
BUSY = answer(503)
STATUSES = [200, 201, 301, 400, 404, 408, 409, 425, 429, 499, 500, 501, 502, 503, 504, 505, 599]
GRPC = ["0", "1", "2", "4", "8", "13", "14", "16", "x", ""]
TOKENS = [
    "5xx",
    "gateway-error",
    "connect-failure",
    "reset",
    "reset-before-request",
    "refused-stream",
    "retriable-4xx",
    "retriable-status-codes",
    "retriable-headers",
    "envoy-ratelimited",
    "cancelled",
    "deadline-exceeded",
    "resource-exhausted",
    "unavailable",
    "internal",
]


def case(rules, *script, **headers):
    return {
        "policy": rules,
        "request": [[name.replace("_", "-"), value] for name, value in headers.items()],
        "script": list(script),
    }


def by_token():
    """Every token against every kind of answer."""
    for token in TOKENS:
        rules = policy(token, retriable_status_codes=[418, 404], retriable_headers=[{"name": "again"}])
        for status in STATUSES:
            yield case(rules, answer(status), OK)
        for status in GRPC:
            yield case(rules, answer(200, grpc_status=status), OK)
        yield case(rules, answer(200, again="1"), OK)
        yield case(rules, answer(418), OK)
        yield case(rules, answer(503, x_envoy_ratelimited="true"), OK)
        yield case(rules, answer(503, x_envoy_overloaded="true"), OK)
        yield case(rules, "reset", OK)


def by_count():
    for count in [0, 1, 2, 5]:
        yield case(policy("5xx", num_retries=count), BUSY)
        yield case(policy("5xx", num_retries=count), BUSY, BUSY, OK)
    yield case({"retry_on": "5xx"}, BUSY)
    yield case(None, BUSY)
    yield case(policy(""), BUSY)
    yield case(policy("bogus"), BUSY)
    yield case(policy(" reset ,, 5xx "), BUSY, answer(404))
    yield case(policy("5xx"), BUSY, "reset", answer(500), OK)
    for wish in ["0", "1", "5", "x", "", "-1", " 2", "1.5", "99999999999"]:
        yield case(policy("5xx", num_retries=2), BUSY, BUSY, BUSY, BUSY, BUSY, BUSY, OK, x_envoy_max_retries=wish)
    yield case(None, BUSY, OK, x_envoy_max_retries="3")


def by_request():
    for wish in TOKENS + ["bogus", "", "5xx,bogus", " 5xx ", "5XX"]:
        for name in ["x_envoy_retry_on", "x_envoy_retry_grpc_on"]:
            yield case(None, BUSY, OK, **{name: wish})
            yield case(None, answer(200, grpc_status="14"), OK, **{name: wish})
    yield case(policy("reset"), BUSY, OK, x_envoy_retry_on="5xx")
    codes = "retriable-status-codes"
    for listed in ["418", "404,418", " 418 ", "418,x", "x", "", "0418", "+418"]:
        yield case(None, answer(418), OK, x_envoy_retry_on=codes, x_envoy_retriable_status_codes=listed)
    yield case(policy(codes), answer(418), OK, x_envoy_retriable_status_codes="418")
    yield case(policy("5xx"), answer(418), OK, x_envoy_retriable_status_codes="418")
    for listed in ["again", "Again", "other,again", " again ", "other", "", "again,"]:
        yield case(
            None,
            answer(200, again="1"),
            OK,
            x_envoy_retry_on="retriable-headers",
            x_envoy_retriable_header_names=listed,
        )
    yield case(policy("5xx"), answer(200, again="1"), OK, x_envoy_retriable_header_names="again")


def by_header():
    matchers = [
        {"name": "again", "string_match": {"exact": "1"}},
        {"name": "again", "string_match": {"prefix": "x"}, "invert_match": True},
        {"name": "again", "present_match": False},
        {"name": ":status", "string_match": {"exact": "429"}},
        {"name": ":status", "range_match": {"start": "400", "end": "430"}},
        {"name": ":path", "present_match": True},
    ]
    for matcher in matchers:
        rules = policy("retriable-headers", retriable_headers=[matcher])
        for first in [answer(200, again="1"), answer(200, again="x"), answer(200), answer(429)]:
            yield case(rules, first, OK if first["status"] != 200 else answer(204, again="x", last="1"))
    asks = [{"name": "idempotent"}, {"name": ":method", "string_match": {"exact": "PUT"}}]
    rules = policy("5xx", retriable_request_headers=asks)
    yield case(rules, BUSY, OK)
    yield case(rules, BUSY, OK, idempotent="1")
    yield case(rules, BUSY, OK, x_envoy_retry_on="5xx")
    yield case(policy("5xx", retriable_request_headers=asks[1:]), BUSY, OK, idempotent="1")


def by_time():
    rules = policy("5xx", per_try_timeout="0.2s", num_retries=1)
    yield case(rules, "silent", OK)
    yield case(policy("reset", per_try_timeout="0.2s", num_retries=1), "silent", OK)
    yield case(policy("connect-failure", per_try_timeout="0.2s"), "silent")
    yield case(policy("gateway-error", per_try_idle_timeout="0.2s", num_retries=1), "silent", OK)


THEMES = {
    "tokens": by_token,
    "counts": by_count,
    "requests": by_request,
    "headers": by_header,
    "times": by_time,
}
