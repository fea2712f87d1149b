# Fairlead: shrinks a table and a request to the least that still shows a difference
# SPDX-License-Identifier: Apache-2.0
"""Each round makes every single-step reduction of the table and of the request, tries them all in one Envoy, and
keeps one that still differs. The rounds end when no reduction differs any more.
"""

import copy

ROUND = 60
ESSENTIAL = set("""
match route redirect direct_response name domains prefix path safe_regex path_separated_prefix cluster cluster_header
weighted_clusters clusters weight status default_value numerator denominator string_match header_name virtual_hosts
routes start end exact suffix contains regex pattern substitution inline_string filter key value matcher matcher_list
matchers matcher_tree predicate on_match input typed_config @type map exact_match_map prefix_match_map custom_match
domain_matchers single_predicate value_match action or_matcher and_matcher not_matcher path_match_policy path_template
path_template_rewrite google_re2
""".split())


def minimise(table, request, still_differs, rounds=40):
    """`still_differs([(table, request)])` gives one truth value per pair. Returns the reduced pair."""
    for _ in range(rounds):
        candidates = reductions(table, request)
        found = None
        for start in range(0, len(candidates), ROUND):
            part = candidates[start : start + ROUND]
            verdicts = still_differs(part)
            found = next((pair for pair, differs in zip(part, verdicts) if differs), None)
            if found:
                break
        if found is None:
            return table, request
        table, request = found
    return table, request


def reductions(table, request):
    """Largest steps first."""
    hosts = table["virtual_hosts"]
    pairs = []

    def reduced(change):
        smaller = copy.deepcopy(table)
        change(smaller)
        pairs.append((smaller, request))

    for i in range(len(hosts)):
        if len(hosts) > 1:
            reduced(lambda t, i=i: t["virtual_hosts"].pop(i))
    for i, host in enumerate(hosts):
        routes = host.get("routes", [])
        if len(routes) > 3:
            half = len(routes) // 2
            reduced(
                lambda t, i=i, half=half: t["virtual_hosts"][i].update(routes=t["virtual_hosts"][i]["routes"][:half])
            )
            reduced(
                lambda t, i=i, half=half: t["virtual_hosts"][i].update(routes=t["virtual_hosts"][i]["routes"][half:])
            )
        for j in range(len(routes)):
            reduced(lambda t, i=i, j=j: t["virtual_hosts"][i]["routes"].pop(j))
    pairs += [(table, smaller) for smaller in request_reductions(request)]
    for i, host in enumerate(hosts):
        for j in range(len(host["domains"])):
            if len(host["domains"]) > 1:
                reduced(lambda t, i=i, j=j: t["virtual_hosts"][i]["domains"].pop(j))
    for path in optional_paths(table):
        reduced(lambda t, path=path: remove(t, path))
    return pairs


def optional_paths(node, path=()):
    """Places of optional keys and of list items that a table can do without."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ESSENTIAL or key == "name" and "match" in node:
                yield (*path, key)
            yield from optional_paths(value, (*path, key))
    elif isinstance(node, list) and path[-1] in (
        "headers",
        "query_parameters",
        "cookies",
        "routes",
        "virtual_hosts",
        "clusters",
    ):
        for i, value in enumerate(node):
            if path[-1] in ("headers", "query_parameters", "cookies") and len(node) > 1:
                yield (*path, i)
            yield from optional_paths(value, (*path, i))


def remove(table, path):
    node = table
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]


def request_reductions(request):
    for i in range(len(request.get("headers", []))):
        yield {**request, "headers": request["headers"][:i] + request["headers"][i + 1 :]}
    for key in ("scheme", "method"):
        if key in request and request[key] != "GET":
            yield {k: v for k, v in request.items() if k != key}
    path, mark, query = request["path"].partition("?")
    if mark:
        yield {**request, "path": path}
        pairs = query.split("&")
        for i in range(len(pairs)):
            if len(pairs) > 1:
                yield {**request, "path": path + mark + "&".join(pairs[:i] + pairs[i + 1 :])}
