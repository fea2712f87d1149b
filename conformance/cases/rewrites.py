# Fairlead: what a forwarded request looks like: path and host rewrites, and which cluster it goes to
# SPDX-License-Identifier: Apache-2.0

from cases.theme import Theme, forward, get, host, redirect, regex, swap, table

PREFIXES = [
    forward("prefix", {"prefix": "/pre"}, prefix_rewrite="/new"),
    forward("prefix to root", {"prefix": "/old"}, prefix_rewrite="/"),
    forward("dir to root", {"prefix": "/dir/"}, prefix_rewrite="/"),
    forward("bare", {"prefix": "/p/"}, prefix_rewrite="zz"),
    forward("empty", {"prefix": "/none"}, prefix_rewrite=""),
    forward("query", {"prefix": "/q"}, prefix_rewrite="/n?x=1"),
    forward("path", {"path": "/whole"}, prefix_rewrite="/new"),
    forward("path folded", {"path": "/WHOLEFOLD", "case_sensitive": False}, prefix_rewrite="/new"),
    forward("separated", {"path_separated_prefix": "/sep"}, prefix_rewrite="/new"),
    forward("separated slash", {"path_separated_prefix": "/sl"}, prefix_rewrite="/new/"),
    forward("regex", {"safe_regex": regex("/re/.*")}, prefix_rewrite="/new"),
    forward("folded", {"prefix": "/FOLD", "case_sensitive": False}, prefix_rewrite="/new"),
    forward("everything", {"prefix": ""}, prefix_rewrite="/all"),
]
PREFIX_PATHS = """
/pre /prefix /pre/x /pre?k=v /pre/x?k=v# /old /old/x /dir/ /dir/x /p/x /p/ /none/x /q /q/x /q/x?k /whole /whole?k=v
/WholeFold /sep /sep/ /sep/x /sl /sl/x /re/ /re/a/b /re/a?k=v /fold/x /FoLdx / /x // /?k
""".split()
REGEXES = {
    "group": swap("^/group/([^/]+)(/.*)?$", r"\2/\1"),
    "all": swap("a", "bb"),
    "nothing": swap(".*", ""),
    "star": swap("a*", "-"),
    "end": swap("$", "/end"),
    "whole": swap("^/whole(.*)$", r"[\0]"),
    "dot": swap(".", "x"),
    "slashes": swap("/+", "/"),
    "word": swap(r"\b", "|"),
    "folded": swap("(?i)FOLDED", "new"),
    "lazy": swap("l.*?y", "L"),
    "digits": swap(r"\d+", r"<\0>"),
    "query": swap("^(/query)", r"\1?x=1"),
    "begin": swap("^", "/v1"),
    "optional": swap("(x)?optional", r"[\1]"),
}
REGEX_PATHS = """
/group/a /group/a/b /group/ /all/banana /all?a=a /nothing/x /nothing?k=v /star/aab /star/ /end /end/x?k /whole
/whole/x?k=v /dot/y /slashes//a///b/ /word/a-b /folded/FoLdEd /lazy/layly /digits/1/22?3 /query/z?k=v /begin/x
/begin? /optional/xoptional
""".split()
FORMATS = [
    forward("fixed", {"prefix": "/fixed"}, path_rewrite="/new"),
    forward("header", {"prefix": "/header"}, path_rewrite="/h/%REQ(x-a)%"),
    forward("only header", {"prefix": "/only"}, path_rewrite="%REQ(x-a)%"),
    forward("with query", {"prefix": "/with"}, path_rewrite="/n?x=1"),
    forward("bare", {"prefix": "/bare"}, path_rewrite="new"),
    forward("percent", {"prefix": "/percent"}, path_rewrite="/100%%"),
]
# One route for each command: in the path, in the host, in a redirect's path, in a body.
COMMANDS = [
    "REQ(x-a)",
    "REQ(X-A):2",
    "REQ(no?x-a):2",
    "REQ(x-a?no)",
    "REQ(x-a):0",
    "REQ(:method)",
    "REQ(:authority)",
    "REQ(host):3",
    "REQ(:scheme)",
    "REQ(:path)",
    "PATH",
    "PATH(NQ)",
    "PATH(NQ:PATH):4",
    "PATH(WQ:ORIG)",
    "QUERY_PARAM(k)",
    "QUERY_PARAM(k):1",
    "QUERY_PARAM(no)",
    "QUERY_PARAMS",
    "QUERY_PARAMS(ORIG):3",
    "UPSTREAM_CLUSTER",
    "UPSTREAM_HOST",
    "UPSTREAM_REQUEST_ATTEMPT_COUNT",
    "RESPONSE_CODE",
    "RESPONSE_FLAGS",
    "RESP(x)",
    "METADATA(ROUTE:m:key)",
    "METADATA(VIRTUAL_HOST:m:key)",
    "METADATA(VIRTUAL_HOST:m:number)",
    "METADATA(VIRTUAL_HOST:m:list)",
    "METADATA(VIRTUAL_HOST:m:in:ner):3",
    "METADATA(VIRTUAL_HOST:m:in)",
    "METADATA(VIRTUAL_HOST:m)",
    "METADATA(VIRTUAL_HOST:no:key)",
    "METADATA(CLUSTER:m:key)",
    "LOCAL_REPLY_BODY",
]
# Commands that read what clients may spell in odd ways.
ODD_COMMANDS = [
    "QUERY_PARAM(k)",
    "QUERY_PARAM(k):2",
    "QUERY_PARAM(a b)",
    "QUERY_PARAM(a+b)",
    "QUERY_PARAMS",
    "QUERY_PARAMS(ORIG)",
    "PATH",
    "PATH(NQ)",
    "PATH(NQ:ORIG)",
    "PATH(WQ:ORIG)",
    "PATH(NQ:PATH)",
    "REQ(x-envoy-original-path?:path)",
    "REQ(x-a?x-b)",
]
ODD_QUERIES = [
    "?k=7%76",
    "?k=%",
    "?k=%4",
    "?k=%zz%41",
    "?%6b=name&k=plain",
    "?k",
    "?k=",
    "?k=a+b&k=2",
    "?a%20b=c&a+b=d",
    "?k=a#f",
    "?k=a%26b=c",
    "?k=a=b",
    "?=x&k=1",
]
COMMAND_METADATA = {
    "filter_metadata": {
        "m": {"key": "text", "number": 100000, "list": [1.5, "x", True, None], "in": {"ner": "value"}},
    }
}


