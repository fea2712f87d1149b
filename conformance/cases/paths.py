# Fairlead: path conditions of every kind
# SPDX-License-Identifier: Apache-2.0

from cases.theme import Theme, forward, get, host, regex, reply, swap, table

KINDS = [
    reply("path", {"path": "/exact"}),
    reply("path with slash", {"path": "/slash/"}),
    reply("path with query", {"path": "/never?a"}),
    reply("path folded", {"path": "/Folded", "case_sensitive": False}),
    reply("separated", {"path_separated_prefix": "/api/dev"}),
    reply("separated folded", {"path_separated_prefix": "/API/Folded", "case_sensitive": False}),
    reply("prefix with slash", {"prefix": "/dir/"}),
    reply("prefix with query", {"prefix": "/pre?a"}),
    reply("prefix folded", {"prefix": "/PreFolded", "case_sensitive": False}),
    reply("prefix sensitive", {"prefix": "/Sense", "case_sensitive": True}),
    reply("prefix", {"prefix": "/pre"}),
    reply("encoded", {"prefix": "/%66oo"}),
    reply("double slash", {"prefix": "//two"}),
    reply("regex", {"safe_regex": regex("/re/[a-z]+")}),
    reply("regex folded by flag only", {"safe_regex": regex("/Fold/x"), "case_sensitive": False}),
    reply("regex with (?i)", {"safe_regex": regex("(?i)/Inner/x")}),
    reply("regex anchored", {"safe_regex": regex("^/anchored$")}),
    reply("regex alternatives", {"safe_regex": regex("/alt/a|/alt/ab")}),
    reply("regex with query", {"safe_regex": regex(r"/q\?.*")}),
    reply("regex dot", {"safe_regex": regex("/dot.x")}),
    reply("regex counted", {"safe_regex": regex(r"/n/\d{2,3}")}),
    reply("regex optional", {"safe_regex": regex("/opt(/.*)?")}),
]
ASKED = """
/exact /exact/ /exac /exactt /Exact /exact?a=b /exact? /exact;p //exact /%65xact /slash /slash/ /slash// /never
/never?a /Folded /fOLDED /folded/ /foldeD?x /api/dev /api/dev/ /api/dev/x /api/developer /api/dev;x /api/dev?x
/api/dev// /api/de /API/dev /api/folded /Api/FOLDED/x /api/foldedx /dir /dir/ /dir/x /dirx /dir?/ /pre /pre?a
/prefix /pr /Pre /prefolded /PREFOLDEDx /Sense /sense /foo /%66oo /%66OO /two //two //two/x ///two /re/abc /re/
/re/abc1 /re/abc?x=1 x/re/abc /re/ABC /Fold/x /fold/x /inner/X /INNER/x /anchored /anchored/ /alt/a /alt/ab /alt/abc
/q?x /q /dot.x /dot-x /dot/x /dotx /n/1 /n/12 /n/1234 /opt /opt/ /opt/a/b /optional /
""".split()
PARAMETERS = [
    reply("path", {"path": "/a/b"}),
    reply("separated", {"path_separated_prefix": "/sep"}),
    reply("regex", {"safe_regex": regex("/re/[a-z]+/x")}),
    reply("parameter in path", {"path": "/p;q"}),
    forward("path rewritten", {"path": "/w/x"}, prefix_rewrite="/new"),
    forward("prefix rewritten", {"prefix": "/v/"}, prefix_rewrite="/new/"),
    forward("separated rewritten", {"path_separated_prefix": "/u/x"}, prefix_rewrite="/new"),
    forward("regex rewritten", {"safe_regex": regex("/t/.*")}, prefix_rewrite="/new"),
    forward("replaced", {"prefix": "/s/"}, regex_rewrite=swap("/s/", "/new/")),
    reply("slashes", {"path": "/0//b"}),
    reply("root", {"path": "/"}),
]
PARAMETER_PATHS = """
/a/b /a/b;p /a/b;p=1;q=2 /a;p/b /a;p/b;q /a/b;p/c /a/b;p?q /a/b;/ /;a/b /a;x=/b /sep;p /sep;p/x /sep/x;p /sepx;p
/re/abc;1/x /re;p/abc/x;y /re/abc/x;y /p;q /p /w/x;p /w;p/x /w/x /v/;p /v/a;p /v;p/a /u/x;p /u;p/x /u/x;p/y?k=v
/t/a;p /t;p/a /s/a;p /s;p/a /0/;p/b /;p /;p/ /?;p
""".split()

THEMES = [
    Theme(
        "path-kinds",
        "prefix, path, path_separated_prefix, safe_regex; the query is cut first, nothing is decoded",
        table(host("default", ["*"], *KINDS)),
        [get(path) for path in ASKED],
    ),
    Theme(
        "path-kinds.first-match",
        "the first route that matches wins, whatever its kind",
        table(
            host(
                "default",
                ["*"],
                reply("header first", {"prefix": "/", "headers": [{"name": "x-first"}]}),
                reply("long", {"prefix": "/a/b/c"}),
                reply("short", {"prefix": "/a"}),
                reply("shadowed", {"path": "/a/b"}),
                reply(
                    "never",
                    {"prefix": "/n", "runtime_fraction": {"default_value": {"numerator": 0, "denominator": "HUNDRED"}}},
                ),
                reply(
                    "always",
                    {
                        "prefix": "/n",
                        "runtime_fraction": {"default_value": {"numerator": 1000000, "denominator": "MILLION"}},
                    },
                ),
                reply("always too late", {"prefix": "/n"}),
                reply(
                    "over full",
                    {
                        "prefix": "/o",
                        "runtime_fraction": {"default_value": {"numerator": 101, "denominator": "HUNDRED"}},
                    },
                ),
                reply("regex", {"safe_regex": regex("/r.*")}),
                reply("after regex", {"path": "/rest"}),
                reply("empty prefix", {"prefix": ""}),
            )
        ),
        [
            get(path)
            for path in ["/a", "/a/b", "/a/b/c", "/a/b/cd", "/abc", "/n", "/n/x", "/o", "/rest", "/r", "/b", "/"]
        ]
        + [get("/a/b", "h", ("x-first", "1"))],
    ),
    Theme(
        "path-kinds.parameters",
        "ignore_path_parameters_in_path_matching drops `;…` from every segment, for matching only",
        table(host("default", ["*"], *PARAMETERS), ignore_path_parameters_in_path_matching=True),
        [get(path) for path in PARAMETER_PATHS],
    ),
    Theme(
        "path-kinds.keep-parameters",
        "without the flag `;` is a byte like any other",
        table(host("default", ["*"], *PARAMETERS)),
        [get(path) for path in PARAMETER_PATHS[:20]],
    ),
]
