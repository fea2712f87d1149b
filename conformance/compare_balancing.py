# Fairlead: random clusters under consistent hashing: the real Envoy against fairlead, or against the model
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/compare_balancing.py [.build/release/fairlead] --seeds 500`; without a binary the model
answers."""

import environment

environment.enter()

import argparse
import json
import random
import sys

from cases.clusters import MAGLEV, RING, cluster, endpoint, extension
from matchers import chance
from oracle import Oracle
from record_balancing import TABLE, chosen, named
from replay_balancing import ask

AT_ONCE = 50
KEYS = 40
SIZES = [5, 11, 101, 251, 503, 65537, 131071]


class Candidate:
    def __init__(self, seed, keys):
        self.name = f"cluster-{seed}"
        self.rng = random.Random(f"cluster {seed}")
        self.keys = [f"{seed}-{self.rng.randrange(10**6)}" for _ in range(keys)]
        self.cluster = self.make()

    def make(self):
        rng = self.rng
        self.used = 0
        localities = chance(rng, 0.4)
        groups = [self.group(rng.choice([0, 0, 0, 1, 1, 2, 3]), localities) for _ in range(rng.choice([1, 1, 2, 3, 5]))]
        policy = {}
        if chance(rng, 0.2):
            policy["overprovisioning_factor"] = rng.choice([100, 120, 200, 1000])
        if chance(rng, 0.2):
            policy["weighted_priority_health"] = True
        options = {"policy": policy} if policy else {}
        shared = {}
        if chance(rng, 0.4):
            shared["healthy_panic_threshold"] = {"value": rng.choice([0, 10, 29, 33.3, 33.5, 57, 70, 100])}
        ring = chance(rng, 0.5)
        config = self.ring() if ring else self.maglev()
        if chance(rng, 0.3):
            if localities:
                config["locality_weighted_lb_config"] = {}
            if chance(rng, 0.4):
                config["consistent_hashing_lb_config"] = {"use_hostname_for_hashing": True}
                name_all(groups)
            if shared:
                options["common_lb_config"] = shared
            return extension("hashing", {"@type": RING if ring else MAGLEV, **config}, *groups, **options)
        if localities and chance(rng, 0.8):
            shared["locality_weighted_lb_config"] = {}
        if shared:
            options["common_lb_config"] = shared
        options["ring_hash_lb_config" if ring else "maglev_lb_config"] = config
        return cluster("RING_HASH" if ring else "MAGLEV", *groups, **options)

    def ring(self):
        config = {"minimum_ring_size": self.rng.choice([1, 4, 64, 1024, 5000, 65536])}
        if chance(self.rng, 0.5):
            config["maximum_ring_size"] = config["minimum_ring_size"] + self.rng.choice([0, 1, 7, 5000])
        if chance(self.rng, 0.3):
            config["hash_function"] = "MURMUR_HASH_2"
        return config

    def maglev(self):
        return {"table_size": self.rng.choice(SIZES)}

    def group(self, priority, localities):
        rng = self.rng
        sick = rng.choice([0.0, 0.3, 0.7, 1.0])
        result = {"lb_endpoints": [self.endpoint(sick) for _ in range(rng.choice([0, 1, 1, 2, 3, 5, 8]))]}
        if priority:
            result["priority"] = priority
        if localities:
            result["locality"] = {
                "region": rng.choice(["r", "s"]),
                "zone": rng.choice(["a", "b", "c"]),
                "sub_zone": str(self.used),
            }
            if chance(rng, 0.8):
                result["load_balancing_weight"] = rng.choice([1, 1, 2, 3, 10, 100])
        return result

    def endpoint(self, sick):
        rng = self.rng
        self.used += 1
        options = {}
        if chance(rng, 0.5):
            options["load_balancing_weight"] = rng.choice([1, 2, 3, 5, 10, 100, 65536])
        if chance(rng, sick):
            options["health_status"] = rng.choice(["UNHEALTHY", "DEGRADED", "DRAINING", "TIMEOUT"])
        if chance(rng, 0.3):
            options["hostname"] = f"h{self.used}.example"
        if chance(rng, 0.15):
            options["hash_key"] = f"key{self.used}"
        port = 8000 + rng.randrange(3)
        if chance(rng, 0.1):
            # The loopback has one address of this kind; nobody listens on such ports.
            return endpoint(f"[::1]:{61000 + self.used}", **options)
        return endpoint(f"127.0.{rng.randrange(3)}.{self.used}:{port}", **options)


def name_all(groups):
    """Endpoints without a hostname would share their points on the ring, and the order of such ties is undefined."""
    for i, group in enumerate(groups):
        for j, entry in enumerate(group["lb_endpoints"]):
            entry["endpoint"].setdefault("hostname", f"{i}.{j}.example")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fairlead", nargs="?", help="the fairlead binary")
    parser.add_argument("--seeds", type=int, default=100, help="how many random clusters")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--keys", type=int, default=KEYS, help="how many keys each of them is asked with")
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    passed = failed = shown = 0
    last = options.first_seed + options.seeds
    for start in range(options.first_seed, last, AT_ONCE):
        candidates = [Candidate(seed, options.keys) for seed in range(start, min(start + AT_ONCE, last))]
        with Oracle({"balancing": TABLE}, [named(c.cluster, c.name) for c in candidates]) as oracle:
            told = [chosen(oracle, candidate, candidate.keys) for candidate in candidates]
        for candidate, endpoints in zip(candidates, told):
            ours = ask(options.fairlead, candidate.cluster, candidate.keys)
            wrong = [(k, e, o) for k, e, o in zip(candidate.keys, endpoints, ours) if e != o]
            passed += options.keys - len(wrong)
            failed += len(wrong)
            if wrong and shown < options.show:
                shown += 1
                print(
                    f"--- {candidate.name}: {len(wrong)} of {options.keys} differ, such as (key, Envoy, fairlead) {wrong[:3]}"
                )
                print(f"    {json.dumps(candidate.cluster)}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
