# Fairlead: replays the recorded routing vectors through the Python binding
# SPDX-License-Identifier: Apache-2.0
"""The vectors say what Envoy answers to a request on the wire, and the engine is one part of that: it routes what a
program gives it. The program of these tests does no more than name the method and the scheme. What Envoy does before it
routes is left to `fairlead route`, which conformance/replay.py tests, and that is:

- all of headers.joined.json: joining repeated header lines;
- all files with `manager` in them: options of the connection manager;
- in before-routing.*.json the requests that are refused for their host, method or path;
- everywhere else the requests whose path is none: it does not begin with a slash, or has a fragment.
"""

import json
import sys
import unittest

import fairlead
from fairlead import Disposition

from .fixtures import ROOT

sys.path.insert(0, str(ROOT / "conformance"))
import contract  # noqa: E402
from replay import REFUSED  # noqa: E402
from route_command import bootstrap_for  # noqa: E402

VECTORS = sorted((ROOT / "Tests" / "Vectors" / "routing").glob("*.json"))

JOINED = "headers.joined.json"

ACTIONS = {
    Disposition.FORWARD: "forward",
    Disposition.REDIRECT: "redirect",
    Disposition.TLS_REDIRECT: "redirect",
    Disposition.DIRECT_RESPONSE: "direct_response",
}


def answer(worker: fairlead.Worker, table: int, told: dict, picks: bool) -> dict:
    """What `fairlead route` would answer to a request of the vectors."""
    request = fairlead.Request(
        told["path"],
        authority=told.get("authority"),
        method=told.get("method") or "GET",
        scheme=told.get("scheme") or "http",
        headers=told.get("headers") or (),
        source=told.get("source"),
    )
    with worker.begin(request, table) as exchange:
        route = exchange.route
        found = {
            "virtual_host": route.virtual_host,
            "route": route.name,
            "action": ACTIONS.get(route.disposition, "none"),
            "status": route.status or None,
            "location": exchange.location,
            "body": None if exchange.body is None else exchange.body.decode("utf-8", "surrogateescape"),
        }
        if route.disposition == Disposition.FORWARD and route.cluster is None:
            return found | {"action": "none", "status": route.cluster_not_found_status}
        if route.disposition == Disposition.FORWARD:
            attempt = exchange.pick() if picks else None
            found["endpoint"] = attempt and attempt.endpoint.address
            found["authority"] = attempt.authority if attempt else exchange.authority
            found |= {"cluster": route.cluster, "path": exchange.path}
        return found


def is_refused_before_routing(file: str, case: dict) -> bool:
    """Whether Envoy refuses the request before it looks at any route: no virtual host, no route, and a reason to."""
    path = case["request"]["path"]
    found_nothing = case["expect"]["virtual_host"] is None and case["expect"]["route"] is None
    return found_nothing and (file.startswith("before-routing.") or "#" in path or not path.startswith("/"))


class Vectors(unittest.TestCase):
    def test_recorded_answers_are_given(self):
        asked = 0
        for path in VECTORS:
            if path.name in REFUSED or path.name == JOINED:
                continue
            vector = json.loads(path.read_text())
            if "manager" in vector:
                continue
            engine = fairlead.Engine.from_bytes(bootstrap_for(vector["config"], vector["clusters"]))
            worker = engine.make_worker()
            table = engine.route_table(vector["config"]["name"])
            for case in vector["cases"]:
                if is_refused_before_routing(path.name, case):
                    continue
                asked += 1
                found = answer(worker, table, case["request"], vector["pick"])
                with self.subTest(path.name, request=case["request"]):
                    self.assertEqual(contract.differences(case["expect"], found), [])
        self.assertGreater(asked, 1_000)

    def test_what_is_not_acted_on_is_refused(self):
        for path in VECTORS:
            if path.name in REFUSED:
                vector = json.loads(path.read_text())
                with self.subTest(path.name), self.assertRaises(fairlead.ConfigurationError) as raised:
                    fairlead.Engine.from_bytes(bootstrap_for(vector["config"], vector["clusters"]))
                self.assertIn("unsupported", [problem.code for problem in raised.exception.problems])


if __name__ == "__main__":
    unittest.main()
