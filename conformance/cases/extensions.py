# Fairlead: URI templates and match trees
# SPDX-License-Identifier: Apache-2.0

from cases.theme import Theme, forward, get, host, reply, table

TYPE = "type.googleapis.com/"


def template(pattern):
    config = {
        "@type": TYPE + "envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig",
        "path_template": pattern,
    }
    return {"path_match_policy": {"name": "envoy.path.match.uri_template.uri_template_matcher", "typed_config": config}}


def rewritten(pattern):
    config = {
        "@type": TYPE + "envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig",
        "path_template_rewrite": pattern,
    }
    return {
        "path_rewrite_policy": {"name": "envoy.path.rewrite.uri_template.uri_template_rewriter", "typed_config": config}
    }


TEMPLATES = [
    reply("one", template("/one/*/end")),
    reply("rest", template("/rest/**")),
    reply("literal", template("/literal/path")),
    forward("swap", template("/swap/{a}/{b}"), **rewritten("/{b}/{a}")),
    forward("tail", template("/tail/{first}/{more=**}"), **rewritten("/{more}/x/{first}")),
    forward("inner", template("/inner/{v=videos/*}/x"), **rewritten("/got/{v}")),
    forward("suffix", template("/suffix/**.m3u8"), **rewritten("/fixed")),
    reply("star dot", template("/file/*.txt")),
    forward("kept", template("/kept/{a}")),
    reply("upper", template("/UPPER/*")),
]
PATHS = """
/one/x/end /one//end /one/end /one/x/y/end /one/x/end?q /one/x/end/ /rest /rest/ /rest/a /rest/a/b?c /literal/path
/literal/path/ /literal/Path /swap/1/2 /swap/1/2?k=v /swap/1/ /swap/1/2/3 /swap/a-b/c.d /swap/%61/b /tail/a/b/c
/tail/a/ /tail/a /tail/a/b?k /inner/videos/1/x /inner/video/1/x /suffix/a/b.m3u8 /suffix/.m3u8 /suffix/a.m3u
/file/a.txt /file/.txt /kept/x?y /UPPER/x /upper/x /
""".split()


def on_header(name):
    config = {"@type": TYPE + "envoy.type.matcher.v3.HttpRequestHeaderMatchInput", "header_name": name}
    return {"name": "request-headers", "typed_config": config}


def then(*routes):
    if len(routes) == 1:
        config = {"@type": TYPE + "envoy.config.route.v3.Route", **routes[0]}
    else:
        config = {"@type": TYPE + "envoy.config.route.v3.RouteList", "routes": list(routes)}
    return {"action": {"name": "route", "typed_config": config}}


def when(source, matcher):
    return {"single_predicate": {"input": source, "value_match": matcher}}


TREE = {
    "matcher_tree": {
        "input": on_header("x-version"),
        "exact_match_map": {
            "map": {
                "a": then(reply("a")),
                "picky": then(reply("picky", {"prefix": "/only"})),
                "list": then(
                    reply("list 1", {"prefix": "/1"}),
                    reply("list 2", {"prefix": "/2"}),
                    reply("list 3", {"prefix": "/"}),
                ),
            }
        },
    },
    "on_no_match": then(reply("otherwise")),
}
PREFIX_TREE = {
    "matcher_tree": {
        "input": on_header(":path"),
        "prefix_match_map": {
            "map": {"/a": then(reply("short")), "/a/b": then(reply("long")), "": then(reply("empty"))}
        },
    }
}
LIST = {
    "matcher_list": {
        "matchers": [
            {
                "predicate": {
                    "and_matcher": {
                        "predicate": [
                            when(on_header("x"), {"exact": "1"}),
                            when(on_header(":path"), {"contains": "k=v"}),
                        ]
                    }
                },
                "on_match": then(reply("and")),
            },
            {
                "predicate": {
                    "or_matcher": {
                        "predicate": [when(on_header("y"), {"exact": "1"}), when(on_header("z"), {"suffix": "1"})]
                    }
                },
                "on_match": then(reply("or")),
            },
            {
                "predicate": {"not_matcher": when(on_header(":method"), {"exact": "GET"})},
                "on_match": then(reply("not")),
            },
            {"predicate": when(on_header("x"), {"exact": "deep"}), "on_match": {"matcher": TREE}},
        ]
    }
}


