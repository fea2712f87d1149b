# Fairlead: tests of attempts: pick, report, retry, detach
# SPDX-License-Identifier: Apache-2.0

import unittest
from collections import Counter

import fairlead
from fairlead import EndpointFlags, Health, OutcomeKind, PickResult, Status

from .fixtures import make_shop, request_to

ADDRESSES = ("10.0.0.1:80", "[2001:db8::2]:80", "/run/three.sock")


class Attempts(unittest.TestCase):
    def setUp(self):
        self.engine = make_shop()
        self.worker = self.engine.make_worker()

    def begin(self, path: str = "/cart") -> fairlead.Exchange:
        exchange = self.worker.begin(request_to(path))
        self.addCleanup(exchange.end)
        return exchange

    def test_round_robin_takes_turns(self):
        counts = Counter()
        for _ in range(30):
            with self.begin() as exchange:
                attempt = exchange.pick()
                counts[attempt.endpoint.address] += 1
                self.assertEqual(attempt.report(status=200), (False, 0.0))
        self.assertEqual(counts, dict.fromkeys(ADDRESSES, 10))

    def test_an_endpoint_tells_everything(self):
        exchange = self.begin()
        attempts = [exchange.pick() for _ in range(3)]
        endpoints = {attempt.endpoint.address: attempt.endpoint for attempt in attempts}
        self.assertEqual(set(endpoints), set(ADDRESSES))
        self.assertEqual(exchange.attempts, 3)
        self.assertEqual(len({endpoint.id for endpoint in endpoints.values()}), 3)
        two, three = endpoints[ADDRESSES[1]], endpoints[ADDRESSES[2]]
        self.assertEqual((two.host, two.port, two.hostname), ("2001:db8::2", 80, "two.shop.example"))
        self.assertEqual((two.region, two.zone, two.sub_zone, two.cluster), ("eu", "eu-1", "a", "shop"))
        self.assertEqual((two.weight, two.priority, two.health, two.flags), (1, 0, Health.HEALTHY, EndpointFlags(0)))
        self.assertEqual((two.connect_timeout_seconds, two.active_requests), (3.0, 1))
        self.assertEqual((three.host, three.port, three.health), ("/run/three.sock", 0, Health.UNKNOWN))
        self.assertEqual([attempt.endpoint.attempt_number for attempt in attempts], [1, 2, 3])

    def test_the_authority_may_be_the_endpoints(self):
        exchange = self.begin()
        attempt = exchange.pick()
        self.assertEqual(attempt.authority, attempt.endpoint.hostname)
        self.assertEqual(exchange.authority, "shop.example")

    def test_an_internal_request_wishes_for_retries(self):
        wishes = {"x-envoy-retry-on": "retriable-headers", "x-envoy-retriable-header-names": "again"}
        request = fairlead.Request(
            authority="shop.example", path="/cart", headers=wishes, flags=fairlead.RequestFlags.INTERNAL
        )
        for headers, expected in ({"Again": "1"}, True), ({"other": "1"}, False), ((), False):
            with self.worker.begin(request) as exchange:
                verdict = exchange.pick().report(status=200, headers=headers, request=request, unix_seconds=0)
                self.assertEqual(verdict.retry, expected)

    def test_a_bad_answer_is_retried_elsewhere(self):
        exchange = self.begin()
        exchange.remember_tried(4)
        tried = []
        while (attempt := exchange.pick()) is not None:
            tried.append(attempt.endpoint.id)
            verdict = attempt.report(status=503)
            self.assertLessEqual(verdict.delay_seconds, 0.020)
            if not verdict.retry:
                break
        self.assertEqual(len(tried), 3)
        self.assertEqual(len(set(tried)), 3)

    def test_a_program_that_cannot_retry_is_not_asked_to(self):
        self.assertFalse(self.begin().pick().report(status=503, may_retry=False).retry)
        self.assertTrue(self.begin().pick().report(kind=OutcomeKind.CONNECT_FAILURE).retry)
        self.assertFalse(self.begin().pick().report(kind=OutcomeKind.CANCELLED).retry)

    def test_the_reason_for_no_endpoint_is_told(self):
        for path, reason in (
            ("/empty", PickResult.NO_ENDPOINT),
            ("/dropped", PickResult.DROPPED),
            ("/nowhere", PickResult.CLUSTER_NOT_FOUND),
            ("/old", PickResult.NOT_FORWARDING),
        ):
            exchange = self.begin(path)
            self.assertIsNone(exchange.last_pick)
            self.assertIsNone(exchange.pick())
            self.assertEqual(exchange.last_pick, reason)

    def test_panic_takes_sick_endpoints_and_says_so(self):
        with self.worker.begin_cluster("sick") as exchange:
            endpoint = exchange.pick().endpoint
        self.assertEqual((endpoint.flags, endpoint.health), (EndpointFlags.PANIC, Health.UNHEALTHY))

    def test_nonsense_is_not_reported_and_leaves_the_attempt_open(self):
        attempt = self.begin().pick()
        for arguments in (
            {},
            {"status": 70_000},
            {"status": -1},
            {"status": 200, "kind": OutcomeKind.RESET},
            {"kind": 99},
            {"kind": -1},
        ):
            with self.subTest(arguments), self.assertRaises(ValueError):
                attempt.report(**arguments)
        with self.assertRaises(TypeError):
            attempt.report(status="200")
        self.assertFalse(attempt.report(status=200).retry)

    def test_a_detached_attempt_outlives_its_exchange(self):
        with self.begin() as exchange:
            attempt = exchange.pick()
            attempt.detach()
            attempt.detach()
            with self.assertRaises(fairlead.NotOpenError) as raised:
                attempt.endpoint
            self.assertEqual(raised.exception.status, Status.ATTEMPT_DETACHED)
            with self.assertRaises(fairlead.NotOpenError):
                attempt.authority
        self.assertEqual(self.worker.open, 1)
        with self.assertRaises(fairlead.BusyError):
            self.worker.close()
        self.assertEqual(attempt.report(status=503), (False, 0.0))
        self.assertEqual(self.worker.open, 0)
        self.worker.close()

    def test_statistics_count_what_workers_did(self):
        with self.begin() as exchange:
            exchange.pick().report(status=503)
        with self.begin("/none"), self.begin("/empty") as exchange:
            exchange.pick()
        statistics = self.engine.statistics
        self.assertEqual((statistics.exchanges, statistics.no_route, statistics.workers), (3, 1, 1))
        self.assertEqual((statistics.picks, statistics.no_endpoint, statistics.retries), (1, 1, 1))


if __name__ == "__main__":
    unittest.main()
