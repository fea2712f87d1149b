# Fairlead: runs the recorded balancing vectors through the executable model, or through `fairlead route --pick`
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/replay_balancing.py [.build/release/fairlead]`; without a binary the model answers."""

import argparse
import json
import math
import sys
from collections import Counter
from pathlib import Path

import record_overrides
import record_zones
from record_subsets import grouped, requests, table
from reference_balancing import Balancer
from route_command import RouteCommand

VECTORS = Path(__file__).resolve().parent.parent / "Tests" / "Vectors" / "balancing"
TABLE = {
    "name": "balancing",
    "virtual_hosts": [
        {
            "name": "all",
            "domains": ["*"],
            "routes": [
                {
                    "match": {"prefix": "/"},
                    "route": {"cluster": "balanced", "hash_policy": [{"header": {"header_name": "x-key"}}]},
                }
            ],
        }
    ],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fairlead", nargs="?", help="the fairlead binary")
    options = parser.parse_args()
    passed = failed = 0
    for path in sorted(VECTORS.glob("*.json")):
        vector = json.loads(path.read_text())
        if vector["kind"] == "zones" and options.fairlead:
            differing = differing_shares(options.fairlead, vector)
            passed += not differing
            failed += bool(differing)
            print(f"{path.name}: {differing or 'as Envoy'}")
            continue
        if vector["kind"] == "subsets" and options.fairlead:
            keys = vector["keys"]
            told = ask_subsets(options.fairlead, vector["cluster"], [criteria for criteria, _ in vector["cases"]], keys)
        elif vector["kind"] == "overrides" and options.fairlead:
            asked = record_overrides.requests([headers for headers, _ in vector["cases"]])
            told = endpoints(RouteCommand(options.fairlead).ask(TABLE, asked, [vector["cluster"]], pick=True))
        elif vector["kind"] in ("hash", "priorities"):
            keys = [key for key, _ in vector["cases"]]
            told = ask(options.fairlead, vector["cluster"], keys)
        else:
            continue
        wrong = [(key, endpoint, ours) for (key, endpoint), ours in zip(vector["cases"], told) if ours != endpoint]
        count = len(vector["cases"])
        passed += count - len(wrong)
        failed += len(wrong)
        print(f"{path.name}: {count - len(wrong)} of {count}")
        for key, endpoint, ours in wrong[:3]:
            print(f"    {key!r}: Envoy {endpoint}, ours {ours}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def ask(fairlead, cluster, keys):
    if fairlead is None:
        balancer = Balancer(cluster)
        return [balancer.pick(key) for key in keys]
    requests = [{"authority": "h", "path": "/", "headers": [["x-key", key]]} for key in keys]
    return endpoints(RouteCommand(fairlead).ask(TABLE, requests, [cluster], pick=True))


def endpoints(answers):
    return [answer.get("endpoint", answer.get("error")) for answer in answers]


def ask_subsets(fairlead, cluster, asked, keys):
    """The endpoint of each of `keys`, for each of the criteria."""
    name = cluster["name"]
    answers = RouteCommand(fairlead).ask(table([(name, asked)]), requests(name, asked, keys), [cluster], pick=True)
    return grouped(endpoints(answers), keys)


def differing_shares(fairlead, vector):
    """The endpoints that are chosen more or less often than chance explains: `{endpoint: (Envoy, ours)}`."""
    place = {"id": "conformance", "cluster": "local", "locality": vector["locality"]}
    rest = {"node": place, "cluster_manager": {"local_cluster_name": "local"}}
    if vector["runtime"]:
        rest["layered_runtime"] = {"layers": [{"name": "static", "static_layer": vector["runtime"]}]}
    clusters = [vector["cluster"], record_zones.named(vector["local"], "local")]
    count = vector["requests"]
    answers = RouteCommand(fairlead).ask(TABLE, record_zones.requests(count), clusters, pick=True, rest=rest)
    ours = Counter(endpoints(answers))
    theirs = dict(vector["shares"])
    differing = {}
    for endpoint in sorted({*ours, *theirs}, key=str):
        (one, other) = (theirs.get(endpoint, 0), ours.get(endpoint, 0))
        share = (one + other) / (2 * count)
        # Five standard deviations of the difference of two counts.
        if abs(one - other) > 5 * math.sqrt(2 * count * share * (1 - share)) or bool(one) != bool(other):
            differing[endpoint] = (one, other)
    return differing


if __name__ == "__main__":
    main()