def commanded(index, command):
    """The four routes of one command."""
    text = f"%{command}%"
    body = {"status": 200, "body_format": {"text_format_source": {"inline_string": f"[{text}]"}}}
    return [
        forward(f"path {command}", {"path": f"/p{index}"}, path_rewrite=f"/s{text}", host_rewrite_literal="new.com"),
        forward(f"host {command}", {"path": f"/h{index}"}, host_rewrite=f"s{text}"),
        redirect(f"redirect {command}", {"path": f"/r{index}"}, path_rewrite=f"/s{text}"),
        {"name": f"body {command}", "match": {"path": f"/b{index}"}, "direct_response": body},
    ]


HOSTS = [
    forward("literal", {"prefix": "/literal"}, host_rewrite_literal="new.com"),
    forward("literal port", {"prefix": "/lport"}, host_rewrite_literal="New.com:81"),
    forward("literal empty", {"prefix": "/lempty"}, host_rewrite_literal=""),
    forward("header", {"prefix": "/header"}, host_rewrite_header="x-host"),
    forward("path regex", {"prefix": "/rx"}, host_rewrite_path_regex=swap("^/rx/([^/]+).*$", r"\1.com")),
    forward("path regex empty", {"prefix": "/gone"}, host_rewrite_path_regex=swap(".*", "")),
    forward("path regex part", {"prefix": "/part"}, host_rewrite_path_regex=swap("/", ".")),
    forward(
        "path regex and rewrite",
        {"prefix": "/both"},
        host_rewrite_path_regex=swap("^/both/([^/]+).*$", r"\1.com"),
        prefix_rewrite="/new",
    ),
    forward("formatter", {"prefix": "/format"}, host_rewrite="p-%REQ(x-host)%"),
    forward("formatter fixed", {"prefix": "/fixed"}, host_rewrite="fixed.com"),
]
HOST_PATHS = """
/literal /lport/x /lempty /header /rx/a/b /rx/a?k=v /rx /gone/x /part/a /both/a/b /format /fixed
""".split()
CHOICES = [
    forward("fixed", {"prefix": "/fixed"}, cluster="beta"),
    forward("header", {"prefix": "/header"}, cluster_header="x-cluster"),
    forward("header 404", {"prefix": "/h404"}, cluster_header="x-cluster", cluster_not_found_response_code="NOT_FOUND"),
    forward(
        "header 500",
        {"prefix": "/h500"},
        cluster_header="X-Cluster",
        cluster_not_found_response_code="INTERNAL_SERVER_ERROR",
    ),
    forward(
        "header 503",
        {"prefix": "/h503"},
        cluster_header="x-cluster",
        cluster_not_found_response_code="SERVICE_UNAVAILABLE",
    ),
]


