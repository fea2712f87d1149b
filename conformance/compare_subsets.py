# Fairlead: random clusters with subsets: the real Envoy against fairlead
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/compare_subsets.py .build/release/fairlead --seeds 200`: endpoint by endpoint, as the policy inside
is ring hash."""

import environment

environment.enter()

import argparse
import json
import random
import sys

from cases.clusters import group
from cases.subsets import member, selector, subset_cluster, subset_extension
from matchers import chance
from record_subsets import ask_envoy
from replay_balancing import ask_subsets

AT_ONCE = 25
NAMES = ["a", "b", "c"]
VALUES = ["1", "2", 1, True, ["1", "2"], ["2", 1], {"x": "1"}, None]
KEYS = [f"k{i}" for i in range(4)]


class Candidate:
    def __init__(self, seed):
        self.name = f"cluster-{seed}"
        self.rng = random.Random(f"subsets {seed}")
        self.used = 0
        self.plain = chance(self.rng, 0.5)  # texts only, so that more criteria meet endpoints
        self.cluster = self.make()
        self.criteria = [None] + [self.criterion() for _ in range(11)]

    def value(self):
        return self.rng.choice(VALUES[:2] if self.plain else VALUES)

    def values(self):
        return {name: self.value() for name in NAMES if chance(self.rng, 0.6)}

    def criterion(self):
        asked = self.values()
        if chance(self.rng, 0.1):
            asked["other"] = "x"
        if chance(self.rng, 0.25):
            asked["fallback_list"] = [self.values() for _ in range(self.rng.randrange(4))]
        return asked

    def make(self):
        rng = self.rng
        config = {"subset_selectors": [self.selector() for _ in range(rng.randrange(1, 5))]}
        config["fallback_policy"] = rng.choice(["NO_FALLBACK", "ANY_ENDPOINT", "DEFAULT_SUBSET"])
        if chance(rng, 0.6):
            config["default_subset"] = self.values()
        for flag in ["locality_weight_aware", "scale_locality_weight", "panic_mode_any", "list_as_any"]:
            if chance(rng, 0.4):
                config[flag] = True
        if chance(rng, 0.4):
            config["metadata_fallback_policy"] = "FALLBACK_LIST"
        groups = [self.group() for _ in range(rng.randrange(1, 5))]
        shared = {}
        if chance(rng, 0.4):
            shared["healthy_panic_threshold"] = {"value": rng.choice([0, 30, 100])}
        options = {"common_lb_config": shared} if shared else {}
        if chance(rng, 0.4):
            config["allow_redundant_keys"] = True
            return subset_extension(config, *groups, **options)
        if config.get("locality_weight_aware") or chance(rng, 0.3):
            options["common_lb_config"] = {**shared, "locality_weighted_lb_config": {}}
        return subset_cluster(config, *groups, **options)

    def selector(self):
        rng = self.rng
        keys = rng.sample(NAMES, rng.randrange(1, 4))
        options = {"single_host_per_subset": True} if chance(rng, 0.15) else {}
        policy = rng.choice(["NOT_DEFINED", "NOT_DEFINED", "NO_FALLBACK", "ANY_ENDPOINT", "DEFAULT_SUBSET", "KEYS_SUBSET"])
        if policy == "KEYS_SUBSET":
            if len(keys) == 1:
                return selector(*keys, **options)
            options["fallback_keys_subset"] = keys[: rng.randrange(1, len(keys))]
        return selector(*keys, fallback_policy=policy, **options)

    def group(self):
        rng = self.rng
        result = group(*[self.member() for _ in range(rng.randrange(0, 6))])
        result["priority"] = rng.choice([0, 0, 0, 1, 2])
        result["locality"] = {"zone": rng.choice(["a", "b", "c"]), "sub_zone": str(self.used)}
        if chance(rng, 0.8):
            result["load_balancing_weight"] = rng.choice([1, 2, 3, 10])
        return result

    def member(self):
        rng = self.rng
        self.used += 1
        options = {}
        if chance(rng, 0.3):
            options["load_balancing_weight"] = rng.choice([1, 2, 5])
        if chance(rng, 0.3):
            options["health_status"] = rng.choice(["UNHEALTHY", "DEGRADED", "DRAINING"])
        return member(self.used, self.values() if chance(rng, 0.9) else None, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fairlead", help="the fairlead binary")
    parser.add_argument("--seeds", type=int, default=100, help="how many random clusters")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=5)
    options = parser.parse_args()
    passed = failed = shown = 0
    last = options.first_seed + options.seeds
    for start in range(options.first_seed, last, AT_ONCE):
        candidates = [Candidate(seed) for seed in range(start, min(start + AT_ONCE, last))]
        told = ask_envoy([(c.name, c.cluster, c.criteria) for c in candidates], KEYS)
        for candidate, endpoints in zip(candidates, told):
            ours = ask_subsets(options.fairlead, candidate.cluster, candidate.criteria, KEYS)
            wrong = [case for case in zip(candidate.criteria, endpoints, ours) if case[1] != case[2]]
            passed += len(endpoints) - len(wrong)
            failed += len(wrong)
            if wrong and shown < options.show:
                shown += 1
                print(f"--- {candidate.name}: {len(wrong)} of {len(endpoints)} differ (criteria, Envoy, fairlead):")
                for case in wrong[:3]:
                    print(f"    {json.dumps(case)}")
                print(f"    {json.dumps(candidate.cluster)}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
