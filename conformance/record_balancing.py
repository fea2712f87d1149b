# Fairlead: records which endpoint the real Envoy chooses, cluster by cluster, into Tests/Vectors/balancing
# SPDX-License-Identifier: Apache-2.0
"""The request's hash is that of header `x-key`. Four kinds of vector:

- `hash`: `cases` are [key, endpoint];
- `priorities`: the same, one key for each value of hash % 100, in that order; `load` counts them by priority;
- `sequence`: endpoints in the order they were chosen, to be compared as a cycle: the start is random;
- `shares`: how often each endpoint was chosen, out of `requests`; left to chance, so to be compared with tolerance.

An endpoint of null means that none could be chosen.
"""

import json
from collections import Counter

from cases import clusters
from oracle import Oracle
from vectors import compact, indented, write

TABLE = {
    "name": "balancing",
    "virtual_hosts": [
        {
            "name": "all",
            "domains": ["*"],
            "routes": [
                {
                    "match": {"prefix": "/"},
                    "route": {"cluster_header": "x-cluster", "hash_policy": [{"header": {"header_name": "x-key"}}]},
                }
            ],
        }
    ],
}
SEQUENCE = 72
SHARES = 20000


def record_balancing():
    cases = clusters.HASHED + clusters.PRIORITIES + clusters.SEQUENCES + clusters.SHARES
    configured = [named(case.cluster, case.name) for case in cases]
    with Oracle({"balancing": TABLE}, configured) as oracle:
        for case in clusters.HASHED:
            told = chosen(oracle, case, clusters.KEYS)
            write_case(case, "hash", {"cases": list(zip(clusters.KEYS, told))})
        keys = clusters.by_remainder()
        for case in clusters.PRIORITIES:
            told = chosen(oracle, case, keys)
            write_case(case, "priorities", {"load": load(case.cluster, told), "cases": list(zip(keys, told))})
        for case in clusters.SEQUENCES:
            # One at a time: endpoints must not be seen busy, and the order is the point.
            told = [chosen(oracle, case, ["x"])[0] for _ in range(SEQUENCE)]
            write_case(case, "sequence", {"sequence": told})
        for case in clusters.SHARES:
            told = Counter(chosen(oracle, case, ["x"] * SHARES))
            write_case(case, "shares", {"requests": SHARES, "shares": sorted(told.items(), key=str)})


def named(cluster, name):
    assignment = {**cluster["load_assignment"], "cluster_name": name}
    return {**cluster, "name": name, "load_assignment": assignment}


def chosen(oracle, case, keys):
    requests = [{"authority": "h", "path": "/", "headers": [["x-cluster", case.name], ["x-key", key]]} for key in keys]
    return [observation.endpoint for observation in oracle.ask("balancing", requests)]


def load(cluster, told):
    """How many of the hundred went to each priority, nobody last: `{"0": 56, "1": 44}`."""
    places = {}
    for group in cluster["load_assignment"]["endpoints"]:
        for entry in group["lb_endpoints"]:
            address = entry["endpoint"]["address"]["socket_address"]
            places[f"{address['address']}:{address['port_value']}"] = str(group.get("priority", 0))
    counts = Counter("none" if endpoint is None else places[endpoint] for endpoint in told)
    return dict(sorted(counts.items()))


def write_case(case, kind, facts):
    parts = [
        f'  "about": {compact(case.about)}',
        f'  "kind": {compact(kind)}',
        '  "header": "x-key"',
        f'  "cluster": {compact(case.cluster)}',
    ]
    for name, fact in facts.items():
        lines = isinstance(fact, list) and name == "cases"
        parts.append(f'  "{name}": {indented(fact) if lines else compact(fact)}')
    write("balancing", case.name, "{\n" + ",\n".join(parts) + "\n}\n")
