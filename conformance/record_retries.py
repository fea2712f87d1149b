# Fairlead: records from the real Envoy what it tries again
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/record_retries.py` rewrites Tests/Vectors/retries: of each case how many attempts there were and what
the client got in the end."""

import environment

environment.enter()

import json

from cases.retries import THEMES
from envoy_process import EnvoyProcess
from instrument import bootstrap, connection_manager, echo_cluster, listener
from oracle import EchoUpstream
from vectors import compact, indented, write
from wire import Lane, Request, encode, exchange

AT_ONCE = 25


def table(policies):
    """A route for each policy, by its number."""
    routes = []
    for number, policy in enumerate(policies):
        action = {"cluster": "scripted", "timeout": "5s"} | ({"retry_policy": policy} if policy is not None else {})
        routes.append({"match": {"path": f"/{number}"}, "route": action})
    host = {
        "name": "all",
        "domains": ["*"],
        "include_request_attempt_count": True,
        "include_attempt_count_in_response": True,
        "routes": routes,
    }
    return {"name": "retries", "virtual_hosts": [host]}


def inside(routes):
    """Every client is inside, so that what requests wish for counts."""
    return connection_manager(
        routes,
        {
            "use_remote_address": True,
            "internal_address_config": {"cidr_ranges": [{"address_prefix": "127.0.0.0", "prefix_len": 8}]},
        },
    )


def ask(port, cases):
    """What the client got, of each case: the status and how many attempts there were."""
    lanes = []
    for number, case in enumerate(cases):
        headers = [["host", "a.example"], ["x-script", json.dumps(case["script"])], *case["request"]]
        lanes.append(Lane(("127.0.0.1", port), [Request(encode("GET", f"/{number}", headers))]))
    for start in range(0, len(lanes), AT_ONCE):
        exchange(lanes[start : start + AT_ONCE])
    answers = [lane.responses[0] for lane in lanes]
    return [{"status": told.status, "attempts": int(told.header("x-envoy-attempt-count"))} for told in answers]


def record(theme, cases):
    with EchoUpstream("scripted_upstream.py") as upstream:
        cluster = echo_cluster("scripted", upstream.port)
        cluster["circuit_breakers"] = {"thresholds": [{"max_retries": 1000}]}
        manager = inside(table([case["policy"] for case in cases]))
        with EnvoyProcess(bootstrap([listener("retries", manager)], [cluster])) as envoy:
            told = ask(envoy.ports["retries"], cases)
    lines = [{**case, "expect": expect} for case, expect in zip(cases, told)]
    write("retries", theme, f'{{\n  "about": {compact("what is tried again: " + theme)},\n  "cases": {indented(lines)}\n}}\n')


if __name__ == "__main__":
    for theme, cases in THEMES.items():
        record(theme, list(cases()))
