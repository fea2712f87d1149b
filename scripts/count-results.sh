#!/usr/bin/env bash
# Fairlead: reads the output of a test step and prints how many tests passed and how many failed
# SPDX-License-Identifier: Apache-2.0
#
# usage: count-results.sh EXIT-STATUS <output     prints "PASSED FAILED"
set -euo pipefail

LC_ALL=C awk -v status="${1:?the exit status of the step}" '
# Swift Testing: one line for each function that failed, one line for the whole run.
/ Test run with [0-9]+ tests? .*(passed|failed) after / {
    match($0, /Test run with [0-9]+/)
    passed += substr($0, RSTART + 14, RLENGTH - 14)
    next
}
/^[^ ]+ Test .* failed after [0-9.]+ seconds/ && !/ Test case / { broken++ }

# XCTest: only the line of the outermost suite, which sums up the others.
/^Test Suite .(All|Selected) tests. (passed|failed)/ { outermost = 1; next }
outermost && /Executed [0-9]+ tests?, with / {
    match($0, /Executed [0-9]+/)
    count = substr($0, RSTART + 9, RLENGTH - 9)
    match($0, /[0-9]+ failures?/)
    lost = substr($0, RSTART, RLENGTH) + 0
    passed += count
    broken += lost < count ? lost : count
}
{ outermost = 0 }

# Our own steps; several such lines are added up.
/^[0-9]+ passed, [0-9]+ failed$/ {
    passed += $1
    failed += $3
}

END {
    # A step that fails without a failed test (a build, a crash) is a failure of its own.
    passed -= broken
    failed += broken
    if (status != 0 && failed == 0) failed = 1
    if (status == 0 && passed == 0) passed = 1
    print passed + 0, failed + 0
}'
