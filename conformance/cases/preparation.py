# Fairlead: what the connection manager's options do to a request before it is routed
# SPDX-License-Identifier: Apache-2.0

from cases.theme import Theme, forward, get, host, reply, table

ANYTHING = table(host("default", ["*"], forward("any", {"prefix": ""})))
PATHS = r"""
/ // /// /a//b /a/ /a// /a/./b /a/../b /a/.. /a/. /.. /../.. /../a /a/b/../../c /a//../b /a/%2e%2e/b /a/%2e/b
/a/.%2E/b /a/%2e. /a/..b /a/... /. /./ /a\b /a\..\b /a/..\b /%2e /a%2fb /a%2Fb /a%5cb /a%5C..%5cb /a%2f..%2fb
/a?x=%2f..//%5c /a?/../b /a%2f?%2f /a/..?q /a% /a%2 /a%zz /a%2%2f //a //a// /a//?// /a%2f%2fb /a;b/../c /a%252fb
/a%25%32%66b /a%00b /%41%5a%7e%2D /a..// ///.. /a/b/c/./../../g /a///../b /%2E%2e/%2e./x /a/%2e%2e%2fb /a/..%2f
/%2f /%2f%2f /a%2f%2e%2e%2fb /a[b]^c|{d}`e"<> /a/..;/b /a/..;x/b /a/.;x=1/b /a/..; /a/.;x /a/%2e%2e;x/b /a/...;/b
/a/..%3b/b /a/;/b /a/..;x\b /a/..;%2f/b /a;x/..;y/b /a/%2e;/b /a#b /a%23b
""".split()
ESCAPES = [f"/a%{byte:02x}b" for byte in range(256)]
HOSTS = """
h h. h.. . h:80 h.:80 h.: h: h:abc h:+80 h:080 h:-1 h:99999999999 h:80:90 [::1] [::1]:80 [::1]. 1.2.3.4. 1.2.3.4.:5
::1 h:0 h.x:80 h:80. :80 .:80 h:65536 a,b:80 [::1 h%:80
""".split() + [""]
TARGETS = """
http://x/y?z HTTP://x/y?z https://x/y?z http://X:80 ftp://x/y http:///y http://x?y http://x/a#y http://u@x/a //x/y *
http://x x/y http:x/y http://[::1]:80/ http://x|y/ http://h:0/ http://h:/ http://h:65535/ http://h:65536/
http://h:080/ http://:80/ http://[::1/ http://[]/ http://[::1]x/ http://a@b@c/ http://@h/ http://u:p@h:80/
http://h?q/r http://h/a/../b http://h//a http://h. http:// hTTps://h/ x://h/ http+x://h ://h 1http://h http://a%41/
http://h:80:90/ http://h:1:080?q http://-/ http://a_b/ http://a,b/
""".split()
CONNECTS = "h:80 h h: h:0 h:99999 [::1]:80 [::1] h:80/ h:80?x a,b:80 *:80 :80 u@h:80 h_x:80 http://h /".split()

# Each probe is a path of its own that only a request with that header, as it is routed, reaches.
PROBES = [
    ("scheme-https", ":scheme", "https"),
    ("scheme-http", ":scheme", "http"),
    ("proto-https", "x-forwarded-proto", "https"),
    ("proto-http", "x-forwarded-proto", "http"),
    ("inside", "x-envoy-internal", "true"),
    ("retry", "x-envoy-retry-on", "5xx"),
    ("original", "x-envoy-original-path", "/o"),
    ("other", "x-envoy-foo", "1"),
    ("external", "x-envoy-external-address", "8.8.8.8"),
    ("for", "x-forwarded-for", "10.0.0.1,8.8.8.8"),
    ("trailers", "te", "trailers"),
    ("joined", "accept", "a,b"),
    ("apart", "x-a", "b"),
    ("kept", "connection", "close"),
    ("http", "upgrade", "h2c"),
]
PROBED = table(
    host(
        "default",
        ["*"],
        *(
            reply(label, {"path": f"/{label}", "headers": [{"name": name, "string_match": {"exact": value}}]})
            for label, name, value in PROBES
        ),
    )
)
INTERNAL_ONLY = {
    **PROBED,
    "internal_only_headers": [
        "X-A",
        "accept",
        "x-envoy-foo",
        "x-forwarded-proto",
        "te",
        "x-forwarded-for",
        "x-envoy-external-address",
    ],
}
SAYINGS = [
    [],
    [("x-forwarded-proto", "https")],
    [("x-forwarded-proto", "HTTPS")],
    [("x-forwarded-proto", "ftp")],
    [("x-forwarded-proto", "")],
    [("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")],
    [("x-forwarded-for", "10.0.0.1")],
    [("x-forwarded-for", "10.0.0.1"), ("X-Forwarded-For", "8.8.8.8")],
    [("x-forwarded-for", "8.8.8.8")],
    [("x-forwarded-for", "8.8.8.8,10.0.0.1,")],
    [("x-forwarded-for", "junk")],
    [("x-forwarded-for", "::1")],
    [("x-forwarded-for", "fd00::9")],
    [("x-envoy-retry-on", "5xx"), ("x-envoy-original-path", "/o"), ("x-envoy-foo", "1"), ("x-envoy-internal", "true")],
    [("x-envoy-retry-on", "5xx"), ("x-envoy-original-path", "/o"), ("x-forwarded-for", "10.0.0.1")],
    [("te", "trailers")],
    [("te", "gzip, trailers")],
    [("te", "Trailers")],
    [("te", "x, TRAILERS"), ("connection", "te")],
    [("accept", "a"), ("x-a", "a"), ("Accept", "b"), ("x-a", "b")],
    [("connection", "close")],
    [("connection", "x-a, accept"), ("x-a", "b"), ("accept", "a,b")],
    [("connection", "x-forwarded-for")],
    [("connection", "X-Forwarded-Proto")],
    [("connection", ":path")],
    [("connection", "host")],
    [("connection", "a,b,c,d,e,f,g,h,i")],
    [("connection", "a,b,c,d,e,f,g,h,i,j")],
    [("connection", "Upgrade, HTTP2-Settings"), ("upgrade", "h2c"), ("http2-settings", "x")],
]
INTERNAL_SAYINGS = [
    [*origin, *lines]
    for origin in (
        [],
        [("x-forwarded-for", "10.0.0.1")],
        [("x-forwarded-for", "8.8.8.8")],
        [("x-forwarded-for", "10.0.0.1,8.8.8.8")],
    )
    for lines in (
        [("X-a", "b")],
        [("accept", "a"), ("Accept", "b"), ("x-a", "b"), ("x-envoy-foo", "1")],
        [("x-forwarded-proto", "https"), ("te", "trailers")],
    )
]
INSIDE = {"cidr_ranges": [{"address_prefix": "10.0.0.0", "prefix_len": 8}]}
REMOTE = {"use_remote_address": True, "skip_xff_append": True}


