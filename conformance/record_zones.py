# Fairlead: records how the real Envoy spreads requests over zones, into Tests/Vectors/balancing
# SPDX-License-Identifier: Apache-2.0
"""Kind `zones`: `shares` tells how often each endpoint was chosen out of `requests`, by an Envoy that stands at `locality`
and belongs to the cluster `local`. It is left to chance, so to be compared with tolerance."""

from collections import Counter

from cases import zones
from oracle import Oracle
from record_balancing import TABLE, named, write_case

REQUESTS = 6000


def standing(case):
    """What a bootstrap file says besides listeners and clusters."""
    rest = {
        "node": {"id": "conformance", "cluster": "local", "locality": zones.OWN},
        "cluster_manager": {"local_cluster_name": "local"},
    }
    if case.runtime:
        rest["layered_runtime"] = {"layers": [{"name": "static", "static_layer": case.runtime}]}
    return rest


def requests(count):
    headers = [["x-cluster", "balanced"]]
    return [{"authority": "h", "path": "/", "headers": headers + [["x-key", f"key-{i}"]]} for i in range(count)]


def ask_envoy(case):
    with Oracle({"balancing": TABLE}, [case.cluster, named(case.local, "local")], standing(case)) as oracle:
        return Counter(seen.endpoint for seen in oracle.ask("balancing", requests(REQUESTS)))


def record_zones():
    for case in zones.ZONES:
        facts = {"local": case.local, "locality": zones.OWN, "runtime": case.runtime, "requests": REQUESTS}
        write_case(case, "zones", {**facts, "shares": sorted(ask_envoy(case).items(), key=str)})