def weighted(*entries, **options):
    clusters = []
    for target, weight, *rest in entries:
        key = "cluster_header" if target.startswith("x-") else "name"
        clusters.append({key: target, "weight": weight, **(rest[0] if rest else {})})
    return {"clusters": clusters, "header_name": "x-weight", **options}


WEIGHTED = [
    forward("three", {"prefix": "/three"}, weighted_clusters=weighted(("alpha", 10), ("beta", 0), ("gamma", 20))),
    forward("one", {"prefix": "/one"}, weighted_clusters=weighted(("delta", 1))),
    forward("zero first", {"prefix": "/zero"}, weighted_clusters=weighted(("alpha", 0), ("beta", 1), ("gamma", 0))),
    forward(
        "total ignored", {"prefix": "/total"}, weighted_clusters=weighted(("alpha", 1), ("beta", 1), total_weight=100)
    ),
    forward("large", {"prefix": "/large"}, weighted_clusters=weighted(("alpha", 2**31), ("beta", 2**31 - 1))),
    forward(
        "by header",
        {"prefix": "/mixed"},
        weighted_clusters=weighted(("alpha", 1), ("x-cluster", 1)),
        cluster_not_found_response_code="NOT_FOUND",
    ),
    forward(
        "entry host",
        {"prefix": "/ehost"},
        weighted_clusters=weighted(("alpha", 1, {"host_rewrite_literal": "entry.com"}), ("beta", 1)),
    ),
    forward(
        "entry and route host",
        {"prefix": "/rhost"},
        host_rewrite_literal="route.com",
        weighted_clusters=weighted(("alpha", 1, {"host_rewrite_literal": "entry.com"}), ("beta", 1)),
    ),
    forward(
        "entry host and formatter",
        {"prefix": "/fhost"},
        host_rewrite="%REQ(host):5%-%REQ(:authority)%-%REQ(no?host)%-%REQ(x-cluster?host)%",
        weighted_clusters=weighted(("alpha", 1, {"host_rewrite_literal": "entry.com"}), ("beta", 1)),
    ),
    forward("same twice", {"prefix": "/twice"}, weighted_clusters=weighted(("alpha", 1), ("alpha", 1), ("beta", 1))),
]
NUMBERS = [0, 1, 2, 9, 10, 14, 29, 30, 31, 59, 60, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1, 2**32, 2**63, 2**64 - 1]

def json_reply(name, members, **options):
    """A direct response of its own path whose body is a JSON object."""
    response = {"status": 201, "body": {"inline_string": 'say "hi"'}}
    response["body_format"] = {"json_format": members, **options}
    return {"name": name, "match": {"path": f"/{name}"}, "direct_response": response}


