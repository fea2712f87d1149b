# Fairlead: clusters whose choices are recorded: consistent hashing, priorities, sequences and shares
# SPDX-License-Identifier: Apache-2.0
"""Nothing listens at these addresses: Envoy chooses, the connection is refused, and the choice is told all the same."""

from dataclasses import dataclass

from hashes import xxh64

RING = "type.googleapis.com/envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash"
MAGLEV = "type.googleapis.com/envoy.extensions.load_balancing_policies.maglev.v3.Maglev"
KEYS = [f"key-{i}" for i in range(40)] + [
    "",
    "a",
    "b",
    "A",
    "0",
    "1",
    "42",
    "user@example.com",
    "10.0.0.1",
    "127.0.0.1:21500",
    "127.0.0.1:21500_0",
    "é",
    "a b",
    "x" * 31,
    "x" * 32,
    "x" * 33,
    "x" * 100,
    "c0ffee00-1234-5678-9abc-def012345678",
    "true",
    "ÿ",
]


@dataclass
class Case:
    name: str
    about: str
    cluster: dict


def endpoint(address, **options):
    host, _, port = address.rpartition(":")
    place = {"address": {"socket_address": {"address": host.strip("[]"), "port_value": int(port)}}}
    if "hostname" in options:
        place["hostname"] = options.pop("hostname")
    if "hash_key" in options:
        options["metadata"] = {"filter_metadata": {"envoy.lb": {"hash_key": options.pop("hash_key")}}}
    return {"endpoint": place, **options}


def group(*endpoints, **options):
    return {"lb_endpoints": list(endpoints), **options}


def hosts(count, first=0, **options):
    return [endpoint(f"127.0.0.1:{21500 + first + i}", **options) for i in range(count)]


def weights(*values):
    return [endpoint(f"127.0.0.1:{21500 + i}", load_balancing_weight=weight) for i, weight in enumerate(values)]


def cluster(lb_policy, *groups, policy=None, **options):
    """`groups` are locality groups; bare lists of endpoints stand for one group each."""
    groups = [item if isinstance(item, dict) else group(*item) for item in groups]
    assignment = {"cluster_name": "balanced", "endpoints": groups}
    if policy:
        assignment["policy"] = policy
    return {
        "name": "balanced",
        "type": "STATIC",
        "connect_timeout": "1s",
        "lb_policy": lb_policy,
        **options,
        "load_assignment": assignment,
    }


def extension(name, config, *groups, **options):
    result = cluster("LOAD_BALANCING_POLICY_CONFIG", *groups, **options)
    result["load_balancing_policy"] = {"policies": [{"typed_extension_config": {"name": name, "typed_config": config}}]}
    return result


def healths(text, first=0):
    """One endpoint per letter: H healthy, U unhealthy, D degraded, R draining, T timeout, N unknown."""
    names = {"H": "HEALTHY", "U": "UNHEALTHY", "D": "DEGRADED", "R": "DRAINING", "T": "TIMEOUT", "N": "UNKNOWN"}
    return [endpoint(f"127.0.0.1:{21500 + first + i}", health_status=names[letter]) for i, letter in enumerate(text)]


def zone(name, weight, members, priority=0):
    options = {"load_balancing_weight": weight} if weight is not None else {}
    if priority:
        options["priority"] = priority
    return group(*members, locality={"region": "r", "zone": name}, **options)


def panic(value):
    return {"healthy_panic_threshold": {"value": value}}


LOCALITIES = {"locality_weighted_lb_config": {}}
NAMED = [endpoint(f"127.0.0.1:{21500 + i}", hostname=f"host-{i}.example") for i in range(4)]
KEYED = [endpoint(f"127.0.0.1:{21500 + i}", hash_key=f"shard-{i}") for i in range(4)] + [endpoint("127.0.0.1:21504")]
VARIED = [
    endpoint(f"127.0.{i // 8}.{i % 8 + 1}:{8000 + i % 3}", load_balancing_weight=1 + i * i % 17) for i in range(50)
]
ZONES = [
    zone("b", 3, hosts(2)),
    zone("a", 1, weights(1, 2, 5)[2:] + hosts(1, 7)),
    zone("c", None, hosts(2, 10)),
    zone("d", 2, hosts(1, 20)),
]
SICK_ZONES = [zone("a", 2, healths("HU")), zone("b", 5, healths("UU", 10)), zone("c", 3, healths("HHD", 20))]
V6 = [endpoint("[::1]:21500"), endpoint("[::1]:21501"), endpoint("127.0.0.1:21502")]