def escaped(action):
    return {"path_with_escaped_slashes_action": action}


def paths(name, about, **options):
    return Theme(f"before-routing.{name}", about, ANYTHING, [get(path) for path in PATHS], manager=options)


def hosts(name, about, **options):
    return Theme(f"before-routing.{name}", about, ANYTHING, [get("/", name) for name in HOSTS], manager=options)


def probes(name, about, **options):
    asked = [get(f"/{label}", "h", *headers) for headers in SAYINGS for label, _, _ in PROBES]
    return Theme(f"before-routing.{name}", about, PROBED, asked, manager=options)


def internal_only(name, about, **options):
    labels = ["apart", "joined", "other", "proto-https", "proto-http", "trailers", "for", "external"]
    asked = [get(f"/{label}", "h", *headers) for headers in INTERNAL_SAYINGS for label in labels]
    return Theme(f"before-routing.{name}", about, INTERNAL_ONLY, asked, manager=options)


THEMES = [
    internal_only(
        "internal-only",
        "internal_only_headers are taken off requests from outside",
        internal_address_config=INSIDE,
    ),
    internal_only("internal-only.edge", "the same at the edge", **REMOTE),
    paths("normalized", "normalize_path: dot segments, escapes, parameters of dot segments", normalize_path=True),
    Theme(
        "before-routing.escapes",
        "normalize_path unescapes what means the same either way, and refuses NUL",
        ANYTHING,
        [get(path) for path in ESCAPES],
        manager={"normalize_path": True},
    ),
    paths("merged-slashes", "merge_slashes: runs become one; a path of slashes keeps two", merge_slashes=True),
    paths("escaped-slashes.refused", "escaped slashes are refused", **escaped("REJECT_REQUEST")),
    paths("escaped-slashes.redirected", "escaped slashes send the client away", **escaped("UNESCAPE_AND_REDIRECT")),
    paths("escaped-slashes.unescaped", "escaped slashes become slashes", **escaped("UNESCAPE_AND_FORWARD")),
    paths(
        "paths.all",
        "unescaping comes first, then the normal form, then merging",
        normalize_path=True,
        merge_slashes=True,
        **escaped("UNESCAPE_AND_FORWARD"),
    ),
    paths(
        "paths.all-redirected",
        "a redirect goes to the normal form",
        normalize_path=True,
        merge_slashes=True,
        **escaped("UNESCAPE_AND_REDIRECT"),
    ),
    hosts("host-dots", "strip_trailing_host_dot", strip_trailing_host_dot=True),
    hosts("host-ports", "strip_any_host_port takes off numbers only", strip_any_host_port=True),
    hosts("host-dots-and-ports", "the dot goes first", strip_trailing_host_dot=True, strip_any_host_port=True),
    Theme(
        "before-routing.targets",
        "a URL as the target brings its own host and scheme; CONNECT wants a host with a port",
        ANYTHING,
        [get(target) for target in TARGETS]
        + [get("*", method="OPTIONS"), get("http://x", method="OPTIONS"), get("http://x/y", None)]
        + [get(target, method="CONNECT") for target in CONNECTS],
        manager={},
    ),
    Theme(
        "before-routing.targets.edge",
        "at the edge, a URL of https needs an encrypted connection",
        ANYTHING,
        [get(target) for target in ("https://x/", "HTTPS://x/", "http://x/", "https://x?q")],
        manager={"use_remote_address": True},
    ),
    probes("headers", "which headers are believed by default, and which end here"),
    probes("headers.hops", "xff_num_trusted_hops without use_remote_address", xff_num_trusted_hops=1),
    probes("headers.inside", "a single address in x-forwarded-for can be inside", internal_address_config=INSIDE),
    probes("headers.private", "without ranges, private networks are inside", internal_address_config={}),
    probes("headers.edge", "use_remote_address: nobody's word counts", **REMOTE),
    probes("headers.edge-hops", "use_remote_address behind one proxy", xff_num_trusted_hops=1, **REMOTE),
    probes(
        "headers.edge-inside",
        "use_remote_address and a peer that is inside",
        internal_address_config={"cidr_ranges": [{"address_prefix": "127.0.0.0", "prefix_len": 8}]},
        **REMOTE,
    ),
    probes(
        "headers.scheme",
        "scheme_to_overwrite decides scheme and x-forwarded-proto",
        scheme_header_transformation={"scheme_to_overwrite": "https"},
    ),
]