LOST = "%REQ(x-lost)%"
JSON_VALUES = {
    "z": "plain",
    "a": "%REQ(x-a)%",
    "lost": LOST,
    "code": "%RESPONSE_CODE%",
    "mixed": "a%RESPONSE_CODE%b" + LOST,
    "two": "%RESPONSE_CODE%%RESPONSE_CODE%",
    "numbers": [5, 1.5, 0.1, 1e20, 1e300, -3, 123456789012, 4294967296.5],
    "truths": [True, False, None],
    "object": {"y": 1, "x": "%REQ(:method)%", "empty": {}},
    "list": ["%REQ(x-a)%", 2, {"k": "%REQ(:method)%"}, [], LOST],
    "body": "%LOCAL_REPLY_BODY%",
    "": "empty key",
    "percent": "100%%",
    'q"k\n': 'v"\n\u00e9\u0001/<>\u007f\\',
    "cut": "%REQ(x-a):2%",
    "nothing": "%REQ(:authority):0%",
    "flags": "%RESPONSE_FLAGS%",
    "cluster": "%UPSTREAM_CLUSTER%",
    "port": "%UPSTREAM_REMOTE_PORT%",
    "attempts": "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
}
JSON_METADATA = {
    **{name: f"%METADATA(VIRTUAL_HOST:f:{name})%" for name in ["n", "t", "l", "s", "e", "z", "lost"]},
    "mixed": "-%METADATA(VIRTUAL_HOST:f:l)%-%METADATA(VIRTUAL_HOST:f:n)%",
    "whole": "%METADATA(VIRTUAL_HOST:f)%",
    "cut text": "%METADATA(VIRTUAL_HOST:f:t):0%",
    "cut list": "%METADATA(VIRTUAL_HOST:f:l):2%",
    "cut in text": "-%METADATA(VIRTUAL_HOST:f:s):3%",
}
JSON_GAPS = {
    "e": {},
    "l": [],
    "n": None,
    "ln": [None],
    "lo": [{}],
    "oo": {"x": {}},
    "s": "",
    "on": {"n": None},
    "lost": LOST,
    "mixed": "a" + LOST,
    "two": LOST + LOST,
    "nested": [LOST, {"a": LOST}, [LOST], "x", {"a": LOST, "b": 1}],
    "deep": {"a": {"b": LOST}},
    "a": "%REQ(x-a)%",
}
JSON_FIELDS = {"n": 5, "t": "xy", "l": [1, "a"], "s": {"b": 1.5, "a": True}, "e": "", "z": None}
JSON_BODIES = table(
    host(
        "default",
        ["*"],
        json_reply("values", JSON_VALUES),
        json_reply("metadata", JSON_METADATA),
        json_reply("gaps", JSON_GAPS),
        json_reply("omitted", JSON_GAPS, omit_empty_values=True),
        json_reply("all-omitted", {"a": LOST}, omit_empty_values=True),
        json_reply("empty", {}),
        metadata={"filter_metadata": {"f": JSON_FIELDS}},
    )
)


