# Fairlead: tests of the engine: loading, updates, located errors, statistics
# SPDX-License-Identifier: Apache-2.0

import json
import threading
import unittest

import fairlead
from fairlead import Format, Resource, Severity, Status, Update

from .fixtures import FAULTY, SHOP, cluster, make_shop, request_to


class Loading(unittest.TestCase):
    def test_a_bootstrap_file_is_served(self):
        engine = make_shop()
        self.assertEqual(engine.statistics.clusters, 5)
        self.assertEqual(engine.statistics.virtual_hosts, 2)
        self.assertEqual(engine.route_table("main"), 0)

    def test_a_bootstrap_may_be_bytes_text_or_a_mapping(self):
        document = {"static_resources": {"clusters": [cluster("one", "10.0.0.1")]}}
        for content in (document, json.dumps(document), json.dumps(document).encode()):
            self.assertEqual(fairlead.Engine.from_bytes(content).statistics.clusters, 1)

    def test_an_engine_begins_without_a_configuration(self):
        engine = fairlead.Engine()
        self.assertEqual(engine.statistics.clusters, 0)
        self.assertEqual(engine.warnings, ())

    def test_a_plugin_that_is_none_is_told(self):
        with self.assertRaises(fairlead.StatusError) as raised:
            fairlead.Engine().load_plugin("/not/there.so")
        self.assertEqual(raised.exception.status, Status.PLUGIN)
        self.assertIn("/not/there.so", str(raised.exception))

    def test_a_missing_file_is_the_systems_error(self):
        with self.assertRaises(FileNotFoundError):
            fairlead.Engine.from_file(SHOP.with_name("absent.yaml"))

    def test_everything_that_is_wrong_is_told_with_its_place(self):
        with self.assertRaises(fairlead.ConfigurationError) as raised:
            fairlead.Engine.from_file(FAULTY)
        problems = {problem.code: problem for problem in raised.exception.problems}
        self.assertEqual(raised.exception.status, Status.CONFIGURATION)
        self.assertGreaterEqual(len(raised.exception.problems), 3)
        unknown = problems["unknown-field"]
        self.assertEqual((unknown.severity, unknown.file), (Severity.WARNING, str(FAULTY)))
        lines = FAULTY.read_text().splitlines()
        self.assertIn("surprise", lines[unknown.line - 1])
        self.assertEqual(unknown.column, lines[unknown.line - 1].index("surprise") + 1)
        self.assertTrue(unknown.path.startswith("static_resources.clusters[0]"))
        self.assertIn(unknown.text, str(raised.exception))
        self.assertEqual(str(unknown), unknown.text)
        self.assertTrue(any(problem.severity == Severity.ERROR for problem in raised.exception.problems))

    def test_what_strict_reading_forbids_is_a_warning_otherwise(self):
        document = {"static_resources": {"clusters": [cluster("one", "10.0.0.1") | {"surprise": 1}]}}
        engine = fairlead.Engine.from_bytes(document)
        self.assertEqual([problem.code for problem in engine.warnings], ["unknown-field"])
        with self.assertRaises(fairlead.ConfigurationError):
            fairlead.Engine.from_bytes(document, strict=True)

    def test_a_refused_load_changes_nothing(self):
        engine = make_shop()
        before = engine.statistics
        with self.assertRaises(fairlead.ConfigurationError):
            engine.load(FAULTY.read_bytes())
        self.assertEqual(engine.statistics, before)

    def test_hostile_bytes_are_refused_with_a_problem(self):
        engine = fairlead.Engine()
        for content in (b"\0\xff" * 100, b"[[[[" * 1000, b"a: &a [*a]", "\udcff: 1", b"{", b"static_resources: 7"):
            with self.subTest(content[:10]), self.assertRaises(fairlead.ConfigurationError) as raised:
                engine.load(content)
            self.assertTrue(raised.exception.problems)

    def test_options_out_of_range_are_refused(self):
        for options in ({"maximum_workers": 4097}, {"seed": -1}, {"seed": 2**64}, {"maximum_workers": 2**32}):
            with self.subTest(options), self.assertRaises(ValueError):
                fairlead.Engine(**options)
        with self.assertRaises(TypeError):
            fairlead.Engine(seed="7")
        with self.assertRaises(TypeError):
            fairlead.Engine(region=7)

    def test_content_of_another_type_is_refused(self):
        with self.assertRaises(TypeError):
            fairlead.Engine.from_bytes(7)
        with self.assertRaises(ValueError):
            fairlead.Engine.from_bytes("{}", format=9)

    def test_an_unknown_route_table_is_not_found(self):
        with self.assertRaises(fairlead.NotFoundError):
            make_shop().route_table("never")
        with self.assertRaises(LookupError):
            make_shop().route_table("")


