# Fairlead: asks the real Envoy and `fairlead route` the same questions and tells where they differ
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/compare.py .build/release/fairlead --seeds 200 --requests 200`; see README.md."""

import environment

environment.enter()

import argparse
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import contract
import managers
import vocabulary as words
from coverage import Coverage
from expectation import expected
from minimise import minimise
from near_misses import make_requests
from oracle import Oracle
from route_command import RouteCommand
from tables import CORE, FEATURES, make_table
from wire import OracleError

TABLES_AT_ONCE = 50


@dataclass
class Batch:
    """What came of some seeds: counts, coverage, the first differences of each shape, lines to print."""

    coverage: Coverage = field(default_factory=Coverage)
    passed: int = 0
    wrong: list = field(default_factory=list)  # of (table, request, differences)
    lines: list = field(default_factory=list)
    seconds: float = 0.0


class Comparison:
    def __init__(self, command, options):
        self.command = command
        self.options = options
        self.coverage = Coverage()
        self.passed = self.failed = self.shown = self.asked = 0
        self.envoy_seconds = 0.0
        self.shapes = set()

    def run(self):
        first, last = self.options.first_seed, self.options.first_seed + self.options.seeds
        parts = [range(start, min(start + TABLES_AT_ONCE, last)) for start in range(first, last, TABLES_AT_ONCE)]
        jobs = min(self.options.jobs, len(parts))
        if jobs <= 1:
            for part in parts:
                self.add(self.batch(part))
            return
        with ProcessPoolExecutor(jobs) as pool:
            for batch in pool.map(self.batch, parts):
                self.add(batch)

    def add(self, batch):
        self.coverage.add(batch.coverage)
        self.passed += batch.passed
        self.failed += len(batch.wrong)
        self.asked += batch.passed + len(batch.wrong)
        self.envoy_seconds += batch.seconds
        for line in batch.lines:
            print(line)
        for table, request, found in batch.wrong:
            shape = tuple(key for key, _, _ in found)
            if self.shown < self.options.show and (table["name"], shape) not in self.shapes:
                self.shapes.add((table["name"], shape))
                self.show(table, request, found)

    def batch(self, seeds):
        batch = Batch()
        tables = {f"table-{seed}": make_table(seed, self.options.features) for seed in seeds}
        requests = {
            f"table-{seed}": make_requests(tables[f"table-{seed}"], seed, self.options.requests) for seed in seeds
        }
        with Oracle(tables, words.CLUSTERS) as oracle:
            start = time.monotonic()
            observations = oracle.ask_all(requests)
            batch.seconds = time.monotonic() - start
            told = {
                name: self.expectations(batch, oracle.tables[name], requests[name], observations[name])
                for name in tables
            }
        for name, table in tables.items():
            self.judge(batch, table, requests[name], told[name])
        return batch

    def expectations(self, batch, instrumented, requests, observations):
        answers = []
        for request, observation in zip(requests, observations):
            route = instrumented.routes.get(observation.response.header("x-fl-route"))
            batch.coverage.count(instrumented.table, request, observation.answer, route)
            answers.append(expected(observation, request, route))
        return answers

    def judge(self, batch, table, requests, expectations):
        if self.options.record:
            for request, answer in zip(requests, expectations):
                told = {"table": table["name"], "request": request, "expect": answer}
                batch.lines.append(json.dumps(told, ensure_ascii=False))
            batch.passed += len(requests)
            return
        for request, answer, actual in zip(requests, expectations, self.command.ask(table, requests)):
            found = contract.differences(answer, actual)
            if found:
                batch.wrong.append((table, request, found))
            else:
                batch.passed += 1

    def show(self, table, request, found):
        self.shown += 1
        print(f"--- {table['name']}: {'; '.join(f'{k}: Envoy {e!r}, fairlead {a!r}' for k, e, a in found)}")
        if not self.options.no_minimise:
            table, request = minimise(table, request, self.still_differs)
            print(f"    minimised: {self.differences([(table, request)])[0]}")
        config, manager = managers.split(table)
        print(f"    table:   {json.dumps(config, ensure_ascii=False)}")
        if manager:
            print(f"    manager: {json.dumps(manager, ensure_ascii=False)}")
        print(f"    request: {json.dumps(request, ensure_ascii=False)}", flush=True)

    def still_differs(self, pairs):
        return [bool(found) for found in self.differences(pairs)]

    def differences(self, pairs):
        """For each (table, request) where they differ; a table that Envoy refuses counts as no difference."""
        named = {f"candidate-{i}": {**table, "name": f"candidate-{i}"} for i, (table, _) in enumerate(pairs)}
        try:
            with Oracle(named, words.CLUSTERS) as oracle:
                told = oracle.ask_all({name: [pairs[i][1]] for i, name in enumerate(named)})
                instrumented = oracle.tables
        except OracleError:
            if len(pairs) == 1:
                return [[]]
            half = len(pairs) // 2
            return self.differences(pairs[:half]) + self.differences(pairs[half:])
        results = []
        for i, (name, table) in enumerate(named.items()):
            request = pairs[i][1]
            observation = told[name][0]
            route = instrumented[name].routes.get(observation.response.header("x-fl-route"))
            actual = self.command.ask(table, [request])[0]
            results.append(contract.differences(expected(observation, request, route), actual))
        return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "fairlead", nargs="?", default="", help="the fairlead binary, or a command line that stands for it"
    )
    parser.add_argument("--seeds", type=int, default=50, help="how many random tables")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=200, help="requests per table")
    parser.add_argument("--features", choices=FEATURES, default=CORE)
    parser.add_argument("--show", type=int, default=10, help="how many differences to print")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many Envoys at once")
    parser.add_argument("--no-minimise", action="store_true")
    parser.add_argument("--record", action="store_true", help="run Envoy only and print what it answers")
    options = parser.parse_args()
    if not options.fairlead and not options.record:
        parser.error("give the fairlead binary, or --record")
    comparison = Comparison(RouteCommand(options.fairlead), options)
    comparison.run()
    out = sys.stderr if options.record else sys.stdout
    for line in comparison.coverage.lines():
        print(line, file=out)
    rate = comparison.asked / max(comparison.envoy_seconds, 1e-9)
    print(f"each Envoy answered {rate:.0f} of {comparison.asked} requests a second", file=out)
    print(f"{comparison.passed} passed, {comparison.failed} failed", file=out)
    sys.exit(1 if comparison.failed else 0)


if __name__ == "__main__":
    main()
