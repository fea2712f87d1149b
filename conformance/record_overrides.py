# Fairlead: records where the real Envoy sends requests that name their endpoints, into Tests/Vectors/balancing
# SPDX-License-Identifier: Apache-2.0
"""Kind `overrides`: `cases` are [headers, endpoint]; the request's hash is that of header `x-key`, which is always the
same."""

from cases import overrides
from oracle import Oracle
from record_balancing import TABLE, named, write_case


def requests(asked):
    return [{"authority": "h", "path": "/", "headers": [["x-key", "key"], *headers]} for headers in asked]


def record_overrides():
    clusters = [named(case.cluster, case.name) for case in overrides.OVERRIDES]
    with Oracle({"balancing": TABLE}, clusters) as oracle:
        for case in overrides.OVERRIDES:
            asked = [[["x-cluster", case.name], *headers] for headers in case.asked]
            told = [seen.endpoint for seen in oracle.ask("balancing", requests(asked))]
            write_case(case, "overrides", {"cases": list(zip(case.asked, told))})