def both(name, about, *groups, ring=None, maglev=None, **options):
    """The same endpoints under ring hash and under Maglev."""
    ring_options = {"ring_hash_lb_config": ring} if ring else {}
    maglev_options = {"maglev_lb_config": maglev} if maglev else {}
    return [
        Case(f"ring-hash.{name}", about, cluster("RING_HASH", *groups, **ring_options, **options)),
        Case(f"maglev.{name}", about, cluster("MAGLEV", *groups, **maglev_options, **options)),
    ]


HASHED = [
    *both("equal", "three equal endpoints, everything by default", hosts(3)),
    *both("single", "one endpoint", hosts(1)),
    *both("weights", "weights 1, 2 and 5", weights(1, 2, 5)),
    *both("many", "fifty endpoints of many weights", VARIED),
    *both(
        "steep",
        "weights far apart, small tables",
        weights(1, 1000, 30),
        ring={"minimum_ring_size": 64, "maximum_ring_size": 512},
        maglev={"table_size": 503},
    ),
    *both(
        "tiny",
        "tables hardly larger than the endpoint list",
        hosts(4),
        ring={"minimum_ring_size": 1, "maximum_ring_size": 6},
        maglev={"table_size": 5},
    ),
    *both("hash-key", "metadata hash_key stands in for the address, where present", KEYED),
    *both("v6", "IPv6 addresses are hashed in brackets", V6),
    *both("localities", "locality weights, one locality without", *ZONES, common_lb_config=LOCALITIES),
    *both("localities-ignored", "locality weights without locality_weighted_lb_config mean nothing", *ZONES),
    *both(
        "localities-sick",
        "only healthy endpoints, a locality that is wholly down",
        *SICK_ZONES,
        common_lb_config={**LOCALITIES, **panic(0)},
    ),
    *both("sick", "only healthy endpoints are in the table", healths("HUHDTRHN")),
    *both("panic", "in panic every endpoint is in the table", healths("HUUDTRUU")),
    *both(
        "panic-localities",
        "in panic locality weights are left aside",
        zone("a", 1, healths("HU")),
        zone("b", 5, healths("UUU", 10)),
        common_lb_config=LOCALITIES,
    ),
    Case(
        "ring-hash.small",
        "weights 1, 2 and 5 on a ring of at least 4",
        cluster("RING_HASH", weights(1, 2, 5), ring_hash_lb_config={"minimum_ring_size": 4}),
    ),
    Case(
        "ring-hash.murmur",
        "MurmurHash2 for the ring's points",
        cluster("RING_HASH", weights(1, 2, 5), ring_hash_lb_config={"hash_function": "MURMUR_HASH_2"}),
    ),
    Case(
        "ring-hash.hostname",
        "use_hostname_for_hashing, where a hostname is set",
        extension(
            "ring",
            {"@type": RING, "consistent_hashing_lb_config": {"use_hostname_for_hashing": True}},
            NAMED + [endpoint("127.0.0.1:21504")],
        ),
    ),
    Case(
        "ring-hash.extension",
        "the policy as an extension, with a large ring",
        extension(
            "ring",
            {"@type": RING, "hash_function": "MURMUR_HASH_2", "minimum_ring_size": 5000, "maximum_ring_size": 6000},
            VARIED[:20],
        ),
    ),
    Case(
        "ring-hash.bounded",
        "hash_balance_factor changes nothing while no request is active",
        extension(
            "ring", {"@type": RING, "consistent_hashing_lb_config": {"hash_balance_factor": 150}}, weights(1, 2, 5)
        ),
    ),
    Case(
        "maglev.eleven",
        "weights 1, 2 and 5 in eleven slots",
        cluster("MAGLEV", weights(1, 2, 5), maglev_lb_config={"table_size": 11}),
    ),
    Case(
        "maglev.hostname",
        "use_hostname_for_hashing, where a hostname is set",
        extension(
            "maglev",
            {"@type": MAGLEV, "consistent_hashing_lb_config": {"use_hostname_for_hashing": True}},
            NAMED + [endpoint("127.0.0.1:21504")],
        ),
    ),
    Case(
        "maglev.extension",
        "the policy as an extension, in 1009 slots",
        extension("maglev", {"@type": MAGLEV, "table_size": 1009}, VARIED[:20]),
    ),
]


