# Fairlead: match trees: random ones, the routes that hang in them, and an executable model of how they are followed
# SPDX-License-Identifier: Apache-2.0

import vocabulary as words
from matchers import chance, string_matcher

TYPE = "type.googleapis.com/"
HEADER_INPUT = TYPE + "envoy.type.matcher.v3.HttpRequestHeaderMatchInput"
DOMAINS = TYPE + "xds.type.matcher.v3.ServerNameMatcher"
ROUTE, ROUTE_LIST = TYPE + "envoy.config.route.v3.Route", TYPE + "envoy.config.route.v3.RouteList"
INPUTS = ["x-a", "X-Mixed", "x-b", ":path", ":method", "Host"]
KEYS = {
    ":path": ["/", "/a", "/api", "/a/", "/api/v1", ""],
    ":method": ["GET", "POST", "G", "P", ""],
    "Host": ["a", "www.", "foo.com", "a.com", ""],
}


def is_tree(virtual_host):
    return "matcher" in virtual_host


def all_routes(virtual_host):
    """The routes of a virtual host, by list or by tree."""
    return virtual_host.get("routes", []) + list(routes_in(virtual_host.get("matcher", {})))


def routes_in(node):
    if isinstance(node, list):
        for item in node:
            yield from routes_in(item)
    elif isinstance(node, dict):
        if "match" in node and any(action in node for action in ("route", "redirect", "direct_response")):
            yield node
            return
        for value in node.values():
            yield from routes_in(value)


# Making


def random_tree(rng, make_route, depth=0):
    """A tree; `make_route()` makes a route."""
    maker = TreeMaker(rng, make_route)
    return maker.tree(depth)


class TreeMaker:
    def __init__(self, rng, make_route):
        self.rng = rng
        self.make_route = make_route

    def tree(self, depth):
        kind = self.rng.choice(["list", "list", "exact", "prefix", "prefix", "domains"])
        name = self.rng.choice(INPUTS)
        if kind == "list":
            count = self.rng.choice([1, 2, 3])
            tree = {"matcher_list": {"matchers": [self.rule(depth) for _ in range(count)]}}
        else:
            tree = {"matcher_tree": {"input": header_input(name), **self.map(kind, name, depth)}}
        if chance(self.rng, 0.6):
            tree["on_no_match"] = self.outcome(depth)
        return tree

    def rule(self, depth):
        return {"predicate": self.predicate(0), "on_match": self.outcome(depth)}

    def predicate(self, depth):
        kind = self.rng.choice(["single", "single", "single", "or_matcher", "and_matcher", "not_matcher"])
        if kind == "single" or depth > 2:
            name = self.rng.choice(INPUTS)
            values = KEYS.get(name, words.VALUES)
            matcher = string_matcher(self.rng, values)
            if "safe_regex" in matcher:
                matcher["safe_regex"]["google_re2"] = {}
            return {"single_predicate": {"input": header_input(name), "value_match": matcher}}
        if kind == "not_matcher":
            return {kind: self.predicate(depth + 1)}
        return {kind: {"predicate": [self.predicate(depth + 1) for _ in range(self.rng.choice([2, 3]))]}}

    def map(self, kind, name, depth):
        if kind == "domains":
            domains = [["*"], ["*.com", "foo.com"], ["a", "*.foo.com"], ["x", "*.io"]]
            entries = [{"domains": names, "on_match": self.outcome(depth)} for names in domains if chance(self.rng, 0.7)]
            return {"custom_match": extension("domains", DOMAINS, domain_matchers=entries)}
        keys = [key for key in KEYS.get(name, ["", "a", "ab", "A", "a,b", "abc"]) if chance(self.rng, 0.6)] or ["a"]
        return {f"{kind}_match_map": {"map": {key: self.outcome(depth) for key in keys}}}

    def outcome(self, depth):
        if depth < 2 and chance(self.rng, 0.3):
            return {"matcher": self.tree(depth + 1)}
        if chance(self.rng, 0.6):
            return {"action": extension("route", ROUTE, **self.make_route())}
        routes = [self.make_route() for _ in range(self.rng.choice([1, 2, 3]))]
        return {"action": extension("routes", ROUTE_LIST, routes=routes)}


