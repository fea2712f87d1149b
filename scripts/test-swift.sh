#!/usr/bin/env bash
# Fairlead: builds everything for debugging, without a warning of ours, and runs the Swift tests
# SPDX-License-Identifier: Apache-2.0
#
# usage: test-swift.sh [arguments of swift test]     e.g. --filter RE2PatternTests
set -euo pipefail
cd "$(dirname "$0")/.."

# The flag refuses imports of targets that the manifest does not lead to; it speaks after "Build complete!", by its
# exit code. What the manifest leads to by a detour is the business of check-arrows.sh.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift build --build-tests --explicit-target-dependency-import-check error 2>&1 | tee "$log"

swift test --skip-build "$@"

# A build that has nothing to do repeats no warnings: a fresh clone is what counts.
if grep -aE "^($PWD/)?(Sources|Tests|include)/[^:]+:[0-9]+:[0-9]+: warning:" "$log" | sort -u | grep .; then
    echo "warnings are errors here" >&2
    exit 1
fi
