# Fairlead: clusters whose requests stay in their zone, as far as the endpoints there can bear it
# SPDX-License-Identifier: Apache-2.0
"""Envoy stands in zone a of region r and belongs to the cluster `local`."""

from dataclasses import dataclass, field

from cases.clusters import LOCALITIES, cluster, endpoint, extension, group

RANDOM = "type.googleapis.com/envoy.extensions.load_balancing_policies.random.v3.Random"
OWN = {"region": "r", "zone": "a"}
# The numbers of the first endpoints of each zone.
FIRST = {"a": 100, "b": 200, "c": 300, "d": 400}
HEALTH = {"H": "HEALTHY", "U": "UNHEALTHY", "D": "DEGRADED", "R": "DRAINING"}


@dataclass
class ZoneCase:
    name: str
    about: str
    local: dict
    cluster: dict
    runtime: dict = field(default_factory=dict)


def zone(name, health, base, weight=None, priority=0, **options):
    """One endpoint for each letter of `health`."""
    members = []
    for number, letter in enumerate(health):
        facts = {"health_status": HEALTH[letter]}
        if weight:
            facts["load_balancing_weight"] = weight
        members.append(endpoint(f"127.0.0.1:{base + FIRST[name] + number + 10 * priority}", **facts))
    if priority:
        options["priority"] = priority
    return group(*members, locality={"region": "r", "zone": name}, **options)


def local(**zones):
    return cluster("ROUND_ROBIN", *[zone(name, health, 20000) for name, health in zones.items()])


def upstream(zones=None, *more, **options):
    groups = [zone(name, health, 21000) for name, health in (zones or {}).items()]
    return cluster("RANDOM", *groups, *more, **options)


def by_extension(config, zones, **options):
    groups = [zone(name, health, 21000) for name, health in zones.items()]
    return extension("random", {"@type": RANDOM, "locality_lb_config": {"zone_aware_lb_config": config}}, *groups, **options)


def older(config, **options):
    return {"common_lb_config": {"zone_aware_lb_config": config, **options}}


EVEN = {"a": "HH", "b": "HHHH"}
PAIR = local(a="H", b="H")

ZONES = [
    ZoneCase("zones.residual", "a third here, half of the senders: two thirds stay", PAIR, upstream(EVEN)),
    ZoneCase("zones.direct", "as many endpoints here as senders: all stay", PAIR, upstream({"a": "HHH", "b": "HHH"})),
    ZoneCase(
        "zones.three",
        "three zones: what does not stay goes where there is room",
        local(a="HHH", b="H", c="H"),
        upstream({"a": "HH", "b": "HHHHH", "c": "HHH"}),
    ),
    ZoneCase("zones.none-here", "no endpoint here", PAIR, upstream({"b": "HHHH", "c": "HH"})),
    ZoneCase("zones.sick-here", "only sick endpoints here", PAIR, upstream({"a": "UU", "b": "HHHH", "c": "HHH"})),
    ZoneCase("zones.too-small", "too few endpoints", PAIR, upstream({"a": "HH", "b": "HHH"})),
    ZoneCase(
        "zones.small-is-enough",
        "min_cluster_size",
        PAIR,
        upstream({"a": "H", "b": "HHH"}, **older({"min_cluster_size": 3})),
    ),
    ZoneCase("zones.one-zone-of-senders", "the senders are all here", local(a="HH"), upstream(EVEN)),
    ZoneCase("zones.no-sender-here", "no sender here", local(b="H", c="H"), upstream(EVEN)),
    ZoneCase("zones.sick-senders", "the senders are in panic", local(a="H", b="UU"), upstream(EVEN)),
    ZoneCase(
        "zones.sick-senders-fail",
        "the senders are in panic, and traffic fails then",
        local(a="H", b="UU"),
        upstream(EVEN, **older({"fail_traffic_on_panic": True})),
    ),
    ZoneCase(
        "zones.panic-fails",
        "fail_traffic_on_panic",
        PAIR,
        upstream({"a": "HUU", "b": "UUUU"}, **older({"fail_traffic_on_panic": True})),
    ),
    ZoneCase("zones.half", "routing_enabled", PAIR, upstream(EVEN, **older({"routing_enabled": {"value": 50}}))),
    ZoneCase("zones.off", "routing_enabled 0", PAIR, upstream(EVEN, **older({"routing_enabled": {"value": 0}}))),
    ZoneCase("zones.forced", "force_local_zone", PAIR, by_extension({"force_local_zone": {}}, EVEN)),
    ZoneCase(
        "zones.forced-too-few", "force_local_zone of 3", PAIR, by_extension({"force_local_zone": {"min_size": 3}}, EVEN)
    ),
    ZoneCase(
        "zones.forced-one-zone-of-senders",
        "force_local_zone with all senders here",
        local(a="HH"),
        by_extension({"force_local_zone": {}}, EVEN),
    ),
    ZoneCase(
        "zones.forced-older", "force_locality_direct_routing", PAIR, by_extension({"force_locality_direct_routing": True}, EVEN)
    ),
    ZoneCase(
        "zones.weights",
        "locality_basis HEALTHY_HOSTS_WEIGHT",
        PAIR,
        extension(
            "random",
            {
                "@type": RANDOM,
                "locality_lb_config": {"zone_aware_lb_config": {"locality_basis": "HEALTHY_HOSTS_WEIGHT"}},
            },
            zone("a", "HH", 21000, weight=3),
            zone("b", "HHHH", 21000, weight=5),
        ),
    ),
    ZoneCase(
        "zones.degraded",
        "degraded endpoints by zones, too",
        PAIR,
        upstream({"a": "HDDUU", "b": "HHHHDDUUUUUUUUU"}),
    ),
    ZoneCase(
        "zones.priorities",
        "zones are for priority 0 only",
        PAIR,
        upstream(
            {"a": "HHUU", "b": "HHHHUUUU"}, zone("a", "HH", 21000, priority=1), zone("b", "HH", 21000, priority=1)
        ),
    ),
    ZoneCase(
        "zones.weighted-localities-without-weights",
        "localities without weights, though they are to be weighed",
        PAIR,
        upstream(EVEN, common_lb_config=LOCALITIES),
    ),
    ZoneCase(
        "zones.hashed",
        "consistent hashing knows no zones",
        PAIR,
        cluster("MAGLEV", zone("a", "HH", 21000), zone("b", "HHHH", 21000)),
    ),
    ZoneCase(
        "zones.runtime-size",
        "runtime value for min_cluster_size",
        PAIR,
        upstream(EVEN),
        {"upstream.zone_routing.min_cluster_size": 7},
    ),
    ZoneCase(
        "zones.runtime-share",
        "runtime value for routing_enabled",
        PAIR,
        upstream(EVEN),
        {"upstream.zone_routing.enabled": 50},
    ),
    ZoneCase(
        "zones.runtime-forced",
        "runtime value for force_local_zone",
        PAIR,
        upstream(EVEN),
        {"upstream.zone_routing.force_local_zone.min_size": 2},
    ),
]
