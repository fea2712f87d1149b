# Fairlead: cases about what a rate limit service is asked
# SPDX-License-Identifier: Apache-2.0

from cases.theme import forward, get, host, redirect, reply, table

# What a filter before the one that asks knows of every request.
METADATA = {
    "dm": {
        "who": "me",
        "count": 3,
        "hour": {"requests_per_unit": 7, "unit": "HOUR"},
        "broken": {"requests_per_unit": 7.9, "unit": "MINUTE"},
        "week": {"requests_per_unit": 7, "unit": "WEEK"},
        "text": {"requests_per_unit": "7", "unit": "DAY"},
        "lower": {"requests_per_unit": 3, "unit": "hour"},
        "unknown": {"requests_per_unit": 3, "unit": "UNKNOWN"},
        "large": {"requests_per_unit": 5000000000, "unit": "YEAR"},
        "negative": {"requests_per_unit": -1, "unit": "MONTH"},
        "half": {"requests_per_unit": 3},
    }
}
RUNTIME = {"ratelimit.off.http_filter_enabled": 0, "ratelimit.on.http_filter_enabled": 100}
SERVICE_CLUSTER = "services"


def fixed(value, key=None):
    return {"generic_key": {"descriptor_value": value} | ({"descriptor_key": key} if key else {})}


def rule(*actions, **options):
    return {**options, "actions": list(actions)}


def of_header(name, key, **options):
    return {"request_headers": {"header_name": name, "descriptor_key": key, **options}}


def of_parameter(name, key, **options):
    return {"query_parameters": {"query_parameter_name": name, "descriptor_key": key, **options}}


def of_metadata(key, filter_name, *path, **options):
    place = {"key": filter_name, "path": [{"key": name} for name in path]}
    return {"metadata": {"descriptor_key": key, "metadata_key": place, **options}}


def limited(name):
    place = {"key": "dm", "path": [{"key": name}]}
    return rule(fixed(name), limit={"dynamic_metadata": {"metadata_key": place}})


def masked(version4=None, version6=None):
    options = {"v4_prefix_mask_len": version4, "v6_prefix_mask_len": version6}
    return rule({"masked_remote_address": {key: value for key, value in options.items() if value is not None}})


def of_route(key, *path, **options):
    return of_metadata(key, "f", *path, source="ROUTE_ENTRY", **options)


def exact(name, value):
    return {"name": name, "string_match": {"exact": value}}


