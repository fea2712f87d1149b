# Fairlead: clusters with subsets, and what routes ask of their endpoints
# SPDX-License-Identifier: Apache-2.0
"""The policy inside is ring hash, so that the choice within a subset is exact: each criteria are asked with some keys."""

from dataclasses import dataclass

from cases.clusters import LOCALITIES, RING, cluster, endpoint, extension, group, panic, zone

SUBSET = "type.googleapis.com/envoy.extensions.load_balancing_policies.subset.v3.Subset"
KEYS = [f"key-{i}" for i in range(8)]


@dataclass
class SubsetCase:
    name: str
    about: str
    cluster: dict
    criteria: list  # of dicts for `envoy.lb`; None for a route without metadata_match


def member(number, values=None, **options):
    """The endpoint at port 21500 + number with metadata `values`."""
    if values is not None:
        options["metadata"] = {"filter_metadata": {"envoy.lb": values}}
    return endpoint(f"127.0.0.1:{21500 + number}", **options)


def subset_cluster(config, *groups, **options):
    return cluster("RING_HASH", *groups, ring_hash_lb_config={"minimum_ring_size": 32}, lb_subset_config=config, **options)


def subset_extension(config, *groups, **options):
    inner = {"name": "ring", "typed_config": {"@type": RING, "minimum_ring_size": 32}}
    policy = {"policies": [{"typed_extension_config": inner}]}
    return extension("subset", {"@type": SUBSET, "subset_lb_policy": policy, **config}, *groups, **options)


def selector(*keys, **options):
    return {"keys": list(keys), **options}


# The example of Envoy's own documentation, more or less.
FLEET = [
    member(1, {"stage": "prod", "version": "1.0", "type": "std"}),
    member(2, {"stage": "prod", "version": "1.0", "type": "std"}),
    member(3, {"stage": "prod", "version": "1.1", "type": "std"}),
    member(4, {"stage": "prod", "version": "1.0", "type": "bigmem"}),
    member(5, {"stage": "prod", "version": "1.1", "type": "bigmem"}),
    member(6, {"stage": "dev", "version": "1.2-pre", "type": "std"}),
    member(7, {"stage": "dev"}),
    member(8),
]
FLEET_SELECTORS = [selector("stage", "type"), selector("stage", "version"), selector("version")]
ASKED = [
    None,
    {},
    {"stage": "prod"},
    {"stage": "prod", "type": "bigmem"},
    {"type": "std", "stage": "prod"},
    {"version": "1.0"},
    {"version": "1.1", "stage": "prod"},
    {"version": "1.2-pre", "stage": "dev"},
    {"version": "9"},
    {"stage": "prod", "version": "9"},
    {"stage": "prod", "version": "1.0", "type": "std"},
    {"version": 1.0},
    {"other": "x"},
]
VALUES = [
    member(1, {"v": 1}),
    member(2, {"v": "1"}),
    member(3, {"v": True}),
    member(4, {"v": "true"}),
    member(5, {"v": None}),
    member(6, {"v": ["a", "b"]}),
    member(7, {"v": ["b", "a"]}),
    member(8, {"v": {"x": 1, "y": "z"}}),
    member(9, {"v": "a"}),
    member(10, {"v": 1.5}),
    member(11, {"v": ""}),
]
VALUES_ASKED = [
    {"v": value}
    for value in [1, "1", True, "true", None, ["a", "b"], ["b", "a"], ["a"], {"y": "z", "x": 1}, "a", "b", 1.5, "1.5", ""]
]
LISTED = [
    member(1, {"v": ["a", "b"], "w": ["x", "y"]}),
    member(2, {"v": "b", "w": "y"}),
    member(3, {"v": [], "w": "x"}),
    member(4, {"v": ["c", "c"], "w": "x"}),
]
LISTED_ASKED = [
    {"v": "a"},
    {"v": "b"},
    {"v": "c"},
    {"v": ["a", "b"]},
    {"v": "a", "w": "y"},
    {"v": "b", "w": "y"},
    {"v": "b", "w": "x"},
    {"w": "x"},
    {"v": "none"},
]
FALLBACKS = [
    member(1, {"stage": "prod", "version": "1"}),
    member(2, {"stage": "dev", "version": "2"}),
    member(3, {"stage": "dev"}),
    member(4, {"canary": True}),
]
FALLBACKS_ASKED = [
    None,
    {"stage": "none"},
    {"version": "none"},
    {"stage": "dev", "version": "9"},
    {"stage": "none", "version": "9"},
    {"canary": False},
    {"canary": True},
    {"stage": "dev", "canary": True},
]


def by_selector(**top):
    return {
        "subset_selectors": [
            selector("stage", fallback_policy="DEFAULT_SUBSET"),
            selector("version", fallback_policy="ANY_ENDPOINT"),
            selector("stage", "version", fallback_policy="KEYS_SUBSET", fallback_keys_subset=["stage"]),
            selector("canary", fallback_policy="NO_FALLBACK"),
        ],
        "default_subset": {"stage": "dev"},
        **top,
    }