class Updating(unittest.TestCase):
    def setUp(self):
        self.engine = make_shop()

    def test_several_resources_change_as_one_step(self):
        routes = {
            "name": "main",
            "virtual_hosts": [
                {
                    "name": "new",
                    "domains": ["*"],
                    "routes": [{"name": "all", "match": {"prefix": "/"}, "route": {"cluster": "new"}}],
                }
            ],
        }
        update = Update().add(Resource.CLUSTER, cluster("new", "10.9.0.1"))
        update.add("type.googleapis.com/envoy.config.route.v3.RouteConfiguration", json.dumps(routes))
        self.assertEqual(len(update), 2)
        publication = self.engine.apply(update)
        self.assertEqual(publication.generation, self.engine.statistics.generation)
        with self.engine.make_worker() as worker, worker.begin(request_to("/")) as exchange:
            self.assertEqual((exchange.route.name, exchange.route.cluster), ("all", "new"))

    def test_a_resource_is_removed(self):
        self.engine.apply(Update().remove(Resource.CLUSTER, "sick").remove(Resource.CLUSTER, "was never there"))
        self.assertEqual(self.engine.statistics.clusters, 4)

    def test_everything_can_be_replaced(self):
        self.engine.apply(Update().remove_everything().add(Resource.CLUSTER, cluster("only", "10.0.0.1")))
        self.assertEqual((self.engine.statistics.clusters, self.engine.statistics.virtual_hosts), (1, 0))

    def test_an_update_can_be_applied_again_and_elsewhere(self):
        update = Update().add(Resource.CLUSTER, cluster("new", "10.9.0.1"))
        for engine in (self.engine, self.engine, fairlead.Engine()):
            engine.apply(update)
        self.assertEqual((self.engine.statistics.clusters, engine.statistics.clusters), (6, 1))

    def test_a_refused_update_changes_nothing_and_lists_every_problem(self):
        before = self.engine.statistics
        update = Update().add(Resource.CLUSTER, "name: [", format=Format.YAML, file="first.yaml")
        update.add(Resource.CLUSTER, {"name": "two", "connect_timeout": "soon"}, file="second.json")
        with self.assertRaises(fairlead.ConfigurationError) as raised:
            self.engine.apply(update)
        self.assertEqual({problem.file for problem in raised.exception.problems}, {"first.yaml", "second.json"})
        self.assertEqual(self.engine.statistics, before)

    def test_an_update_can_be_checked_without_effect(self):
        before = self.engine.statistics
        self.assertEqual(self.engine.check(Update().add(Resource.CLUSTER, cluster("new", "10.9.0.1"))), ())
        problems = self.engine.check(Update().add(Resource.CLUSTER, {"name": "two", "connect_timeout": "soon"}))
        self.assertIn(Severity.ERROR, [problem.severity for problem in problems])
        self.assertEqual(self.engine.statistics, before)

    def test_an_unknown_type_of_resource_is_refused(self):
        for resource in (99, "type.googleapis.com/example.Unknown"):
            with self.subTest(resource), self.assertRaises(fairlead.StatusError) as raised:
                self.engine.apply(Update().add(resource, {}))
            self.assertEqual(raised.exception.status, Status.UNKNOWN_RESOURCE_TYPE)
        with self.assertRaises(TypeError):
            Update().remove(Resource.CLUSTER, 7)
        with self.assertRaises(TypeError):
            self.engine.apply(Update().remove(1.5, "a"))

    def test_a_poll_frees_what_nobody_holds(self):
        for number in range(5):
            self.engine.apply(Update().add(Resource.CLUSTER, cluster("new", f"10.9.0.{number}")))
        self.assertIsNone(self.engine.poll(0))
        self.engine.poll()
        self.assertEqual(self.engine.statistics.live_snapshots, 1)


class Closing(unittest.TestCase):
    def test_a_closed_engine_answers_nothing_and_can_be_closed_again(self):
        with make_shop() as engine:
            pass
        engine.close()
        for use in (
            engine.poll,
            engine.make_worker,
            lambda: engine.statistics,
            lambda: engine.apply(Update()),
            lambda: engine.check(Update()),
            lambda: engine.load("{}"),
            lambda: engine.route_table("main"),
            engine.after_fork,
            engine.__enter__,
        ):
            with self.assertRaises(fairlead.NotOpenError):
                use()

    def test_workers_go_on_when_their_engine_is_closed(self):
        engine = make_shop()
        worker = engine.make_worker()
        engine.close()
        with worker.begin(request_to("/cart")) as exchange:
            self.assertIsNotNone(exchange.pick())
        worker.close()

    def test_an_engine_that_is_closed_under_calls_of_other_threads_stays_whole(self):
        for _ in range(20):
            engine = make_shop()
            ended = []

            def use(engine=engine, ended=ended):
                try:
                    while True:
                        engine.apply(Update().add(Resource.CLUSTER, cluster("new", "10.9.0.1")))
                        engine.statistics
                except fairlead.NotOpenError:
                    ended.append(True)

            threads = [threading.Thread(target=use) for _ in range(4)]
            for thread in threads:
                thread.start()
            engine.close()
            for thread in threads:
                thread.join()
            self.assertEqual(len(ended), 4)


if __name__ == "__main__":
    unittest.main()
