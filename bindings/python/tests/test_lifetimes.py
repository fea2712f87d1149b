# Fairlead: tests of things used after their end: an exception each time, never a crash
# SPDX-License-Identifier: Apache-2.0

import gc
import os
import threading
import unittest

import fairlead
from fairlead import Direction, NotOpenError, Status, Update

from .fixtures import SHOP, make_shop, request_to


class Lifetimes(unittest.TestCase):
    def setUp(self):
        self.engine = make_shop()
        self.worker = self.engine.make_worker()

    def all_raise(self, *uses):
        for use in uses:
            with self.assertRaises(NotOpenError):
                use()

    def test_an_ended_exchange_answers_nothing(self):
        exchange = self.worker.begin(request_to("/cart"))
        route = exchange.route
        self.assertTrue(exchange.is_open)
        exchange.end()
        exchange.end()
        self.assertFalse(exchange.is_open)
        self.all_raise(
            exchange.pick,
            lambda: exchange.route,
            lambda: exchange.disposition,
            lambda: exchange.attempts,
            lambda: exchange.path,
            lambda: exchange.authority,
            lambda: exchange.location,
            lambda: exchange.set_cookie,
            lambda: exchange.header_mutations(Direction.REQUEST),
            lambda: exchange.remember_tried(3),
            exchange.__enter__,
        )
        self.assertEqual(route.name, "cart", "what was read before is a copy")

    def test_an_ended_exchange_without_a_request_answers_nothing(self):
        exchange = self.worker.begin_cluster("shop")
        exchange.end()
        self.all_raise(lambda: exchange.path, lambda: exchange.authority, lambda: exchange.location)

    def test_an_exchange_ends_with_its_block_also_by_an_exception(self):
        with self.assertRaises(ZeroDivisionError), self.worker.begin(request_to("/cart")) as exchange:
            exchange.pick()
            1 / 0
        self.assertEqual(self.worker.open, 0)

    def test_an_attempt_ends_with_its_exchange(self):
        with self.worker.begin(request_to("/cart")) as exchange:
            attempt = exchange.pick()
            endpoint = attempt.endpoint
        self.all_raise(lambda: attempt.endpoint, lambda: attempt.authority, attempt.detach)
        with self.assertRaises(NotOpenError) as raised:
            attempt.report(status=200)
        self.assertEqual(raised.exception.status, Status.ATTEMPT_NOT_OPEN)
        self.assertTrue(endpoint.address, "what was read before is a copy")

    def test_an_attempt_is_reported_once(self):
        with self.worker.begin(request_to("/cart")) as exchange:
            attempt = exchange.pick()
            attempt.report(status=200)
            self.all_raise(lambda: attempt.endpoint, lambda: attempt.authority, attempt.detach)
            self.all_raise(lambda: attempt.report(status=200))

    def test_a_forgotten_attempt_counts_as_cancelled(self):
        with self.worker.begin(request_to("/cart")) as exchange:
            for _ in range(9):
                exchange.pick()
            gc.collect()
            self.assertEqual([exchange.pick().endpoint.active_requests for _ in range(3)], [1, 1, 1])

    def test_forgotten_exchanges_and_workers_are_freed(self):
        for _ in range(200):
            worker = self.engine.make_worker()
            exchange = worker.begin(request_to("/cart"))
            exchange.pick()
            detached = exchange.pick()
            detached.detach()
            del worker, exchange, detached
        gc.collect()
        statistics = self.engine.statistics
        self.assertEqual((statistics.workers, statistics.exchanges), (1, 200))

    def test_forgetting_in_any_order_is_fine(self):
        for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (0, 2, 1), (2, 0, 1)):
            worker = self.engine.make_worker()
            exchange = worker.begin(request_to("/cart"))
            parts = [worker, exchange, exchange.pick()]
            del worker, exchange
            for index in order:
                parts[index] = None
                gc.collect()
            self.assertEqual(self.engine.statistics.workers, 1)

    def test_a_cycle_of_garbage_does_no_harm(self):
        for _ in range(50):
            exchange = self.worker.begin(request_to("/cart"))
            attempt = exchange.pick()
            exchange.cycle = [exchange, attempt]
            del exchange, attempt
        gc.collect()
        self.assertEqual(self.worker.open, 0)

    def test_a_worker_with_an_open_exchange_cannot_be_closed(self):
        exchange = self.worker.begin(request_to("/cart"))
        with self.assertRaises(fairlead.BusyError) as raised:
            self.worker.close()
        self.assertEqual(raised.exception.status, Status.BUSY)
        self.assertEqual(exchange.route.name, "cart", "the worker is as before")
        exchange.end()
        self.worker.close()
        self.worker.close()

    def test_a_closed_worker_answers_nothing(self):
        with self.worker as worker, worker.begin(request_to("/cart")) as exchange:
            attempt = exchange.pick()
        self.assertTrue(worker.is_closed)
        self.all_raise(
            worker.refresh,
            worker.__enter__,
            lambda: worker.generation,
            lambda: worker.open,
            lambda: worker.begin(request_to("/cart")),
            lambda: worker.begin_cluster("shop"),
            lambda: attempt.endpoint,
            lambda: attempt.report(status=200),
            lambda: exchange.route,
        )

    def test_there_are_as_many_workers_as_the_options_allow(self):
        engine = fairlead.Engine(maximum_workers=2)
        workers = [engine.make_worker(), engine.make_worker()]
        with self.assertRaises(fairlead.StatusError) as raised:
            engine.make_worker()
        self.assertEqual(raised.exception.status, Status.TOO_MANY_WORKERS)
        workers.pop().close()
        engine.make_worker().close()

    def test_a_worker_adopts_the_newest_snapshot_when_it_is_asked_to(self):
        before = self.worker.generation
        published = self.engine.apply(Update().remove_everything()).generation
        self.assertEqual(self.worker.generation, before)
        self.assertEqual(self.worker.refresh(), published)
        self.assertEqual(self.worker.generation, published)