SICK = [
    member(1, {"v": "a"}, health_status="UNHEALTHY"),
    member(2, {"v": "a"}, health_status="UNHEALTHY"),
    member(3, {"v": "b"}),
    member(4, {"v": "b"}, health_status="DEGRADED"),
    member(5, {"v": "c"}, health_status="DRAINING"),
]
LEVELS = [
    group(member(1, {"v": "a"}), member(2, {"v": "a"}, health_status="UNHEALTHY"), member(3, {"v": "b"})),
    group(member(11, {"v": "a"}), member(12, {"v": "c"}), priority=1),
    group(member(21, {"v": "c"}), priority=2),
]
ZONES = [
    zone("a", 6, [member(1, {"v": "a"}), member(2, {"v": "b"}), member(3, {"v": "b"})]),
    zone("b", 1, [member(11, {"v": "a"}), member(12, {"v": "a"})]),
    zone("c", None, [member(21, {"v": "a"})]),
]
PLAIN_ASKED = [None, {"v": "a"}, {"v": "b"}, {"v": "c"}, {"v": "d"}]
PLAIN = {"subset_selectors": [selector("v")]}
LISTS_ASKED = [
    {"fallback_list": [{"version": "9"}, {"version": "1"}]},
    {"stage": "dev", "fallback_list": [{"version": "9"}, {"version": "2"}, {}]},
    {"stage": "dev", "fallback_list": [{"version": "9"}, {}]},
    {"stage": "dev", "fallback_list": []},
    {"stage": "dev", "fallback_list": "no list"},
    {"stage": "dev", "fallback_list": ["no structure"]},
    {"stage": "prod", "fallback_list": [{"stage": "none"}, {"stage": "dev"}]},
    {"stage": "prod", "fallback_list": [{"fallback_list": 1}, {"stage": "prod"}]},
    {"version": "1", "fallback_list": [{"version": "2", "stage": "dev"}]},
    {"stage": "dev"},
    None,
]
SHADOWED = [
    selector("stage", "version"),
    selector("stage", fallback_policy="ANY_ENDPOINT"),
    selector("version", fallback_policy="ANY_ENDPOINT"),
    selector("version", fallback_policy="NO_FALLBACK"),
]
REDUNDANT_ASKED = [
    {"stage": "prod", "other": "x"},
    {"stage": "prod", "version": "1", "other": "x"},
    {"version": "1", "other": "x"},
    {"version": "9", "other": "x"},
    {"stage": "dev", "version": "9", "other": "x"},
    {"other": "x"},
    {"stage": "prod", "version": "1"},
    None,
]

