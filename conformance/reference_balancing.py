# Fairlead: an executable model of priority load, ring hash and Maglev, written from the rules alone
# SPDX-License-Identifier: Apache-2.0
"""`Balancer(cluster).pick(key)` is the endpoint that Envoy should choose for a request whose hash policy header has
this value; None stands for "no healthy upstream".
"""

import bisect
import math
from dataclasses import dataclass

from hashes import MASK, murmur2, xxh64

UNHEALTHY = {"UNHEALTHY", "TIMEOUT", "DRAINING"}


@dataclass
class Endpoint:
    text: str
    key: str
    weight: int
    health: str
    locality: tuple
    locality_weight: int

    @property
    def healthy(self):
        return self.health in ("UNKNOWN", "HEALTHY")


class Balancer:
    def __init__(self, cluster):
        self.settings = Settings(cluster)
        self.priorities = endpoints(cluster, self.settings.by_hostname)
        self.load = PriorityLoad(self.priorities, cluster, self.settings.panic_threshold)
        self.tables = [self.table(hosts, panics) for hosts, panics in zip(self.priorities, self.load.panics)]

    def table(self, hosts, panics):
        usable = hosts if panics else [host for host in hosts if host.healthy]
        weighted = normalised(usable, hosts, self.settings.locality_weighted)
        return self.settings.make_table(weighted) if weighted else None

    def pick(self, key):
        h = xxh64(key.encode())
        priority = self.load.choose(h)
        table = self.tables[priority]
        return table.pick(h) if table else None


class Settings:
    """What matters here of a cluster, whether it uses lb_policy or load_balancing_policy."""

    def __init__(self, cluster):
        shared = cluster.get("common_lb_config", {})
        # Envoy makes this a whole number by way of a fraction, which turns 29 into 28, and 57 into 56.
        self.panic_threshold = int(100 * (shared.get("healthy_panic_threshold", {}).get("value", 50) / 100.0))
        self.locality_weighted = "locality_weighted_lb_config" in shared
        self.by_hostname = False
        if "load_balancing_policy" in cluster:
            config = cluster["load_balancing_policy"]["policies"][0]["typed_extension_config"]["typed_config"]
            self.locality_weighted = "locality_weighted_lb_config" in config
            self.by_hostname = config.get("consistent_hashing_lb_config", {}).get("use_hostname_for_hashing", False)
            ring = "ring_hash" in config["@type"]
        else:
            ring = cluster["lb_policy"] == "RING_HASH"
            config = cluster.get("ring_hash_lb_config" if ring else "maglev_lb_config", {})
        if ring:
            function = murmur2 if config.get("hash_function") == "MURMUR_HASH_2" else xxh64
            bounds = config.get("minimum_ring_size", 1024), config.get("maximum_ring_size", 8 << 20)
            self.make_table = lambda weighted: Ring(weighted, *bounds, function)
        else:
            self.make_table = lambda weighted: Maglev(weighted, config.get("table_size", 65537))


def endpoints(cluster, by_hostname):
    """Endpoints by priority, in the order of the configuration."""
    priorities = {}
    for group in cluster["load_assignment"]["endpoints"]:
        place = group.get("locality", {})
        locality = (place.get("region", ""), place.get("zone", ""), place.get("sub_zone", ""))
        for entry in group["lb_endpoints"]:
            address = entry["endpoint"]["address"]["socket_address"]
            host = f"[{address['address']}]" if ":" in address["address"] else address["address"]
            text = f"{host}:{address['port_value']}"
            marks = entry.get("metadata", {}).get("filter_metadata", {}).get("envoy.lb", {})
            name = entry["endpoint"].get("hostname", "") if by_hostname else text
            key = marks.get("hash_key") or name
            priorities.setdefault(group.get("priority", 0), []).append(
                Endpoint(
                    text,
                    key,
                    entry.get("load_balancing_weight", 1),
                    entry.get("health_status", "UNKNOWN"),
                    locality,
                    group.get("load_balancing_weight", 0),
                )
            )
    return [priorities.get(p, []) for p in range(max(priorities, default=0) + 1)]


