# Fairlead: prints a generated table or the requests made for it
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/table_listing.py --seed 7` prints a whole bootstrap with one table as YAML; `--requests 20`
prints near-miss requests for it as JSON lines instead.
"""

import environment

environment.enter()

import argparse
import json

import yaml

from near_misses import make_requests
from route_command import bootstrap_for
from tables import CORE, FEATURES, make_table


def main():
    parser = argparse.ArgumentParser(description="print the random table of a seed as a bootstrap file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--features", choices=FEATURES, default=CORE)
    parser.add_argument("--json", action="store_true", help="JSON instead of YAML")
    parser.add_argument("--requests", type=int, metavar="N", help="print N requests as JSON lines instead")
    options = parser.parse_args()
    table = make_table(options.seed, options.features)
    if options.requests is not None:
        for request in make_requests(table, options.seed, options.requests):
            print(json.dumps(request, ensure_ascii=False))
        return
    config = bootstrap_for(table)
    print(json.dumps(config, indent=2) if options.json else yaml.safe_dump(config, sort_keys=False))


if __name__ == "__main__":
    main()
