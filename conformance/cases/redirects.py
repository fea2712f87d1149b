# Fairlead: redirects and direct responses
# SPDX-License-Identifier: Apache-2.0

from cases.theme import Theme, get, host, redirect, regex, reply, swap, table

SCHEMES = [
    redirect("nothing", {"prefix": "/nothing"}),
    redirect("https", {"prefix": "/https"}, https_redirect=True),
    redirect("not https", {"prefix": "/not-https"}, https_redirect=False),
    redirect("to http", {"prefix": "/http"}, scheme_redirect="http"),
    redirect("to https by name", {"prefix": "/s-https"}, scheme_redirect="https"),
    redirect("to ftp", {"prefix": "/ftp"}, scheme_redirect="ftp"),
    redirect("upper scheme", {"prefix": "/HTTPS"}, scheme_redirect="HTTPS"),
    redirect("port", {"prefix": "/port"}, port_redirect=99),
    redirect("port 80", {"prefix": "/p80"}, port_redirect=80),
    redirect("https and port 443", {"prefix": "/p443"}, https_redirect=True, port_redirect=443),
    redirect("port 0", {"prefix": "/p0"}, port_redirect=0),
    redirect("host", {"prefix": "/host"}, host_redirect="new.com"),
    redirect("host with port", {"prefix": "/hp"}, host_redirect="new.com:1"),
    redirect("host and ports", {"prefix": "/hpp"}, host_redirect="new.com:1", port_redirect=99),
    redirect("host and scheme", {"prefix": "/hs"}, host_redirect="new.com:80", https_redirect=True),
    redirect("host v6", {"prefix": "/h6"}, host_redirect="[::2]", port_redirect=1),
    redirect("empty host", {"prefix": "/he"}, host_redirect=""),
]
AUTHORITIES = """
h.com H.com:80 h.com:443 h.com:81 h.com: h:abc [::1] [::1]:80 [::1]:443 [::1]:81
""".split()
ODD_AUTHORITIES = """
a:b:80 [::1]:8080:80 [::1]:80:80 [::1 [::1]. [::1]:1: :80 : [:80 []:80 ]:80 [a]:80]:80
""".split() + [""]
PATHS = [
    redirect("path", {"prefix": "/path"}, path_redirect="/new"),
    redirect("path bare", {"prefix": "/bare"}, path_redirect="new"),
    redirect("path query", {"prefix": "/query"}, path_redirect="/new?a=b"),
    redirect("path empty query", {"prefix": "/mark"}, path_redirect="/new?"),
    redirect("path strip", {"prefix": "/strip-path"}, path_redirect="/new", strip_query=True),
    redirect("path query strip", {"prefix": "/strip-both"}, path_redirect="/new?a=b", strip_query=True),
    redirect("path fragment", {"prefix": "/fragment"}, path_redirect="/new#f"),
    redirect("path empty", {"prefix": "/empty"}, path_redirect=""),
    redirect("prefix", {"prefix": "/pre"}, prefix_rewrite="/new"),
    redirect("prefix to root", {"prefix": "/old"}, prefix_rewrite="/"),
    redirect("prefix slash", {"prefix": "/dir/"}, prefix_rewrite="/"),
    redirect("prefix bare", {"prefix": "/naked"}, prefix_rewrite="new"),
    redirect("prefix query", {"prefix": "/with"}, prefix_rewrite="/n?q"),
    redirect("prefix query strip", {"prefix": "/wstrip"}, prefix_rewrite="/n?q", strip_query=True),
    redirect("prefix empty", {"prefix": "/none"}, prefix_rewrite=""),
    redirect("prefix on path", {"path": "/whole"}, prefix_rewrite="/new"),
    redirect("prefix on separated", {"path_separated_prefix": "/sep"}, prefix_rewrite="/new"),
    redirect("prefix on regex", {"safe_regex": regex("/re/.*")}, prefix_rewrite="/new"),
    redirect("prefix folded", {"prefix": "/FOLD", "case_sensitive": False}, prefix_rewrite="/new"),
    redirect("regex", {"prefix": "/rx"}, regex_rewrite=swap("^/rx/([^/]+)(.*)$", r"/\1/n\2")),
    redirect("regex to nothing", {"prefix": "/gone"}, regex_rewrite=swap(".*", "")),
    redirect("regex query", {"prefix": "/rq"}, regex_rewrite=swap("^/rq", "/n?x=1")),
    redirect("regex query strip", {"prefix": "/rqs"}, regex_rewrite=swap("^/rqs", "/n?x=1"), strip_query=True),
    redirect("regex bare", {"prefix": "/rb"}, regex_rewrite=swap("^/rb", "n")),
    redirect("regex all", {"prefix": "/ra"}, regex_rewrite=swap("a", "bb")),
    redirect("strip", {"prefix": "/strip"}, strip_query=True),
    redirect("formatter", {"prefix": "/fm"}, path_rewrite="/n/%REQ(x-a)%"),
    redirect("formatter query", {"prefix": "/fq"}, path_rewrite="/n?%REQ(x-a)%"),
    redirect("formatter strip", {"prefix": "/fs"}, path_rewrite="/n?a", strip_query=True),
    redirect("formatter plain strip", {"prefix": "/fp"}, path_rewrite="/n", strip_query=True),
    redirect("formatter nothing", {"prefix": "/fn"}, path_rewrite="%REQ(x-none)%"),
]
ASKED = [
    (path, query)
    for path in (
        "/path",
        "/bare/x",
        "/query",
        "/mark",
        "/strip-path/x",
        "/strip-both",
        "/fragment",
        "/empty/x",
        "/pre",
        "/prefix",
        "/pre/x",
        "/old/x",
        "/old",
        "/dir/x/y",
        "/dir/",
        "/naked/x",
        "/with/x",
        "/wstrip/x",
        "/none/x",
        "/whole",
        "/sep",
        "/sep/x",
        "/re/x/y",
        "/fold/X",
        "/rx/a/b",
        "/rx/a",
        "/rx",
        "/gone/x",
        "/rq/x",
        "/rqs/x",
        "/rb/x",
        "/ra/banana",
        "/strip/x",
        "/fm",
        "/fq/x",
        "/fs/x",
        "/fp/x",
        "/fn/x",
    )
    for query in ("", "?", "?k=v", "?a?b")
]
CODES = ["MOVED_PERMANENTLY", "FOUND", "SEE_OTHER", "TEMPORARY_REDIRECT", "PERMANENT_REDIRECT"]
BODIES = [("empty", None), ("text", "hello"), ("lines", "a\nb\n"), ("utf8", "grüße"), ("none", "")]

