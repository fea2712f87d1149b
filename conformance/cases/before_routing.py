# Fairlead: what Envoy refuses before it looks at a route
# SPDX-License-Identifier: Apache-2.0

from cases.theme import Theme, forward, get, host, table

TARGETS = [
    "/",
    "/#",
    "/a#b",
    "/a?b#c",
    "//",
    "//a",
    "/?",
    "/??",
    "/a%23b",
    "/%",
    "/%zz",
    "/%00",
    "/a\x7fb",
    "/é",
    "a",
    "*",
    "?",
    '/"<>[]^`{|}\\',
    "/a/../b",
    "/./a",
    "/a;b",
    "/~!$&'()*+,=:@-._",
]
PRINTABLE = [chr(byte) for byte in range(0x21, 0x7F)]
AUTHORITIES = [
    "a b",
    "é",
    "a:80:90",
    "[::1",
    "::1",
    "a]",
    ":",
    "user@host",
    "user:pass@host:80",
    "%41",
    "a%",
    "a..b",
    "-",
    "_",
]

METHODS = """
GET HEAD POST PUT DELETE OPTIONS TRACE PATCH COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK BIND REBIND
UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE PURGE MKCALENDAR LINK UNLINK
SOURCE get FOO QUERY G-ET
""".split()
ANYTHING = table(host("default", ["*"], forward("any", {"prefix": "/"}), forward("every", {"prefix": ""})))

THEMES = [
    Theme(
        "before-routing.hosts",
        "a missing host, or one with a byte that no host may hold, is 400",
        ANYTHING,
        [get("/", None), get("/a?b", None), get("/", "")]
        + [get("/", f"a{byte}b") for byte in PRINTABLE]
        + [get("/", authority) for authority in AUTHORITIES],
    ),
    Theme(
        "before-routing.paths",
        "a path with a fragment, or with a byte that no path may hold, is 400",
        ANYTHING,
        [get(target) for target in TARGETS] + [get("*", method="OPTIONS")],
    ),
    Theme(
        "before-routing.methods",
        "the HTTP/1 codec knows a fixed list of methods, others are 400",
        ANYTHING,
        [get("/", method=method) for method in METHODS],
    ),
]
