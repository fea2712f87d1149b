#!/usr/bin/env bash
# Fairlead: holds the Swift snippets of README against the example that is compiled
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."
python3 - <<'PYTHON'
import re
import sys
import textwrap

readme = open("README.md").read()
example = open("Examples/swift/Balance.swift").read()
failed = 0
passed = 0
for name, snippet in re.findall(r"<!-- tour: (\w+) -->\n```swift\n(.*?)```", readme, re.S):
    found = re.search(rf"// tour: {name}\n(.*?) *// tour end", example, re.S)
    # The snippet is the body of the function: without its first and last line.
    body = textwrap.dedent("\n".join(found.group(1).rstrip().split("\n")[1:-1])) + "\n" if found else ""
    if body == snippet:
        passed += 1
    else:
        failed += 1
        print(f"README's snippet '{name}' is not what Examples/swift/Balance.swift has")
print(f"{passed} passed, {failed} failed")
sys.exit(0 if failed == 0 and passed else 1)
PYTHON