def to_cluster(name):
    config = {"@type": TYPE + "envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction", "cluster": name}
    return {"action": {"name": "cluster", "typed_config": config}}


def specifier(matcher, **options):
    config = {
        "@type": TYPE + "envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier",
        "cluster_matcher": matcher,
    }
    return {"extension": {"name": "chooser", "typed_config": config}, **options}


def chosen_by(name, prefix, **action):
    return {"name": name, "match": {"prefix": prefix}, "route": action}


CLUSTER_RULES = {
    "matcher_list": {
        "matchers": [
            {"predicate": when(on_header("x"), {"exact": "1"}), "on_match": to_cluster("beta")},
            {"predicate": when(on_header("x"), {"exact": "lost"}), "on_match": to_cluster("lost")},
            {
                "predicate": when(on_header(":path"), {"contains": "deep"}),
                "on_match": {
                    "matcher": {
                        "matcher_tree": {
                            "input": on_header("y"),
                            "exact_match_map": {"map": {"1": to_cluster("gamma")}},
                        }
                    }
                },
            },
        ]
    }
}
UNKNOWN = {
    "extension": {"name": "unknown", "typed_config": {"@type": TYPE + "google.protobuf.Struct"}},
    "is_optional": True,
}
CHOSEN = table(
    host(
        "default",
        ["*"],
        chosen_by("named", "/named", cluster_specifier_plugin="chooser"),
        chosen_by(
            "open",
            "/open",
            inline_cluster_specifier_plugin=specifier(CLUSTER_RULES),
            cluster_not_found_response_code="NOT_FOUND",
        ),
        chosen_by("idle", "/idle", inline_cluster_specifier_plugin=UNKNOWN),
        chosen_by("idle-named", "/idle", cluster_specifier_plugin="unknown"),
        reply("rest"),
    ),
    cluster_specifier_plugins=[specifier({**CLUSTER_RULES, "on_no_match": to_cluster("alpha")}), UNKNOWN],
)


def tree_host(name, matcher):
    return {"name": name, "domains": [f"{name}.com"], "matcher": matcher}


THEMES = [
    Theme(
        "uri-templates",
        "path_match_policy with URI templates, and rewrites from their variables",
        table(host("default", ["*"], *TEMPLATES)),
        [get(path) for path in PATHS],
    ),
    Theme(
        "cluster-specifiers",
        "routes whose cluster a match tree chooses, and routes that need an extension which nobody knows",
        CHOSEN,
        [
            get(path, "h", *headers)
            for path in ("/named", "/open", "/named/deep", "/open/deep", "/idle")
            for headers in ([], [("x", "1")], [("x", "2")], [("x", "lost")], [("y", "1")], [("x", "1"), ("x", "2")])
        ],
    ),
    Theme(
        "match-trees",
        "virtual hosts that choose through a match tree",
        table(tree_host("tree", TREE), tree_host("prefix", PREFIX_TREE), tree_host("list", LIST)),
        [
            get(path, "tree.com", *headers)
            for path in ("/", "/1", "/2x", "/only")
            for headers in (
                [],
                [("x-version", "a")],
                [("x-version", "A")],
                [("x-version", "picky")],
                [("x-version", "list")],
                [("x-version", "")],
                [("x-version", "a"), ("x-version", "b")],
            )
        ]
        + [get(path, "prefix.com") for path in ("/", "/a", "/a/b", "/a/bc?x", "/ab", "/b")]
        + [
            get(path, "list.com", *headers, method=method)
            for path in ("/", "/?k=v1", "/?k=w", "/only")
            for method in ("GET", "POST")
            for headers in (
                [],
                [("x", "1")],
                [("y", "1")],
                [("z", "01")],
                [("x", "deep")],
                [("x", "deep"), ("x-version", "picky")],
            )
        ],
    ),
]
