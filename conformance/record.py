# Fairlead: records the hand-picked cases from the real Envoy into Tests/Vectors
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/record.py` rewrites Tests/Vectors/routing and Tests/Vectors/balancing.

Every request is asked three times; what does not come out the same each time is refused.
"""

import environment

environment.enter()

from cases import before_routing, conditions, extensions, paths, preparation, redirects, rewrites, virtual_hosts
from expectation import expected
from oracle import Oracle
from record_balancing import record_balancing
from record_overrides import record_overrides
from record_subsets import record_subsets
from record_zones import record_zones
from vectors import compact, indented, table, write
from wire import OracleError

MODULES = [virtual_hosts, before_routing, preparation, paths, conditions, redirects, rewrites, extensions]
TIMES = 3


def record_routing():
    themes = [theme for module in MODULES for theme in module.THEMES]
    clusters = sorted({cluster for theme in themes for cluster in theme.clusters})
    with Oracle({theme.name: theme.whole for theme in themes}, clusters) as oracle:
        for theme in themes:
            answers = [ask(oracle, theme) for _ in range(TIMES)]
            for request, *told in zip(theme.requests, *answers):
                if any(answer != told[0] for answer in told):
                    raise OracleError(f"{theme.name}: {request} has no fixed answer: {told}")
            write_routing(theme, answers[0])


def ask(oracle, theme):
    answers = []
    for request, observation in zip(theme.requests, oracle.ask(theme.name, theme.requests)):
        route = oracle.tables[theme.name].routes.get(observation.response.header("x-fl-route"))
        answers.append(expected(observation, request, route, theme.pick))
    return answers


def write_routing(theme, answers):
    cases = [{"request": request, "expect": brief(answer)} for request, answer in zip(theme.requests, answers)]
    write(
        "routing",
        theme.name,
        f"""{{
  "about": {compact(theme.about)},
  "clusters": {compact(theme.clusters)},
  "pick": {compact(theme.pick)},{manager(theme)}
  "config": {table(theme.config)},
  "cases": {indented(cases)}
}}
""",
    )


def manager(theme):
    return "" if theme.manager is None else f'\n  "manager": {compact(theme.manager)},'


def brief(answer):
    """Without the nulls that say nothing: who answered, and how, is always told."""
    return {key: value for key, value in answer.items() if value is not None or key in ("virtual_host", "route")}


if __name__ == "__main__":
    record_routing()
    record_balancing()
    record_subsets()
    record_zones()
    record_overrides()