ROUTES = [
    forward("own", {"prefix": "/own"}, rate_limits=[rule(fixed("route"))]),
    forward("both", {"prefix": "/both"}, rate_limits=[rule(fixed("route"))], include_vh_rate_limits=True),
    forward("none", {"prefix": "/none"}),
    forward("later", {"prefix": "/later"}, rate_limits=[rule(fixed("later"), stage=1)]),
    reply("reply", {"prefix": "/reply"}),
    redirect("redirect", {"prefix": "/redirect"}, host_redirect="other.example"),
    forward("lost", {"prefix": "/lost"}, cluster="lost", rate_limits=[rule({"destination_cluster": {}})]),
    forward("named", {"prefix": "/named"}, cluster_header="x-cluster", rate_limits=[rule({"destination_cluster": {}})]),
    forward(
        "weighted",
        {"prefix": "/weighted"},
        weighted_clusters={"clusters": [{"name": "beta", "weight": 1}]},
        rate_limits=[rule({"source_cluster": {}}, {"destination_cluster": {}})],
    ),
    forward(
        "headers",
        {"prefix": "/headers"},
        rate_limits=[
            rule(of_header("x-a", "a")),
            rule(of_header("X-B", "b", skip_if_absent=True)),
            rule(of_header("x-b", "b", skip_if_absent=True), fixed("behind")),
            rule(fixed("before"), of_header("x-b", "b")),
            rule(*[of_header(name, name[1:]) for name in [":path", ":method", ":scheme", ":authority"]]),
            rule(of_header("host", "host")),
        ],
    ),
    forward(
        "query",
        {"prefix": "/query"},
        rate_limits=[rule(of_parameter("k", "k")), rule(of_parameter("j", "j", skip_if_absent=True), fixed("q"))],
    ),
    forward(
        "addresses",
        {"prefix": "/address"},
        rate_limits=[rule({"remote_address": {}}), masked(), masked(12, 48), masked(0, 0), masked(31, 127)],
    ),
    forward("key", {"prefix": "/key"}, rate_limits=[rule(fixed("v", key="k"), fixed("w"))]),
    forward(
        "header-match",
        {"prefix": "/header-match"},
        rate_limits=[
            rule(
                {
                    "header_value_match": {
                        "descriptor_value": "m",
                        "headers": [exact("x-a", "1"), {"name": "x-b", "present_match": True}],
                    }
                }
            ),
            rule(
                {
                    "header_value_match": {
                        "descriptor_key": "not",
                        "descriptor_value": "n",
                        "expect_match": False,
                        "headers": [exact("x-a", "1")],
                    }
                }
            ),
        ],
    ),
    forward(
        "query-match",
        {"prefix": "/match-query"},
        rate_limits=[
            rule(
                {"query_parameter_value_match": {"descriptor_value": "m", "query_parameters": [exact("k", "a b")]}},
            ),
            rule(
                {
                    "query_parameter_value_match": {
                        "descriptor_key": "not",
                        "descriptor_value": "n",
                        "expect_match": False,
                        "query_parameters": [{"name": "k", "present_match": True}],
                    }
                }
            ),
        ],
    ),
    {
        **forward(
            "metadata",
            {"prefix": "/metadata"},
            rate_limits=[
                rule(of_route("text", "text")),
                rule(of_route("number", "number", default_value="default")),
                rule(of_route("empty", "empty", default_value="default")),
                rule(fixed("missing"), of_route("missing", "missing")),
                rule(fixed("skipped"), of_route("missing", "missing", skip_if_absent=True)),
                rule(of_route("inner", "inner", "text")),
                rule(of_metadata("who", "dm", "who")),
                rule(of_metadata("count", "dm", "count")),
                rule(of_metadata("count", "dm", "count", default_value="default")),
                rule(of_metadata("nobody", "nobody", "who", skip_if_absent=True)),
            ],
        ),
        "metadata": {"filter_metadata": {"f": {"text": "T", "number": 5, "empty": "", "inner": {"text": "I"}}}},
    },
    forward("limits", {"prefix": "/limit"}, rate_limits=[limited(name) for name in [*METADATA["dm"], "missing"]]),
    forward(
        "switches",
        {"prefix": "/switch"},
        rate_limits=[rule(fixed(name), disable_key=name) for name in ["off", "on", "other"]],
    ),
    forward(
        "done",
        {"prefix": "/done"},
        rate_limits=[
            rule(fixed("before"), hits_addend={"number": 5}),
            rule(fixed("after"), apply_on_stream_done=True),
            rule(fixed("last"), apply_on_stream_done=True),
        ],
    ),
]

CONFIG = table(
    host(
        "all",
        ["*"],
        *ROUTES,
        rate_limits=[
            rule(fixed("host")),
            rule(fixed("host-later"), stage=1),
            rule(fixed("host-after"), apply_on_stream_done=True),
        ],
    ),
    validate_clusters=False,
)

REQUESTS = [
    *[get(path) for path in ["/own", "/both", "/none", "/later", "/reply", "/redirect", "/lost", "/weighted", "/key"]],
    get("/named", "h", ("x-cluster", "beta")),
    get("/named", "h", ("x-cluster", "lost")),
    get("/named"),
    get("/headers", "h:80", ("x-a", "1"), ("x-a", "2")),
    get("/headers", "H.Example", ("x-a", "")),
    get("/headers?k=v", "h", ("x-b", "q"), ("x-a", "1"), method="POST"),
    *[
        get("/query" + query)
        for query in [
            "",
            "?",
            "?k=v",
            "?k=a%20b&k=c",
            "?k=",
            "?k",
            "?%6b=z+1",
            "?j=%zz%41%4",
            "?&&k=1&j=2",
            "?k=%",
            "?K=1&%6B=2",
            "?a=k=1&k=2=3",
        ]
    ],
    *[
        get("/address") | {"source": source}
        for source in [
            "10.77.3.5:80",
            "[2001:db8::1]:80",
            "[2001:db8:0:0:1:0:0:1]:80",
            "[::ffff:1.2.3.4]:80",
            "[2001:db8:1:0:0:2:0:0]:80",
            "[::1]:80",
            "[::1.2.3.4]:80",
        ]
    ],
    get("/header-match", "h", ("x-a", "1"), ("x-b", "")),
    get("/header-match", "h", ("x-a", "1")),
    get("/header-match", "h", ("x-a", "2"), ("x-a", "1")),
    get("/header-match"),
    *[get("/match-query" + query) for query in ["", "?k=a%20b", "?k=a+b", "?%6b=a%20b", "?K=1", "?k=a%20b&k=c"]],
    *[get(path) for path in ["/metadata", "/limit", "/switch", "/done"]],
]
