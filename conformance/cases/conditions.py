# Fairlead: header, query parameter, cookie and other conditions
# SPDX-License-Identifier: Apache-2.0

from cases.theme import Theme, get, host, one_each, regex, table


def header(label, **matcher):
    return label, {"headers": [{"name": "x", **matcher}]}


def text(**matcher):
    return {"string_match": matcher}


FLAGS = [
    ("", {}),
    (" inverted", {"invert_match": True}),
    (" missing as empty", {"treat_missing_header_as_empty": True}),
    (" inverted, missing as empty", {"invert_match": True, "treat_missing_header_as_empty": True}),
]
HEADER_KINDS = {
    "no specifier": {},
    "present": {"present_match": True},
    "absent": {"present_match": False},
    "exact": text(exact="a"),
    "exact folded": text(exact="aB", ignore_case=True),
    "exact empty": text(exact=""),
    "prefix": text(prefix="ab"),
    "suffix": text(suffix="bc"),
    "contains": text(contains="b"),
    "contains folded": text(contains="B", ignore_case=True),
    "regex": text(safe_regex=regex("a.*")),
    "regex empty-able": text(safe_regex=regex("b*")),
    "range": {"range_match": {"start": -10, "end": 10}},
    "range empty": {"range_match": {"start": 5, "end": 5}},
    "legacy exact": {"exact_match": "a"},
    "legacy exact empty": {"exact_match": ""},
    "legacy prefix": {"prefix_match": "ab"},
    "legacy suffix": {"suffix_match": "bc"},
    "legacy contains": {"contains_match": "b"},
    "legacy regex": {"safe_regex_match": regex("a.*")},
}
HEADER_TABLE = [
    header(kind + label, **matcher, **flags) for kind, matcher in HEADER_KINDS.items() for label, flags in FLAGS
]
HEADER_LINES = [[], [""], ["a"], ["abc"], ["AB"], ["5"], ["a,b"], ["b", "a"]]
RANGES = [
    header("small", range_match={"start": -10, "end": 10}),
    header("large", range_match={"start": -(2**63), "end": 2**63 - 1}),
    header("backwards", range_match={"start": 3, "end": 1}),
]
NUMBERS = """
-10 -11 9 10 0 -0 +5 +-5 05 5.0 0x5 5a 9223372036854775807 9223372036854775806 -9223372036854775808
9223372036854775808 -9223372036854775809 2 1e1 ٣
""".split() + [" 5", ""]
NAMES = [
    ("method", {"headers": [{"name": ":method", **text(exact="POST")}]}),
    ("path with query", {"headers": [{"name": ":path", **text(suffix="?q=1")}]}),
    ("path", {"headers": [{"name": ":path", **text(exact="/2")}]}),
    ("authority", {"headers": [{"name": ":authority", **text(exact="H.org:80")}]}),
    ("host alias", {"headers": [{"name": "host", **text(prefix="h.")}]}),
    ("Host alias", {"headers": [{"name": "Host", **text(prefix="h.")}]}),
    ("scheme", {"headers": [{"name": ":scheme", **text(exact="https")}]}),
    ("name folded", {"headers": [{"name": "X-MiXed", **text(exact="v")}]}),
    ("underscore", {"headers": [{"name": "x_u", **text(exact="v")}]}),
    ("unknown pseudo", {"headers": [{"name": ":nope"}]}),
    ("two of one", {"headers": [{"name": "x", **text(prefix="a")}, {"name": "x", **text(suffix="b")}]}),
    ("both", {"headers": [{"name": "x"}, {"name": "y", "present_match": False}]}),
    ("method inverted", {"headers": [{"name": ":method", **text(exact="POST"), "invert_match": True}]}),
]
JOINED = """
accept user-agent content-type referer cache-control origin via authorization if-none-match accept-language cookie
x-plain range traceparent x-forwarded-host pragma
""".split()
QUERIES = [
    ("no specifier", {"name": "k"}),
    ("present", {"name": "k", "present_match": True}),
    ("absent", {"name": "k", "present_match": False}),
    ("exact", {"name": "k", **text(exact="v")}),
    ("folded", {"name": "k", **text(exact="V", ignore_case=True)}),
    ("empty", {"name": "k", **text(exact="")}),
    ("prefix", {"name": "k", **text(prefix="v")}),
    ("suffix", {"name": "k", **text(suffix="w")}),
    ("contains", {"name": "k", **text(contains="=")}),
    ("regex", {"name": "k", **text(safe_regex=regex("[0-9]+"))}),
    ("encoded key", {"name": "%6b", "present_match": True}),
    ("upper key", {"name": "K"}),
    ("odd key", {"name": "a[]", **text(exact="1")}),
]
QUERY_TEXTS = """
? ?k ?k= ?k=v ?k=V ?k=vw ?k=w ?k=1 ?k=12 ?k=1a ?K=v ?%6b=v ?k=%76 ?k=v&k=w ?k=w&k=v ?k&k=v ?a=b&k=v ?a=b&&k=v ?&k=v
?k=v& ?kk=v ?a?k=v ??k=v ?k=a=b ?k== ?=k ?k;a=b ?a;k=v ?a[]=1 ?k=v+w ?%6B=v ?k=a?b ?x=&k ?k=v/
""".split() + [""]
COOKIES = [
    ("exact", {"cookies": [{"name": "c", **text(exact="v")}]}),
    ("inverted", {"cookies": [{"name": "c", **text(exact="v"), "invert_match": True}]}),
    ("empty", {"cookies": [{"name": "c", **text(exact="")}]}),
    ("prefix", {"cookies": [{"name": "c", **text(prefix="v")}]}),
    ("two", {"cookies": [{"name": "c", **text(exact="v")}, {"name": "d", **text(exact="w")}]}),
]
COOKIE_LINES = [
    [],
    [""],
    ["c=v"],
    ["c=w"],
    ["C=v"],
    ["c=v; d=w"],
    ["d=w; c=v"],
    ["d=w;c=v"],
    ['c="v"'],
    ["c= v"],
    [" c=v"],
    ["c=v "],
    ["c"],
    ["c="],
    ["=v"],
    ["c=w; c=v"],
    ["c=v; c=w"],
    ["c=w", "c=v"],
    ["c=v", "c=w"],
    ["d=w", "c=v"],
    ["c=v=w"],
    ["cc=v"],
    ["c=v,d=w"],
    ['c="v'],
    ['c=""'],
    [";c=v"],
    ["c =v"],
]
OTHERS = [
    ("grpc", {"grpc": {}}),
    ("tls presented", {"tls_context": {"presented": True}}),
    ("tls not presented", {"tls_context": {"presented": False}}),
    ("tls validated", {"tls_context": {"validated": True}}),
    ("tls not validated", {"tls_context": {"validated": False}}),
    ("tls empty", {"tls_context": {}}),
    ("metadata", {"dynamic_metadata": [{"filter": "f", "path": [{"key": "k"}], "value": {"present_match": True}}]}),
    (
        "metadata inverted",
        {
            "dynamic_metadata": [
                {"filter": "f", "path": [{"key": "k"}], "value": {"present_match": True}, "invert": True}
            ]
        },
    ),
]
CONTENT_TYPES = [
    None,
    "application/grpc",
    "application/grpc+proto",
    "application/grpc+",
    "application/grpc; charset=x",
    "application/grpc-web",
    "Application/grpc",
    "application/grpc ",
    "application/json",
    "",
]


