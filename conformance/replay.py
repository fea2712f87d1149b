# Fairlead: runs the recorded routing vectors through `fairlead route`; no Envoy needed
# SPDX-License-Identifier: Apache-2.0
"""`python3 conformance/replay.py .build/release/fairlead [Tests/Vectors/routing/headers.json …]`"""

import argparse
import json
import sys
from pathlib import Path

import contract
import managers
from route_command import RouteCommand

# What these ask for is not acted on yet: such a configuration has to be refused, with the code `unsupported`, and not
# to be routed by half of it.
REFUSED = set()
VECTORS = Path(__file__).resolve().parent.parent / "Tests" / "Vectors" / "routing"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fairlead", help="the fairlead binary")
    parser.add_argument("files", nargs="*", type=Path, help="vector files; all of them when none is given")
    parser.add_argument("--show", type=int, default=3, help="how many differences to print for each file")
    options = parser.parse_args()
    command = RouteCommand(options.fairlead)
    passed = failed = 0
    for path in options.files or sorted(VECTORS.glob("*.json")):
        vector = json.loads(path.read_text())
        requests = [case["request"] for case in vector["cases"]]
        table = {**vector["config"], managers.MANAGER: vector.get("manager", {})}
        answers = command.ask(table, requests, vector["clusters"], vector["pick"])
        if path.name in REFUSED:
            refused = all("[unsupported]" in str(answer.get("error")) for answer in answers)
            passed += refused
            failed += not refused
            print(f"{path.name}: {'refused, as it should be' if refused else 'NOT REFUSED'}")
            continue
        wrong = []
        for case, answer in zip(vector["cases"], answers):
            found = contract.differences(case["expect"], answer)
            if found:
                wrong.append((case["request"], found))
        passed += len(requests) - len(wrong)
        failed += len(wrong)
        print(f"{path.name}: {len(requests) - len(wrong)} of {len(requests)}")
        for request, found in wrong[: options.show]:
            print(f"    {json.dumps(request, ensure_ascii=False)}")
            print("        " + "; ".join(f"{key}: Envoy {e!r}, fairlead {a!r}" for key, e, a in found))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
