# Fairlead: checks the comparison itself: what agrees passes, what differs is found and shrunk
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/selfcheck.py`: about ten seconds. Uses the executable model in place of fairlead, whole and
with a fault planted in it.
"""

import environment

environment.enter()

import argparse
import contextlib
import io
import unittest

import reference
import reference_match
import vocabulary as words
from compare import Comparison
from near_misses import make_requests
from tables import CORE, EXTRA, FEATURES, make_table


class Model:
    """Answers as `fairlead route` would, without a process."""

    def ask(self, table, requests, clusters=words.CLUSTERS, pick=False):
        known = dict.fromkeys(clusters)
        return [reference.decide(table, known, request) for request in requests]


def compared(seeds, features=CORE, show=0):
    options = argparse.Namespace(
        first_seed=1, seeds=seeds, requests=100, features=features, show=show, no_minimise=False, record=False, jobs=1
    )
    comparison = Comparison(Model(), options)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        comparison.run()
    return comparison, told.getvalue()


class ComparisonTests(unittest.TestCase):
    def test_same_seed_makes_the_same_table_and_requests(self):
        for features in FEATURES:
            table = make_table(7, features)
            self.assertEqual(table, make_table(7, features))
            self.assertEqual(make_requests(table, 7, 50), make_requests(table, 7, 50))
            self.assertNotEqual(table, make_table(8, features))

    def test_the_model_agrees_with_envoy(self):
        for features in (CORE, EXTRA):
            comparison, told = compared(20, features, show=3)
            self.assertEqual(comparison.failed, 0, told)
            self.assertEqual(comparison.passed, 2000)

    def test_a_planted_fault_is_found_and_shrunk(self):
        honest = reference_match.query_parameter
        reference_match.query_parameter = lambda matcher, view: honest(
            {**matcher, "name": matcher["name"].lower()}, view
        )
        try:
            comparison, told = compared(20, show=1)
        finally:
            reference_match.query_parameter = honest
        self.assertGreater(comparison.failed, 0)
        shrunk = next(line for line in told.splitlines() if line.startswith("    table:"))
        self.assertEqual(shrunk.count('"match"'), 1, told)
        self.assertIn("query_parameters", shrunk)


if __name__ == "__main__":
    unittest.main()