def lines(name, values):
    return [(name, value) for value in values]


def asked(cases, line_sets, name="x"):
    return [get(f"/{i}", "h", *lines(name, values)) for i in range(len(cases)) for values in line_sets]


THEMES = [
    Theme(
        "headers",
        "every kind of header matcher, plain, inverted and with missing-as-empty, against the same header lines",
        table(host("default", ["*"], *one_each(HEADER_TABLE))),
        asked(HEADER_TABLE, HEADER_LINES),
    ),
    Theme(
        "headers.ranges",
        "range_match: half open, whole 64-bit integers only",
        table(host("default", ["*"], *one_each(RANGES))),
        asked(RANGES, [[number.strip()] for number in NUMBERS]),
    ),
    Theme(
        "headers.names",
        "pseudo-headers, the host alias, names in any case, several matchers on one route",
        table(host("default", ["*"], *one_each(NAMES))),
        [
            get(f"/{i}{query}", authority, *headers, method=method, scheme=scheme)
            for i in range(len(NAMES))
            for query, authority, method, scheme, headers in [
                ("", "h.org", "GET", "http", []),
                ("?q=1", "H.org:80", "POST", "https", [("x-mixed", "v"), ("X_U", "v")]),
                ("?q=1#", "h.org", "GET", "http", []),
                ("", "H.ORG", "GET", "http", [("x", "ab"), ("y", "")]),
                ("", "h.org", "GET", "http", [("x", "a"), ("x", "b")]),
                ("", "h.org", "HEAD", "http", [("X", "b")]),
            ]
        ],
    ),
    Theme(
        "headers.joined",
        "some well-known headers are joined with a comma when repeated, all others are matched line by line",
        table(
            host(
                "default",
                ["*"],
                *one_each(
                    [
                        (f"{name} {value}", {"headers": [{"name": name, **text(exact=value)}]})
                        for name in JOINED
                        for value in ("a", "b", "a,b")
                    ]
                ),
            )
        ),
        [
            get(f"/{i}", "h", *lines(name, values))
            for n, name in enumerate(JOINED)
            for i in range(3 * n, 3 * n + 3)
            for values in (["a"], ["a", "b"], ["b", "a"], ["a,b"])
        ]
        + [
            get("/2", "h", *lines("accept", values))
            for values in (["", "a,b"], ["a,b", ""], ["", "a", "b"], ["a", "", "b"])
        ],
    ),
    Theme(
        "query-parameters",
        "split on `&`, nothing decoded, the first occurrence counts",
        table(
            host("default", ["*"], *one_each([(label, {"query_parameters": [matcher]}) for label, matcher in QUERIES]))
        ),
        [get(f"/{i}{query}") for i in range(len(QUERIES)) for query in QUERY_TEXTS],
    ),
    Theme(
        "cookies",
        "cookie conditions; a missing cookie fails, and inverted it matches",
        table(host("default", ["*"], *one_each(COOKIES))),
        [
            get(f"/{i}", "h", *lines("cookie", [value.strip() for value in values]))
            for i in range(len(COOKIES))
            for values in COOKIE_LINES
        ],
    ),
    Theme(
        "other-conditions",
        "grpc, tls_context and dynamic_metadata over plain HTTP/1.1 without filters",
        table(host("default", ["*"], *one_each(OTHERS))),
        [get("/0", "h", *([("content-type", kind.strip())] if kind is not None else [])) for kind in CONTENT_TYPES]
        + [get(f"/{i}") for i in range(1, len(OTHERS))],
    ),
]