def normalised(usable, hosts, locality_weighted):
    """`[(endpoint, share)]`."""
    localities = {}
    if not locality_weighted:
        total = sum(host.weight for host in usable)
        return [(host, host.weight / total) for host in usable]
    for host in usable:
        if host.locality_weight:
            localities.setdefault(host.locality, []).append(host)
    # A locality without a usable endpoint keeps its share, which nobody gets: the shares then add up to less than 1.
    total = sum({host.locality: host.locality_weight for host in hosts}.values())
    shares = []
    for _, group in sorted(localities.items()):
        inside = sum(host.weight for host in group)
        # In this order: with Maglev the last bit of a share decides who takes a slot.
        shares += [(host, host.weight * (host.locality_weight / total) / inside) for host in group]
    return shares


class Ring:
    def __init__(self, weighted, minimum, maximum, function):
        smallest = min(share for _, share in weighted)
        scale = min(math.ceil(smallest * minimum) / smallest, maximum)
        self.entries = []
        current = target = 0.0
        for host, share in weighted:
            target += scale * share
            i = 0
            while current < target:
                self.entries.append((function(f"{host.key}_{i}".encode()), host.text))
                i += 1
                current += 1
        self.entries.sort(key=lambda entry: entry[0])
        self.points = [point for point, _ in self.entries]

    def pick(self, h):
        at = bisect.bisect_left(self.points, h)
        return self.entries[at % len(self.entries)][1]


class Maglev:
    def __init__(self, weighted, size):
        self.size = size
        self.slots = [None] * size
        hosts = sorted(weighted, key=lambda pair: pair[0].key.encode())
        largest = max(share for _, share in hosts)
        walks = [[xxh64(host.key.encode()) % size, xxh64(host.key.encode(), 1) % (size - 1) + 1] for host, _ in hosts]
        targets = [0.0] * len(hosts)
        filled = turn = 0
        while filled < size:
            turn += 1
            for i, (host, share) in enumerate(hosts):
                if filled == size:
                    break
                if turn * share < targets[i]:
                    continue
                targets[i] += largest
                while self.slots[walks[i][0]] is not None:
                    walks[i][0] = (walks[i][0] + walks[i][1]) % size
                self.slots[walks[i][0]] = host.text
                filled += 1

    def pick(self, h):
        return self.slots[h % self.size]


class PriorityLoad:
    """Which priority a hash falls to, and which priorities panic."""

    def __init__(self, priorities, cluster, threshold):
        policy = cluster["load_assignment"].get("policy", {})
        factor = policy.get("overprovisioning_factor", 140)
        weighted = policy.get("weighted_priority_health", False)
        counted = [[host for host in hosts if host.health != "DRAINING"] for hosts in priorities]

        def amount(hosts):
            return sum(host.weight for host in hosts) if weighted else len(hosts)

        def part(hosts, wanted):
            return min(100, factor * amount([h for h in hosts if wanted(h)]) // amount(hosts)) if hosts else 0

        self.healthy = [part(hosts, lambda h: h.healthy) for hosts in counted]
        self.degraded = [part(hosts, lambda h: h.health == "DEGRADED") for hosts in counted]
        available = min(100, sum(self.healthy) + sum(self.degraded))
        self.panics = [available != 100 and self.alive(hosts) < threshold for hosts in counted]
        self.loads(available, [len(hosts) for hosts in priorities])

    @staticmethod
    def alive(hosts):
        return 100.0 * sum(h.health not in UNHEALTHY for h in hosts) / len(hosts) if hosts else 0.0

    def loads(self, available, sizes):
        count = len(sizes)
        self.load_healthy, self.load_degraded = [0] * count, [0] * count
        if all(self.panics):
            total = sum(sizes)
            self.load_healthy = [100 * size // total if total else 0 for size in sizes]
            first = next((p for p in range(count) if sizes[p]), 0)
            self.load_healthy[first] += 100 - sum(self.load_healthy)
            return
        if available == 0:
            self.load_healthy[0] = 100
            return
        left = 100
        for health, load in ((self.healthy, self.load_healthy), (self.degraded, self.load_degraded)):
            for p in range(count):
                load[p] = min(left, health[p] * 100 // available)
                left -= load[p]
        for health, load in ((self.healthy, self.load_healthy), (self.degraded, self.load_degraded)):
            first = next((p for p in range(count) if health[p]), None)
            if first is not None:
                load[first] += left
                return

    def choose(self, h):
        left = h % 100 + 1
        for load in (self.load_healthy, self.load_degraded):
            for p, share in enumerate(load):
                if left <= share:
                    return p
                left -= share
        return 0
