# Fairlead: counts which kinds of matcher and action a run has exercised, both ways
# SPDX-License-Identifier: Apache-2.0
"""For each kind: how often a route holding it was chosen, and how often one was passed over for a later route (or
none) in the same virtual host. A kind that was never chosen, or never passed over, has not been tested.
"""

import json
from collections import Counter

import trees
from managers import MANAGER

STRING_KINDS = ("exact", "prefix", "suffix", "contains", "safe_regex")


class Coverage:
    def __init__(self):
        self.chosen = Counter()
        self.passed = Counter()
        self.domains = Counter()
        self.actions = Counter()
        self.options = Counter()

    def count(self, table, request, answer, chosen):
        for option, value in table.get(MANAGER, {}).items():
            self.options[f"{option} {json.dumps(value)}" if isinstance(value, (bool, str, int)) else option] += 1
        self.actions[answer["action"] + (f" {answer['status']}" if answer["action"] == "none" else "")] += 1
        virtual_host = next((v for v in table["virtual_hosts"] if v["name"] == answer.get("virtual_host")), None)
        if virtual_host is None:
            return
        self.domains[domain_kind(table, virtual_host, request.get("authority") or "")] += 1
        if answer["action"] == "none" and answer["status"] != 404:
            return
        if trees.is_tree(virtual_host):
            self.count_tree(virtual_host, chosen)
            return
        for route in virtual_host.get("routes", []):
            hit = chosen is not None and route["match"] == chosen["match"]
            (self.chosen if hit else self.passed).update(kinds(route["match"]))
            if hit:
                self.chosen.update(action_kinds(route))
                return

    def count_tree(self, virtual_host, chosen):
        """In a tree there is no order in which all routes are looked at: only what was chosen is known."""
        (self.passed if chosen is None else self.chosen).update(trees_kinds(virtual_host["matcher"]))
        if chosen is not None:
            self.chosen.update(kinds(chosen["match"]))
            self.chosen.update(action_kinds(chosen))

    def add(self, other):
        """Adds the counts of `other`."""
        for name in ("chosen", "passed", "domains", "actions", "options"):
            getattr(self, name).update(getattr(other, name))

    def lines(self):
        yield "answers:  " + ", ".join(f"{k} {n}" for k, n in sorted(self.actions.items()))
        yield "domains:  " + ", ".join(f"{k} {n}" for k, n in sorted(self.domains.items()))
        for option, count in sorted(self.options.items()):
            yield f"manager {option:<60}{count:>9}"
        yield f"{'kind':<44}{'chosen':>9}{'passed':>9}"
        for kind in sorted(self.chosen.keys() | self.passed.keys()):
            passed = "" if kind.startswith("action") else self.passed[kind]
            yield f"{kind:<44}{self.chosen[kind]:>9}{passed:>9}"


def domain_kind(table, virtual_host, host):
    """How the host was found, told from the domains that could have led here."""
    if "vhost_header" in table:
        return "by header"
    host = host.lower()
    domains = [domain.lower() for domain in virtual_host["domains"]]
    candidates = [host]
    if table.get("ignore_port_in_host_matching"):
        candidates.append(host.rpartition(":")[0])
    if any(candidate in domains for candidate in candidates):
        return "exact"
    for candidate in candidates:
        if any(d != "*" and d.startswith("*") and candidate.endswith(d[1:]) for d in domains):
            return "suffix wildcard"
        if any(not d.startswith("*") and d.endswith("*") and candidate.startswith(d[:-1]) for d in domains):
            return "prefix wildcard"
    return "default"


def string_kind(matcher):
    kind = next(k for k in STRING_KINDS if k in matcher)
    return kind + (" ignore_case" if matcher.get("ignore_case") else "")


def specifier_kind(matcher):
    if "string_match" in matcher:
        return "string " + string_kind(matcher["string_match"])
    for key in matcher:
        if key.endswith("_match") and key != "invert_match":
            return f"{key} {str(matcher[key]).lower()}" if key == "present_match" else key
    return "no specifier"


def trees_kinds(tree):
    """What a tree, and the trees in it, are made of."""
    found = {key for key in ("matcher_list", "exact_match_map", "prefix_match_map", "custom_match") if has_key(tree, key)}
    found |= {key for key in ("and_matcher", "or_matcher", "not_matcher", "on_no_match") if has_key(tree, key)}
    return [f"tree with {key}" for key in sorted(found)]


def has_key(node, key):
    if isinstance(node, list):
        return any(has_key(item, key) for item in node)
    return isinstance(node, dict) and (key in node or any(has_key(value, key) for value in node.values()))


def kinds(match):
    path = next(
        k for k in ("prefix", "path", "path_separated_prefix", "safe_regex", "path_match_policy") if k in match
    )
    yield f"path {path}" + (" case-insensitive" if match.get("case_sensitive") is False else "")
    for matcher in match.get("headers", []):
        name = matcher["name"] if matcher["name"].startswith(":") else "header"
        kind = f"{name} {specifier_kind(matcher)}"
        yield kind
        if matcher.get("invert_match"):
            yield "header inverted"
        if matcher.get("treat_missing_header_as_empty"):
            yield "header treat_missing_header_as_empty"
    for matcher in match.get("query_parameters", []):
        yield f"query {specifier_kind(matcher)}"
    if "runtime_fraction" in match:
        yield "runtime_fraction"
    for key in ("cookies", "grpc", "tls_context", "dynamic_metadata"):
        if key in match:
            yield key


def action_kinds(route):
    for kind in ("route", "redirect", "direct_response"):
        if kind in route:
            yield f"action {kind}"
            for key in route[kind]:
                yield f"action {kind} {key}"
