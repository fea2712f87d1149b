# Fairlead: records which endpoints the real Envoy chooses in clusters with subsets, into Tests/Vectors/balancing
# SPDX-License-Identifier: Apache-2.0
"""Kind `subsets`: `cases` are [criteria, endpoints]: what the route asks of `envoy.lb`, and the endpoint of each of `keys`,
by the hash of header `x-key`. Criteria of null are a route without `metadata_match`, an endpoint of null is none."""

from cases import subsets
from oracle import Oracle
from record_balancing import named, write_case


def table(cases):
    """One route for each criteria of each `(cluster, criteria)`, chosen by header `x-case`."""
    routes = []
    for name, asked in cases:
        for number, criteria in enumerate(asked):
            action = {"cluster": name, "hash_policy": [{"header": {"header_name": "x-key"}}]}
            if criteria is not None:
                action["metadata_match"] = {"filter_metadata": {"envoy.lb": criteria}}
            header = {"name": "x-case", "string_match": {"exact": f"{name}/{number}"}}
            routes.append({"match": {"prefix": "/", "headers": [header]}, "route": action})
    return {"name": "subsets", "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]}


def requests(name, asked, keys):
    return [
        {"authority": "h", "path": "/", "headers": [["x-case", f"{name}/{number}"], ["x-key", key]]}
        for number in range(len(asked))
        for key in keys
    ]


def grouped(endpoints, keys):
    return [endpoints[start : start + len(keys)] for start in range(0, len(endpoints), len(keys))]


def ask_envoy(cases, keys):
    """For each `(name, cluster, criteria)` a list of endpoints for each criteria."""
    routes = table([(name, asked) for name, _, asked in cases])
    with Oracle({"subsets": routes}, [named(cluster, name) for name, cluster, _ in cases]) as oracle:
        return [
            grouped([seen.endpoint for seen in oracle.ask("subsets", requests(name, asked, keys))], keys)
            for name, _, asked in cases
        ]


def record_subsets():
    cases = [(case.name, case.cluster, case.criteria) for case in subsets.SUBSETS]
    for case, told in zip(subsets.SUBSETS, ask_envoy(cases, subsets.KEYS)):
        write_case(case, "subsets", {"keys": subsets.KEYS, "cases": list(zip(case.criteria, told))})
