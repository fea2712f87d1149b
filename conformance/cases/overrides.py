# Fairlead: requests that name their endpoints, and the clusters that let them
# SPDX-License-Identifier: Apache-2.0
"""What is not named is chosen by ring hash, so that it is told from what is."""

from dataclasses import dataclass

from cases.clusters import RING, endpoint, extension, group, healths

OVERRIDE = "type.googleapis.com/envoy.extensions.load_balancing_policies.override_host.v3.OverrideHost"


@dataclass
class OverrideCase:
    name: str
    about: str
    cluster: dict
    asked: list  # of lists of headers


def overriding(sources, *groups):
    inner = {"name": "ring", "typed_config": {"@type": RING, "minimum_ring_size": 32}}
    policy = {"policies": [{"typed_extension_config": inner}]}
    return extension(
        "override", {"@type": OVERRIDE, "override_host_sources": sources, "fallback_policy": policy}, *groups
    )


MEMBERS = [
    group(*healths("HUDR")),
    group(*healths("HU", 10), priority=1),
    group(endpoint("[::1]:21500"), priority=2),
]


def target(*values, name="x-target"):
    return [[name, value] for value in values]


ASKED = [
    [],
    target("127.0.0.1:21500"),
    target("127.0.0.1:21501"),
    target("127.0.0.1:21502"),
    target("127.0.0.1:21503"),
    target("127.0.0.1:21511"),
    target("[::1]:21500"),
    target("::1:21500"),
    target("127.0.0.1:9"),
    target("127.0.0.1:9,127.0.0.1:21510"),
    target(" 127.0.0.1:9 ,\t127.0.0.1:21510 "),
    target(",,127.0.0.1:21510,"),
    target("127.0.0.1"),
    target("garbage"),
    target(""),
    target("127.0.0.1:21510", "127.0.0.1:21500"),
    target("127.0.0.1:9", "127.0.0.1:21510"),
    target("127.0.0.1:021510"),
    target("127.0.0.1:21510;x"),
    target("127.0.0.1:21510", name="X-Target"),
    target("127.0.0.1:21510", name="x-other"),
]

OVERRIDES = [
    OverrideCase("overrides.header", "one header", overriding([{"header": "x-target"}], *MEMBERS), ASKED),
    OverrideCase(
        "overrides.two-headers",
        "two headers: names of the first come before those of the second",
        overriding([{"header": "X-Target"}, {"header": "x-other"}], *MEMBERS),
        [
            target("127.0.0.1:21510") + target("127.0.0.1:21511", name="x-other"),
            target("127.0.0.1:9") + target("127.0.0.1:21511", name="x-other"),
            target("127.0.0.1:21511", name="x-other"),
        ],
    ),
]