SUBSETS = [
    SubsetCase(
        "subsets.fleet",
        "three selectors, no fallback",
        subset_cluster({"subset_selectors": FLEET_SELECTORS}, FLEET),
        ASKED,
    ),
    SubsetCase(
        "subsets.any",
        "three selectors, any endpoint otherwise",
        subset_cluster({"subset_selectors": FLEET_SELECTORS, "fallback_policy": "ANY_ENDPOINT"}, FLEET),
        ASKED,
    ),
    SubsetCase(
        "subsets.default",
        "three selectors, a default subset otherwise",
        subset_extension(
            {
                "subset_selectors": FLEET_SELECTORS,
                "fallback_policy": "DEFAULT_SUBSET",
                "default_subset": {"stage": "prod", "version": "1.1"},
            },
            FLEET,
        ),
        ASKED,
    ),
    SubsetCase(
        "subsets.default-of-nothing",
        "a default subset without values holds every endpoint",
        subset_cluster({"subset_selectors": FLEET_SELECTORS, "fallback_policy": "DEFAULT_SUBSET"}, FLEET),
        ASKED[:4],
    ),
    SubsetCase(
        "subsets.default-of-nobody",
        "a default subset without endpoints is no fallback",
        subset_cluster(
            {
                "subset_selectors": FLEET_SELECTORS,
                "fallback_policy": "DEFAULT_SUBSET",
                "default_subset": {"stage": "none"},
            },
            FLEET,
        ),
        ASKED[:4],
    ),
    SubsetCase(
        "subsets.panic-mode-any",
        "with panic_mode_any an empty default subset is every endpoint",
        subset_cluster(
            {
                "subset_selectors": FLEET_SELECTORS,
                "fallback_policy": "DEFAULT_SUBSET",
                "default_subset": {"stage": "none"},
                "panic_mode_any": True,
            },
            FLEET,
        ),
        ASKED[:4],
    ),
    SubsetCase(
        "subsets.panic-mode-without-fallback",
        "panic_mode_any without a fallback has no effect",
        subset_cluster({"subset_selectors": FLEET_SELECTORS, "panic_mode_any": True}, FLEET),
        ASKED[:4],
    ),
    SubsetCase(
        "subsets.no-selectors",
        "without selectors there are no subsets",
        subset_cluster({"fallback_policy": "NO_FALLBACK"}, FLEET),
        ASKED[:4],
    ),
    SubsetCase(
        "subsets.no-selectors-extension",
        "the extension makes no subsets without selectors, and falls back always",
        subset_extension({"fallback_policy": "NO_FALLBACK"}, FLEET),
        ASKED[:4],
    ),
    SubsetCase("subsets.values", "values are compared with their types", subset_cluster(PLAIN, VALUES), VALUES_ASKED),
    SubsetCase(
        "subsets.list-as-any",
        "list_as_any: a list means any of its values",
        subset_cluster(
            {
                "subset_selectors": [selector("v"), selector("v", "w"), selector("w")],
                "list_as_any": True,
                "fallback_policy": "DEFAULT_SUBSET",
                "default_subset": {"w": "y"},
            },
            LISTED,
        ),
        LISTED_ASKED,
    ),
    SubsetCase(
        "subsets.selector-fallbacks",
        "each selector has a fallback of its own, the top has none",
        subset_cluster(by_selector(), FALLBACKS),
        FALLBACKS_ASKED,
    ),
    SubsetCase(
        "subsets.selector-fallbacks-and-any",
        "each selector has a fallback of its own, the top any endpoint",
        subset_cluster(by_selector(fallback_policy="ANY_ENDPOINT"), FALLBACKS),
        FALLBACKS_ASKED,
    ),
    SubsetCase(
        "subsets.shadowed-selectors",
        "of selectors that a longer one before them begins with, and of repeated ones, the fallback does not count",
        subset_cluster({"subset_selectors": SHADOWED}, FALLBACKS),
        FALLBACKS_ASKED,
    ),
    SubsetCase(
        "subsets.sick",
        "a subset without healthy endpoints panics by itself",
        subset_cluster({**PLAIN, "fallback_policy": "ANY_ENDPOINT"}, SICK),
        PLAIN_ASKED,
    ),
    SubsetCase(
        "subsets.sick-without-panic",
        "a subset without healthy endpoints has nobody to give at threshold 0, and does not fall back",
        subset_cluster({**PLAIN, "fallback_policy": "ANY_ENDPOINT"}, SICK, common_lb_config=panic(0)),
        PLAIN_ASKED,
    ),
    SubsetCase(
        "subsets.priorities",
        "priorities are shared inside of a subset",
        subset_cluster({**PLAIN, "fallback_policy": "ANY_ENDPOINT"}, *LEVELS),
        PLAIN_ASKED,
    ),
    SubsetCase(
        "subsets.single-host",
        "single_host_per_subset: the first endpoint, however well it is",
        subset_cluster({"subset_selectors": [selector("v", single_host_per_subset=True)]}, SICK),
        PLAIN_ASKED,
    ),
    SubsetCase(
        "subsets.single-host-of-priorities",
        "single_host_per_subset over priorities",
        subset_cluster({"subset_selectors": [selector("v", single_host_per_subset=True)]}, *LEVELS),
        PLAIN_ASKED,
    ),
    SubsetCase(
        "subsets.localities-unaware",
        "without locality_weight_aware localities have no weight in subsets, nor in any endpoint",
        subset_cluster({**PLAIN, "fallback_policy": "ANY_ENDPOINT"}, *ZONES, common_lb_config=LOCALITIES),
        PLAIN_ASKED,
    ),
    SubsetCase(
        "subsets.localities",
        "locality_weight_aware",
        subset_cluster(
            {**PLAIN, "fallback_policy": "ANY_ENDPOINT", "locality_weight_aware": True},
            *ZONES,
            common_lb_config=LOCALITIES,
        ),
        PLAIN_ASKED,
    ),
    SubsetCase(
        "subsets.localities-scaled",
        "scale_locality_weight",
        subset_cluster(
            {
                **PLAIN,
                "fallback_policy": "ANY_ENDPOINT",
                "locality_weight_aware": True,
                "scale_locality_weight": True,
            },
            *ZONES,
            common_lb_config=LOCALITIES,
        ),
        PLAIN_ASKED,
    ),
    SubsetCase(
        "subsets.fallback-list",
        "metadata_fallback_policy FALLBACK_LIST",
        subset_cluster(
            {
                "subset_selectors": [selector("stage"), selector("version"), selector("stage", "version")],
                "metadata_fallback_policy": "FALLBACK_LIST",
            },
            FALLBACKS,
        ),
        LISTS_ASKED,
    ),
    SubsetCase(
        "subsets.fallback-list-unused",
        "without metadata_fallback_policy fallback_list is a key like others",
        subset_cluster({"subset_selectors": [selector("stage")], "fallback_policy": "ANY_ENDPOINT"}, FALLBACKS),
        LISTS_ASKED,
    ),
    SubsetCase(
        "subsets.redundant-keys",
        "allow_redundant_keys: the selector with the most keys that are asked for",
        subset_extension(
            {
                "subset_selectors": [selector("stage"), selector("version"), selector("stage", "version")],
                "allow_redundant_keys": True,
            },
            FALLBACKS,
        ),
        REDUNDANT_ASKED,
    ),
    SubsetCase(
        "subsets.redundant-keys-fallbacks",
        "allow_redundant_keys with fallbacks of selectors",
        subset_extension({**by_selector(), "allow_redundant_keys": True}, FALLBACKS),
        REDUNDANT_ASKED + FALLBACKS_ASKED,
    ),
]