def levels(name, about, *texts, threshold=None, policy=None, numbers=None):
    numbers = numbers or range(len(texts))
    groups = [group(*healths(text, 100 * p), **({"priority": p} if p else {})) for p, text in zip(numbers, texts)]
    options = {"common_lb_config": panic(threshold)} if threshold is not None else {}
    return Case(
        f"priorities.{name}",
        about,
        cluster("RING_HASH", *groups, policy=policy, ring_hash_lb_config={"minimum_ring_size": 64}, **options),
    )


WEIGHTED_HEALTH = cluster(
    "RING_HASH",
    group(
        endpoint("127.0.0.1:21500", load_balancing_weight=1),
        endpoint("127.0.0.1:21501", load_balancing_weight=9, health_status="UNHEALTHY"),
    ),
    group(*hosts(2, 100), priority=1),
    policy={"weighted_priority_health": True},
    ring_hash_lb_config={"minimum_ring_size": 64},
)

PRIORITIES = [
    levels("healthy", "all is well: only priority 0", "HHH", "HH"),
    levels("spill", "2 of 5 healthy, times 1.4: 56, and 44 go on", "HHUUU", "HHH"),
    levels("enough", "5 of 7 healthy are still 100", "HHHHHUU", "HH"),
    levels("nearly", "7 of 10 healthy are 98", "HHHHHHHUUU", "HH"),
    levels(
        "scaled", "two weak priorities share all of the load, no panic at threshold 0", "HUUUU", "HUUUU", threshold=0
    ),
    levels(
        "scaled-uneven", "uneven rests go to the first healthy priority", "HUUUUUU", "HHUUUUU", "HUUUUUUUU", threshold=0
    ),
    levels("factor", "overprovisioning_factor 200", "HUUU", "HHUU", policy={"overprovisioning_factor": 200}),
    levels(
        "factor-100", "overprovisioning_factor 100", "HUUU", "HHUU", "HHHH", policy={"overprovisioning_factor": 100}
    ),
    levels("draining", "draining endpoints do not count at all", "HR", "HH"),
    levels("draining-only", "a priority of draining endpoints has no load", "RRR", "HH"),
    levels("timeout", "timed-out endpoints count as unhealthy", "HT", "HH"),
    levels("unknown", "unknown is healthy", "NU", "HH"),
    levels("degraded", "healthy endpoints of all priorities come before degraded ones", "HDDUUUU", "HU"),
    levels("degraded-only", "nothing but degraded endpoints in priority 0", "DDD", "HU"),
    levels("degraded-everywhere", "nothing but degraded endpoints at all", "DDU", "DUU"),
    levels("degraded-full", "degraded endpoints fill what is missing", "HDDDD", "HHH"),
    levels("panic", "two weak priorities, both in panic", "HUUUU", "HUUUU"),
    levels("panic-one", "one priority in panic, the other not", "HUUUUUUUUU", "HHHHHHUUUU"),
    levels("panic-not-needed", "no panic as long as the sum is 100", "UUUUU", "HHHUU"),
    levels("panic-threshold", "a threshold of 20 is not undercut by 1 of 5", "HUUUU", "UUUUU", threshold=20),
    levels("panic-threshold-21", "a threshold of 21 is", "HUUUU", "UUUUU", threshold=21),
    levels(
        "panic-threshold-33.9",
        "fractions of a percent are cut off: 1 of 3 does not panic below 34",
        "HUU",
        "UUU",
        threshold=33.9,
    ),
    levels(
        "panic-threshold-29",
        "29 becomes 28 on its way to a whole number: 2 of 7 (28.57 %) does not panic",
        "HHUUUUU",
        "UUU",
        threshold=29,
    ),
    levels("panic-threshold-30", "30 stays 30: 2 of 7 panics", "HHUUUUU", "UUU", threshold=30),
    levels("panic-degraded", "degraded endpoints count against panic", "HDDUUUU", "UUUUUU", threshold=40),
    levels("total-panic", "all dead: load by number of endpoints", "UUUU", "UUUUUU"),
    levels("total-panic-uneven", "the rest of the division goes to the first", "UUU", "UUU", "U"),
    levels("total-panic-draining", "draining endpoints take part in panic", "RRR", "UTU"),
    levels("no-panic", "all dead at threshold 0: nobody", "UUU", "UU", threshold=0),
    levels("gap", "priorities without endpoints are passed over", "HUU", "HH", numbers=[0, 3]),
    levels("first-empty", "no endpoint has priority 0", "HHU", "HH", numbers=[1, 2]),
    levels("four", "load over four priorities", "HUUUUU", "HUUUU", "HHUUUU", "HHHH"),
    Case("priorities.weighted-health", "weighted_priority_health counts weights: 1 of 10", WEIGHTED_HEALTH),
    levels("single", "one priority, half dead, no panic at 50", "HU"),
]


