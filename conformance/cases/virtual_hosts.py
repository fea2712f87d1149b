# Fairlead: which virtual host a request belongs to
# SPDX-License-Identifier: Apache-2.0

from cases.theme import Theme, forward, get, host, redirect, reply, table

KINDS = [
    host("exact", ["www.foo.com", "foo.com"]),
    host("upper", ["UPPER.Example"]),
    host("suffix long", ["*-bar.foo.com"]),
    host("suffix", ["*.foo.com"]),
    host("suffix short", ["*.com"]),
    host("suffix bare", ["*oo.com"]),
    host("prefix", ["foo.*"]),
    host("prefix long", ["foo.bar.*"]),
    host("prefix dash", ["foo-*"]),
    host("star in the middle", ["a.*.b"]),
    host("star at both ends", ["*mid*"]),
    host("with port", ["port.net:8080"]),
    host("any port", ["ports.net:*"]),
    host("v6", ["[::1]"]),
    host("v6 port", ["[::1]:80"]),
    host("v6 any port", ["[fe80::1]:*"]),
    host("empty", [""]),
    host("one label", ["localhost"]),
    host("default", ["*"]),
]
HOSTS = """
www.foo.com WWW.FOO.COM foo.com Foo.Com www.foo.com. www.foo.com:80 www.foo.com: foo.com:443 upper.example
UPPER.EXAMPLE upper.example:1 a-bar.foo.com -bar.foo.com a.b-bar.foo.com bar.foo.com .foo.com a.foo.com a.b.foo.com
A.FOO.COM a.foo.com:80 a.foo.com. x.com .com com xfoo.com oo.com a.b.c.com foo. foo.x foo.bar foo.bar. foo.bar.x
FOO.BAR.X foo.x.com foo.bar.com foo- foo-x foo-x.com foo a.*.b a.x.b A.*.B xmid* xmid mid* xmidx xMID* port.net:8080
port.net port.net:80 PORT.net:8080 ports.net:1 ports.net: ports.net ports.net:x [::1] [::1]:80 [::1]:81 [::1]:
[fe80::1] [fe80::1]:1 [FE80::1]:1 ::1 localhost localhost:80 LOCALHOST nothing.at.all * x 127.0.0.1 127.0.0.1:80 a_b
%66oo.com
""".split() + [""]
PORTS = [
    host("plain", ["p.com", "*.suffix.com", "prefix.*"]),
    host("own port", ["own.com:8080"]),
    host("any port", ["any.com:*"]),
    host("v6", ["[::1]"]),
    host("empty", [""]),
    host("default", ["*"]),
]
PORT_HOSTS = """
p.com p.com:80 p.com: p.com:abc p.com:80:90 P.COM:80 a.suffix.com:443 .suffix.com:443 prefix.x:1 prefix.:1
own.com:8080 own.com any.com:1 any.com any.com:1:2 [::1] [::1]:80 [::1]: ::1 [::1 :80 : other:1
""".split() + [""]

THEMES = [
    Theme(
        "virtual-hosts",
        "exact, then longest suffix wildcard, then longest prefix wildcard, then the default",
        table(*KINDS),
        [get("/", authority) for authority in HOSTS],
    ),
    Theme(
        "virtual-hosts.no-default",
        "without a default most hosts find nothing",
        table(*KINDS[:3], host("prefix", ["foo.*"])),
        [
            get("/", authority)
            for authority in ["foo.com", "x-bar.foo.com", "-bar.foo.com", "foo.x", "foo.", "other", ""]
        ],
    ),
    Theme(
        "virtual-hosts.default-only",
        "with nothing but `*` the host is not looked at",
        table(host("default", ["*"])),
        [get("/", authority) for authority in ["x", "", "a.b:80", "[::1]", ":"]],
    ),
    Theme(
        "virtual-hosts.ignore-port",
        "ignore_port_in_host_matching cuts from the port's colon on",
        table(*PORTS, ignore_port_in_host_matching=True),
        [get("/", authority) for authority in PORT_HOSTS],
    ),
    Theme(
        "virtual-hosts.keep-port",
        "without the flag the port is part of the host",
        table(*PORTS),
        [get("/", authority) for authority in PORT_HOSTS],
    ),
    Theme(
        "virtual-hosts.by-header",
        "vhost_header replaces the authority; absent, not even the default answers",
        table(*PORTS, vhost_header="x-vhost"),
        [
            get("/", "p.com", *headers)
            for headers in (
                [],
                [("x-vhost", "p.com")],
                [("x-vhost", "P.com")],
                [("x-vhost", "")],
                [("x-vhost", "a.suffix.com")],
                [("x-vhost", "other")],
                [("x-vhost", "prefix.x"), ("x-vhost", "p.com")],
                [("X-VHOST", "own.com:8080")],
                [("x-vhost", "p.com:80")],
            )
        ],
    ),
    Theme(
        "virtual-hosts.by-header-ignore-port",
        "the port is cut from the header's value too",
        table(*PORTS, vhost_header="x-vhost", ignore_port_in_host_matching=True),
        [get("/", "other", ("x-vhost", value)) for value in ["p.com:80", "p.com", "[::1]:1", ":1"]],
    ),
    Theme(
        "virtual-hosts.by-header-default-only",
        "with nothing but `*` the header is not looked at",
        table(host("default", ["*"]), vhost_header="x-vhost"),
        [get("/", "p.com"), get("/", "p.com", ("x-vhost", "q")), get("/", "")],
    ),
    Theme(
        "virtual-hosts.final",
        "the virtual host is final: no fall-through when none of its routes match",
        table(
            host("narrow", ["a.com"], reply("only", {"prefix": "/only"})),
            host("wide", ["*.com"], reply("wide", {"prefix": "/w"})),
            host("default", ["*"]),
        ),
        [get(path, authority) for authority in ("a.com", "b.com", "c") for path in ("/only", "/w", "/")],
    ),
    Theme(
        "virtual-hosts.no-routes",
        "a virtual host without routes still takes its requests",
        {"name": "vectors", "virtual_hosts": [{"name": "bare", "domains": ["a.com"]}, host("default", ["*"])]},
        [get("/", "a.com"), get("/", "b.com")],
    ),
    Theme(
        "virtual-hosts.require-tls",
        "require_tls redirects whatever is not https, ports kept, before any route",
        table(
            host("all", ["all.com", "all.com:*"], forward("any", {"prefix": "/"}), require_tls="ALL"),
            host("external", ["external.com"], forward("any", {"prefix": "/"}), require_tls="EXTERNAL_ONLY"),
            host("none", ["none.com"], forward("any", {"prefix": "/"}), require_tls="NONE"),
            host("redirects", ["re.com"], redirect("own", {"prefix": "/"}, host_redirect="x.com"), require_tls="ALL"),
            host("no routes", ["bare.com"], reply("never", {"path": "/never"}), require_tls="ALL"),
        ),
        [
            get(path, authority, scheme=scheme)
            for authority in (
                "all.com",
                "ALL.com:80",
                "all.com:443",
                "all.com:8080",
                "external.com",
                "none.com",
                "re.com",
                "bare.com",
            )
            for scheme in ("http", "https")
            for path in ("/", "/a?b=c")
        ],
    ),
]