THEMES = [
    Theme(
        "redirects",
        "scheme, host and port of the Location",
        table(host("default", ["*"], *SCHEMES)),
        [
            get(route["match"]["prefix"] + "/x?k=v", authority, scheme=scheme)
            for route in SCHEMES
            for authority in AUTHORITIES
            for scheme in ("http", "https")
        ],
    ),
    Theme(
        "redirects.odd-hosts",
        "what counts as the port of an odd authority",
        table(host("default", ["*"], SCHEMES[1], SCHEMES[7])),
        [
            get(path, authority, scheme=scheme)
            for path in ("/https", "/port")
            for authority in ODD_AUTHORITIES
            for scheme in ("http", "https")
        ],
    ),
    Theme(
        "redirects.paths",
        "path, query and rewrites of the Location",
        table(host("default", ["*"], *PATHS)),
        [get(path + query, "h.com") for path, query in ASKED]
        + [get(path, "h.com", ("x-a", value)) for path in ("/fm?k", "/fq?k") for value in ("", "v", "v?w", "a b")],
    ),
    Theme(
        "redirects.codes",
        "the five response codes, for any method",
        table(host("default", ["*"], *[redirect(code, {"path": f"/{code}"}, response_code=code) for code in CODES])),
        [get(f"/{code}", method=method) for code in CODES for method in ("GET", "POST", "HEAD")],
    ),
    Theme(
        "direct-responses",
        "status and body as configured, for any method",
        table(
            host(
                "default",
                ["*"],
                *[reply(label, {"path": f"/{label}"}, 200, body) for label, body in BODIES],
                *[
                    reply(str(status), {"path": f"/{status}"}, status, "body")
                    for status in (200, 201, 299, 301, 400, 404, 418, 500, 503, 599)
                ],
            )
        ),
        [get(f"/{label}", method=method) for label, _ in BODIES for method in ("GET", "POST", "HEAD")]
        + [get(f"/{status}?x") for status in (200, 201, 299, 301, 400, 404, 418, 500, 503, 599)],
    ),
]
