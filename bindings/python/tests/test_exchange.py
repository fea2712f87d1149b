# Fairlead: tests of exchanges: what the route says, and composed results
# SPDX-License-Identifier: Apache-2.0

import unittest

import fairlead
from fairlead import Direction, Disposition, HeaderAction, RouteFlags

from .fixtures import make_shop, request_to


class Exchanges(unittest.TestCase):
    def setUp(self):
        self.engine = make_shop()
        self.worker = self.engine.make_worker()

    def begin(self, path: str, **parts) -> fairlead.Exchange:
        exchange = self.worker.begin(request_to(path, **parts))
        self.addCleanup(exchange.end)
        return exchange

    def test_a_route_that_forwards_tells_everything(self):
        exchange = self.begin("/cart/1?x=y")
        route = exchange.route
        self.assertEqual(exchange.disposition, Disposition.FORWARD)
        self.assertEqual(route.disposition, Disposition.FORWARD)
        self.assertEqual((route.table, route.virtual_host, route.name, route.cluster), ("main", "shop", "cart", "shop"))
        self.assertEqual((route.status, route.cluster_not_found_status, route.priority), (0, 503, 0))
        self.assertEqual(route.timeout_seconds, 15.0)
        self.assertEqual(route.idle_timeout_seconds, 60.0)
        self.assertEqual(route.per_try_timeout_seconds, 2.0)
        self.assertIsNone(route.body)
        self.assertIn(RouteFlags.HOST_FROM_ENDPOINT | RouteFlags.HAS_RETRY_POLICY, route.flags)
        self.assertEqual(exchange.path, "/basket/1?x=y")
        self.assertEqual(exchange.authority, "shop.example")
        self.assertIsNone(exchange.location)
        self.assertEqual(exchange.attempts, 0)

    def test_an_idle_timeout_may_be_left_to_the_listener(self):
        self.assertIsNone(self.begin("/sticky").route.idle_timeout_seconds)

    def test_a_redirect_has_a_location(self):
        exchange = self.begin("/old?a=b")
        self.assertEqual(exchange.disposition, Disposition.REDIRECT)
        self.assertEqual((exchange.route.status, exchange.location), (308, "http://shop.example/new?a=b"))
        self.assertIsNone(exchange.pick())
        self.assertEqual(exchange.last_pick, fairlead.PickResult.NOT_FORWARDING)

    def test_a_host_that_demands_tls_redirects(self):
        exchange = self.begin("/x", authority="secure.example")
        self.assertEqual(exchange.disposition, Disposition.TLS_REDIRECT)
        self.assertEqual(exchange.location, "https://secure.example/x")

    def test_a_direct_response_has_a_body(self):
        exchange = self.begin("/teapot")
        self.assertEqual(exchange.disposition, Disposition.DIRECT_RESPONSE)
        self.assertEqual((exchange.route.status, exchange.route.body), (418, b"I am a teapot"))

    def test_nothing_may_match(self):
        exchange = self.begin("/none")
        self.assertEqual(exchange.disposition, Disposition.NO_ROUTE)
        self.assertEqual((exchange.route.status, exchange.route.name, exchange.route.virtual_host), (404, None, "shop"))
        self.assertIsNone(self.begin("/", authority="other.example").route.virtual_host)

    def test_a_request_without_an_authority_is_bad(self):
        self.assertEqual(self.begin("/", authority=None).disposition, Disposition.BAD_REQUEST)

    def test_headers_are_given_as_pairs_or_as_a_mapping(self):
        for headers in ([("X-Secret", "yes")], {"x-secret": "yes"}, ((b"x-secret", b"yes"),)):
            exchange = self.begin("/internal", headers=headers)
            self.assertEqual((exchange.route.name, exchange.authority), ("internal", "inner.example"))
            self.assertEqual(exchange.route.priority, 1)
        self.assertEqual(self.begin("/internal", headers=[("x-secret", "no")]).disposition, Disposition.NO_ROUTE)

    def test_header_mutations_come_in_order(self):
        exchange = self.begin("/cart")
        told = [(one.action, one.name, one.value) for one in exchange.header_mutations(Direction.REQUEST)]
        self.assertEqual(
            told,
            [
                (HeaderAction.OVERWRITE_OR_ADD, "x-route", "cart"),
                (HeaderAction.REMOVE, "x-inner", None),
                (HeaderAction.APPEND, "x-table", "main"),
            ],
        )
        told = [(one.action, one.name) for one in exchange.header_mutations(Direction.RESPONSE)]
        self.assertEqual(told, [(HeaderAction.ADD_IF_ABSENT, "x-answer"), (HeaderAction.REMOVE, "server")])
        with self.assertRaises(ValueError):
            exchange.header_mutations(2)

    def test_a_client_without_its_cookie_gets_one(self):
        cookie = self.begin("/sticky", source="10.9.9.9:1234").set_cookie
        self.assertRegex(cookie, '^session="[0-9a-f]+"; ')
        value = cookie.split('"')[1]
        self.assertIsNone(self.begin("/sticky", headers=[("cookie", f"session={value}")]).set_cookie)

    def test_bodies_are_told_or_composed(self):
        self.assertEqual(self.begin("/teapot").body, b"I am a teapot")
        self.assertEqual(self.begin("/echo").body, b"GET -")
        self.assertIsNone(self.begin("/cart").body)
        self.assertIsNone(self.worker.begin_cluster("shop").body)

    def test_long_texts_are_composed_whole(self):
        path = "/cart/" + "x" * 10_000
        self.assertEqual(self.begin(path).path, "/basket/" + "x" * 10_000)

    def test_any_bytes_come_back_as_they_were(self):
        path = b"/cart/\xff\x80\0 \xc3\xa9"
        self.assertEqual(self.begin(path).path.encode("utf-8", "surrogateescape"), b"/basket/\xff\x80\0 \xc3\xa9")
        text = path.decode("utf-8", "surrogateescape")
        self.assertEqual(self.begin(text).path, self.begin(path).path)

    def test_an_exchange_may_name_its_cluster_itself(self):
        with self.worker.begin_cluster("shop") as exchange:
            self.assertEqual(exchange.pick().endpoint.cluster, "shop")
            self.assertIsNone(exchange.path)
            self.assertIsNone(exchange.authority)
            self.assertIsNone(exchange.location)
            self.assertIsNone(exchange.set_cookie)
        with self.worker.begin_cluster("nowhere") as exchange:
            self.assertIsNone(exchange.pick())
            self.assertEqual(exchange.last_pick, fairlead.PickResult.CLUSTER_NOT_FOUND)

    def test_the_same_hash_finds_the_same_endpoint(self):
        found = {}
        for number in range(60):
            with self.worker.begin_cluster("ring", hash=number % 6 * 2**60) as exchange:
                found.setdefault(number % 6, set()).add(exchange.pick().endpoint.address)
        self.assertEqual({len(addresses) for addresses in found.values()}, {1})

    def test_an_open_exchange_keeps_its_route(self):
        exchange = self.begin("/cart")
        self.engine.apply(fairlead.Update().remove_everything())
        self.worker.refresh()
        self.assertEqual(exchange.route.name, "cart")
        self.assertIsNone(exchange.pick())
        self.assertEqual(exchange.last_pick, fairlead.PickResult.CLUSTER_NOT_FOUND)
        self.assertEqual(self.begin("/cart").disposition, Disposition.NO_ROUTE)

    def test_the_requests_own_random_bits_choose_among_weighted_clusters(self):
        weighted = {"clusters": [{"name": name, "weight": 1} for name in ("shop", "ring")]}
        route = {"match": {"prefix": "/"}, "route": {"weighted_clusters": weighted}}
        routes = {"name": "main", "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]}
        self.engine.apply(fairlead.Update().add(fairlead.Resource.ROUTE_CONFIGURATION, routes))
        self.worker.refresh()
        self.assertEqual(len({self.begin("/", random=7).route.cluster for _ in range(50)}), 1)
        self.assertEqual(len({self.begin("/").route.cluster for _ in range(50)}), 2)


class BadRequests(unittest.TestCase):
    def test_values_of_another_type_are_refused(self):
        for parts in ({"authority": 7}, {"headers": [("a", 7)]}, {"method": None, "source": 1.5}, {"random": "7"}):
            with self.subTest(parts), self.assertRaises(TypeError):
                fairlead.Request("/", **parts)

    def test_values_out_of_range_are_refused(self):
        for parts in ({"random": -1}, {"random": 2**64}, {"flags": 2**32}, {"headers": ["abc"]}):
            with self.subTest(parts), self.assertRaises(ValueError):
                fairlead.Request("/", **parts)

    def test_a_worker_takes_nothing_but_requests(self):
        worker = make_shop().make_worker()
        with self.assertRaises(TypeError):
            worker.begin("/cart")
        with self.assertRaises(ValueError):
            worker.begin(request_to("/"), route_table=-1)
        with self.assertRaises(ValueError):
            worker.begin_cluster("shop", hash=2**64)
        with self.assertRaises(TypeError):
            worker.begin_cluster(None)
        self.assertEqual(worker.open, 0)

    def test_an_unknown_route_table_matches_nothing(self):
        with make_shop().make_worker().begin(request_to("/cart"), route_table=77) as exchange:
            self.assertEqual(exchange.disposition, Disposition.NO_ROUTE)
            self.assertIsNone(exchange.route.table)


if __name__ == "__main__":
    unittest.main()