class Threads(unittest.TestCase):
    def test_many_threads_decide_while_another_publishes(self):
        engine = make_shop()
        failures = []

        def decide():
            try:
                with engine.make_worker() as worker:
                    for _ in range(2_000):
                        worker.refresh()
                        with worker.begin(request_to("/cart")) as exchange:
                            exchange.pick().report(status=200)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=decide) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(50):
            engine.load(SHOP.read_bytes())
            engine.poll()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual((engine.statistics.exchanges, engine.statistics.workers), (8_000, 0))

    def test_a_worker_shared_by_mistake_does_not_crash(self):
        worker = make_shop().make_worker()

        def decide():
            for _ in range(2_000):
                with worker.begin(request_to("/cart")) as exchange:
                    exchange.pick().report(status=503)

        threads = [threading.Thread(target=decide) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(worker.open, 0)


class Forks(unittest.TestCase):
    def test_a_child_goes_on_with_its_survivor_alone(self):
        engine = make_shop()
        survivor, other = engine.make_worker(), engine.make_worker()
        open_there = other.begin(request_to("/cart"))
        attempt = open_there.pick()
        child = os.fork()
        if child == 0:
            # Nothing of the test runner may run here: the exit status is all that is told.
            os._exit(self.outcome_in_child(engine, survivor, other, open_there, attempt))
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.assertFalse(attempt.report(status=200).retry, "the parent's are as before")
        open_there.end()
        other.close()
        survivor.close()

    def outcome_in_child(self, engine, survivor, other, exchange, attempt) -> int:
        try:
            engine.after_fork(survivor)
            dead = (other.refresh, lambda: exchange.route, lambda: attempt.report(status=200))
            for number, use in enumerate(dead, 1):
                try:
                    use()
                    return number
                except NotOpenError:
                    pass
            del dead, use, exchange, attempt, other
            gc.collect()
            with survivor.begin(request_to("/cart")) as mine:
                mine.pick().report(status=200)
            engine.apply(Update().remove_everything())
            survivor.refresh()
            engine.poll()
            return 0 if engine.statistics.live_snapshots == 1 else 10
        except BaseException:
            return 20

    def test_a_survivor_of_another_engine_is_refused(self):
        with self.assertRaises(ValueError):
            make_shop().after_fork(make_shop().make_worker())


if __name__ == "__main__":
    unittest.main()