def header_input(name):
    return {"name": "header", "typed_config": {"@type": HEADER_INPUT, "header_name": name}}


def extension(label, type_url, **config):
    return {"name": label, "typed_config": {"@type": type_url, **config}}


def inputs(virtual_host):
    """The names and values that the tree looks for, for requests that follow it."""
    found = []
    collect(virtual_host.get("matcher", {}), found)
    return found


def collect(tree, found):
    if not tree:
        return
    for rule in tree.get("matcher_list", {}).get("matchers", []):
        collect_predicate(rule["predicate"], found)
        collect(rule["on_match"].get("matcher", {}), found)
    if "matcher_tree" in tree:
        node = tree["matcher_tree"]
        name = node["input"]["typed_config"]["header_name"]
        for kind in ("exact_match_map", "prefix_match_map"):
            for key, outcome in node.get(kind, {}).get("map", {}).items():
                found.append((name, key))
                collect(outcome.get("matcher", {}), found)
        for entry in node.get("custom_match", {}).get("typed_config", {}).get("domain_matchers", []):
            found += [(name, domain.replace("*", "x")) for domain in entry["domains"]]
            collect(entry["on_match"].get("matcher", {}), found)
    collect(tree.get("on_no_match", {}).get("matcher", {}), found)


def collect_predicate(predicate, found):
    if "single_predicate" in predicate:
        single = predicate["single_predicate"]
        matcher = single["value_match"]
        value = next((matcher[k] for k in ("exact", "prefix", "suffix", "contains") if k in matcher), "a")
        found.append((single["input"]["typed_config"]["header_name"], value))
    for kind in ("or_matcher", "and_matcher"):
        for inner in predicate.get(kind, {}).get("predicate", []):
            collect_predicate(inner, found)
    if "not_matcher" in predicate:
        collect_predicate(predicate["not_matcher"], found)


# Following


def candidates(tree, view, string):
    """The list of routes that the tree leads to, or None; `string(matcher, value)` tells whether a text matches."""
    for outcome in outcomes(tree, view, string):
        found = resolve(outcome, view, string)
        if found is not None:
            return found
    return resolve(tree["on_no_match"], view, string) if "on_no_match" in tree else None


def resolve(outcome, view, string):
    if "matcher" in outcome:
        return candidates(outcome["matcher"], view, string)
    config = outcome["action"]["typed_config"]
    return config.get("routes", []) if config["@type"] == ROUTE_LIST else [config]


def outcomes(tree, view, string):
    """What fits, the best first."""
    if "matcher_list" in tree:
        return [r["on_match"] for r in tree["matcher_list"]["matchers"] if holds(r["predicate"], view, string)]
    if "matcher_tree" not in tree:
        return []
    node = tree["matcher_tree"]
    value = joined(node["input"], view)
    if value is None:
        return []
    if "exact_match_map" in node:
        found = node["exact_match_map"]["map"].get(value)
        return [] if found is None else [found]
    if "prefix_match_map" in node:
        pairs = [(key, o) for key, o in node["prefix_match_map"]["map"].items() if value.startswith(key)]
        return [outcome for _, outcome in sorted(pairs, key=lambda pair: -len(pair[0]))]
    found = []
    for entry in node["custom_match"]["typed_config"]["domain_matchers"]:
        for domain in entry["domains"]:
            if domain == value:
                found.append((1 << 30, entry["on_match"]))
            elif domain.startswith("*") and value and value.endswith(domain[1:]):
                found.append((len(domain), entry["on_match"]))
    return [outcome for _, outcome in sorted(found, key=lambda pair: -pair[0])]


def holds(predicate, view, string):
    if "single_predicate" in predicate:
        single = predicate["single_predicate"]
        value = joined(single["input"], view)
        return value is not None and string(single["value_match"], value)
    if "not_matcher" in predicate:
        return not holds(predicate["not_matcher"], view, string)
    if "or_matcher" in predicate:
        return any(holds(inner, view, string) for inner in predicate["or_matcher"]["predicate"])
    return all(holds(inner, view, string) for inner in predicate["and_matcher"]["predicate"])


def joined(tree_input, view):
    values = view.values(tree_input["typed_config"]["header_name"])
    return ",".join(values) if values else None