THEMES = [
    Theme(
        "json-bodies",
        "direct responses whose bodies are JSON",
        JSON_BODIES,
        [
            get(path, "h", ("x-a", value))
            for path in ("/values", "/metadata", "/gaps", "/omitted", "/all-omitted", "/empty")
            for value in ('va"l\\ue', "", "\u00e9\U0001f600")
        ],
    ),
    Theme(
        "path-rewrites.prefix",
        "prefix_rewrite replaces what was matched, and keeps the query",
        table(host("default", ["*"], *PREFIXES)),
        [get(path) for path in PREFIX_PATHS],
    ),
    Theme(
        "path-rewrites.regex",
        "regex_rewrite replaces every match in the path without its query; an empty result leaves the path alone",
        table(
            host(
                "default",
                ["*"],
                *[forward(name, {"prefix": f"/{name}"}, regex_rewrite=rule) for name, rule in REGEXES.items()],
            )
        ),
        [get(path) for path in REGEX_PATHS],
    ),
    Theme(
        "path-rewrites.formatter",
        "path_rewrite is a formatter string",
        table(host("default", ["*"], *FORMATS)),
        [
            get(path + query, "h", *headers)
            for path in ("/fixed/x", "/header", "/only", "/with", "/bare", "/percent")
            for query in ("", "?k=v")
            for headers in ([], [("x-a", "v")], [("x-a", "")], [("x-a", "/a?b")])
        ],
    ),
    Theme(
        "substitution-commands",
        "commands in path_rewrite, host_rewrite, redirects and bodies; the host is rewritten before the path",
        table(
            host(
                "default",
                ["*"],
                *[route for index, command in enumerate(COMMANDS) for route in commanded(index, command)],
                metadata=COMMAND_METADATA,
            )
        ),
        [
            get(f"/{kind}{index}{query}", "h.example:80", *headers)
            for index in range(len(COMMANDS))
            for kind in "phrb"
            for query, headers in (("", []), ("?k=v1&k=v2", [("x-a", "value"), ("x-a", "second")]))
        ],
    ),
    Theme(
        "substitution-commands.odd",
        "commands over escaped query parameters and empty headers",
        table(
            host(
                "default",
                ["*"],
                *[route for index, command in enumerate(ODD_COMMANDS) for route in commanded(index, command)],
            )
        ),
        [
            get(f"/{kind}{index}{query}", "h.example:80")
            for index, command in enumerate(ODD_COMMANDS)
            for kind in "phrb"
            for query in (ODD_QUERIES if "QUERY" in command else ODD_QUERIES[:1])
        ]
        + [
            get(f"/{kind}{index}?k=v", "h.example:80", *headers)
            for index, command in enumerate(ODD_COMMANDS)
            if "QUERY_PARAM(" not in command
            for kind in "phrb"
            for headers in (
                [("x-envoy-original-path", "")],
                [("x-envoy-original-path", "/o?x=y")],
                [("x-envoy-original-path", "?x=y")],
                [("x-a", ""), ("x-b", "b")],
            )
        ],
    ),
    Theme(
        "host-rewrites",
        "literal, header, path regex and formatter",
        table(host("default", ["*"], *HOSTS)),
        [
            get(path, "h.example:80", *headers)
            for path in HOST_PATHS
            for headers in ([], [("x-host", "from.header")], [("x-host", "")], [("x-host", "one"), ("x-host", "two")])
        ],
    ),
    Theme(
        "host-rewrites.auto",
        "auto_host_rewrite takes the endpoint's hostname; each cluster has one, <cluster>.upstream.example",
        table(
            host(
                "default",
                ["*"],
                forward("auto", {"prefix": "/auto"}, auto_host_rewrite=True, cluster="beta"),
                forward("off", {"prefix": "/off"}, auto_host_rewrite=False),
                forward("header", {"prefix": "/h"}, auto_host_rewrite=True, cluster_header="x-cluster"),
            )
        ),
        [get("/auto"), get("/off"), get("/h", "h", ("x-cluster", "gamma")), get("/auto", "h.example:80")],
        pick=True,
    ),
    Theme(
        "clusters",
        "a named cluster, or the one a header names; unknown ones are answered with the configured status",
        table(host("default", ["*"], *CHOICES)),
        [
            get(path, "h", *headers)
            for path in ("/fixed", "/header", "/h404", "/h500", "/h503")
            for headers in (
                [],
                [("x-cluster", "alpha")],
                [("X-CLUSTER", "delta")],
                [("x-cluster", "")],
                [("x-cluster", "nowhere")],
                [("x-cluster", "Alpha")],
                [("x-cluster", "beta"), ("x-cluster", "gamma")],
                [("x-cluster", "nowhere"), ("x-cluster", "gamma")],
                [("x-cluster", "alpha,beta")],
            )
        ],
    ),
    Theme(
        "weighted-clusters",
        "the value of header_name modulo the sum of weights picks the entry",
        table(host("default", ["*"], *WEIGHTED)),
        [
            get(route["match"]["prefix"], "h", ("x-weight", str(number)), *cluster)
            for route in WEIGHTED
            for number in (NUMBERS if route["name"] in ("three", "large") else NUMBERS[:6])
            for cluster in ([[("x-cluster", "gamma")], []] if route["name"] == "by header" else [[]])
        ]
        + [get("/three", "h", ("x-weight", number)) for number in ("+10", "010", "+0", "0029")]
        + [
            get("/one", "h", *headers)
            for headers in ([], [("x-weight", "-1")], [("x-weight", "x")], [("x-weight", "1"), ("x-weight", "2")])
        ],
    ),
]
