# Fairlead: the oracle: many route tables in one real Envoy, and its answers in the contract's form
# SPDX-License-Identifier: Apache-2.0
"""
    with Oracle({"shop": route_configuration}, clusters=["a", "b"]) as oracle:
        observations = oracle.ask("shop", [{"authority": "x.y", "path": "/"}])
        observations[0].answer["route"]

Each table has a listener of its own. `clusters` holds names (one endpoint each: the echo upstream) or whole
cluster configurations.
"""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import contract
import upstream
from envoy_process import EnvoyProcess
from instrument import Instrumented, bootstrap, connection_manager, echo_cluster, listener
from wire import Lane, OracleError, Response, exchange

LANES = 16
ROUTER_ANSWERS = {"cluster_not_found", "route_not_found"}
UNREACHED = ("no_healthy_upstream", "upstream_reset_before_response_started")


@dataclass(slots=True)
class Observation:
    answer: dict  # contract form
    response: Response
    details: str  # Envoy's response code details
    endpoint: str = None  # "ip:port" as Envoy tells it
    method: str = None  # what the upstream saw, None when it saw nothing
    headers: list = field(default_factory=list)


class EchoUpstream:
    """The process of upstream.py, or of another script; `port` is where it listens."""

    def __init__(self, script="upstream.py"):
        self.script = script

    def __enter__(self):
        script = Path(__file__).parent / self.script
        self.process = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Oracle:
    def __init__(self, tables, clusters, rest=None):
        """`rest` are further fields of the bootstrap file."""
        self.rest = rest or {}
        self.tables = {name: Instrumented(table) for name, table in tables.items()}
        self.clusters = clusters

    def __enter__(self):
        self.upstream = EchoUpstream().__enter__()
        clusters = [echo_cluster(c, self.upstream.port) if isinstance(c, str) else c for c in self.clusters]
        listeners = [listener(name, connection_manager(t.config, t.manager)) for name, t in self.tables.items()]
        self.envoy = EnvoyProcess({**bootstrap(listeners, clusters), **self.rest})
        try:
            self.envoy.__enter__()
        except BaseException:
            self.upstream.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.envoy.stop()
        self.upstream.__exit__()

    def ask(self, table, requests):
        """One `Observation` per request, in order."""
        return self.ask_all({table: requests})[table]

    def ask_all(self, batches):
        """The same for several tables at once: `{table: requests}` to `{table: observations}`."""
        per_table = max(1, LANES // max(1, len(batches)))
        lanes = {}
        for table, requests in batches.items():
            encoded = [contract.encode(request) for request in requests]
            address = ("127.0.0.1", self.envoy.ports[table])
            lanes[table] = [Lane(address, encoded[start::per_table]) for start in range(per_table)]
        exchange([lane for group in lanes.values() for lane in group])
        observations = {}
        for table, requests in batches.items():
            told = [None] * len(requests)
            for start, lane in enumerate(lanes[table]):
                told[start::per_table] = [observe(response, self.tables[table]) for response in lane.responses]
            for request, observation in zip(requests, told):
                if request.get("method") == "HEAD":
                    observation.answer.pop("body")
            observations[table] = told
        return observations


def observe(response, instrumented):
    """What one response says, in the contract's words."""
    told = {name: value for name, value in response.headers if name.startswith("x-fl-")}
    answer = dict.fromkeys(contract.ANSWER)
    del answer["endpoint"]
    if "x-fl-details" not in told:
        raise OracleError(f"a response without telltales: {response}")
    observation = Observation(answer, response, told["x-fl-details"], told.get("x-fl-endpoint"))
    route = instrumented.routes.get(told.get("x-fl-route"))
    virtual_host = told.get("x-fl-virtual-host")
    if "x-fl-echo" in told:
        observation.method, path, observation.headers = upstream.decode(told["x-fl-echo"])
        answer.update(
            action="forward", cluster=told["x-fl-cluster"], path=path, authority=dict(observation.headers).get("host")
        )
    elif observation.details == "direct_response":
        # Without a route it is the virtual host's require_tls that answers.
        redirects = route is None or "redirect" in route
        answer.update(action="redirect" if redirects else "direct_response", status=response.status)
        if redirects:
            answer["location"] = response.header("location")
        else:
            answer["body"] = response.body.decode("utf-8", "surrogateescape")
    elif observation.details == "path_normalization_failed" and response.status == 307:
        answer.update(action="redirect", status=307, location=response.header("location"))
        return observation
    elif observation.details.startswith(UNREACHED):
        # A route and a cluster were chosen, but no endpoint answers there: still a forward.
        answer.update(action="forward", cluster=told["x-fl-cluster"])
        del answer["path"], answer["authority"]
    else:
        answer.update(action="none", status=response.status)
        if observation.details not in ROUTER_ANSWERS:
            return observation
    answer["virtual_host"] = virtual_host
    answer["route"] = (route.get("name") or None) if route else None
    return observation