def by_remainder():
    """A key for each value of hash modulo 100."""
    found = {}
    i = 0
    while len(found) < 100:
        found.setdefault(xxh64(f"k{i}".encode()) % 100, f"k{i}")
        i += 1
    return [found[remainder] for remainder in range(100)]


SEQUENCES = [
    Case("round-robin.equal", "equal weights: one after the other", cluster("ROUND_ROBIN", hosts(5))),
    Case("round-robin.weights", "weights 1, 2 and 5", cluster("ROUND_ROBIN", weights(1, 2, 5))),
    Case(
        "round-robin.weights-many",
        "weights 3, 1, 4, 1, 5, 9, 2, 6",
        cluster("ROUND_ROBIN", weights(3, 1, 4, 1, 5, 9, 2, 6)),
    ),
    Case("round-robin.sick", "healthy endpoints only", cluster("ROUND_ROBIN", healths("HUHTRH"))),
    Case("round-robin.panic", "every endpoint in panic", cluster("ROUND_ROBIN", healths("HUUUT"))),
    Case("round-robin.equal-weights-of-seven", "equal weights other than 1", cluster("ROUND_ROBIN", weights(7, 7, 7))),
    Case(
        "least-request.weights",
        "weights 1, 2 and 5, no request active: by weight alone",
        cluster("LEAST_REQUEST", weights(1, 2, 5)),
    ),
]


SHARES = [
    Case("shares.random", "random takes no notice of weights", cluster("RANDOM", weights(1, 2, 5))),
    Case(
        "shares.priorities",
        "the same priority load under round robin",
        cluster("ROUND_ROBIN", group(*healths("HHUUU")), group(*healths("HHH", 100), priority=1)),
    ),
    Case(
        "shares.degraded",
        "degraded endpoints take what is left",
        cluster("ROUND_ROBIN", group(*healths("HDDUUUU")), group(*healths("HU", 100), priority=1)),
    ),
    Case(
        "shares.localities",
        "locality weights 1 and 3, the second half healthy",
        cluster(
            "ROUND_ROBIN", zone("a", 1, healths("H")), zone("b", 3, healths("HU", 10)), common_lb_config=LOCALITIES
        ),
    ),
    Case(
        "shares.localities-unweighted",
        "a locality without weight takes nothing",
        cluster("ROUND_ROBIN", zone("a", None, hosts(1)), zone("b", 1, hosts(2, 10)), common_lb_config=LOCALITIES),
    ),
    Case("shares.least-request", "two choices among equal, idle endpoints", cluster("LEAST_REQUEST", hosts(4))),
]
