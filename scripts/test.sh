#!/usr/bin/env bash
# Fairlead: all the tests, step by step, with the seconds and the results of each and one sum at the end
# SPDX-License-Identifier: Apache-2.0
#
# usage: test.sh [step]...     default: every step. A step that fails does not keep the others from running.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# A step is a name and a command. It tells its results as Swift Testing or XCTest do, or by lines "N passed, N failed";
# a step that tells none counts as one test.
steps=(
    "arrows   scripts/check-arrows.sh"
    "format   scripts/check-format.sh"
    "scripts  scripts/test-scripts.sh"
    "readme   scripts/check-readme.sh"
    "swift    scripts/test-swift.sh"
    "docs     scripts/docs.sh"
    "embedded scripts/build-embedded.sh"
    "envoy    scripts/conformance.sh 1000"
    "laws     scripts/test-laws.sh"
    "races    scripts/test-sanitizers.sh"
    "fuzz     scripts/fuzz.sh 20"
    "c        scripts/test-c.sh"
    "bindings scripts/test-bindings.sh"
    "model    Tests/PublicationModel/run.sh"
    "permits  Tests/PermitModel/run.sh"
)

wanted=" $* "
for name in "$@"; do
    if ! printf '%s\n' "${steps[@]}" | grep -q "^$name "; then
        echo "no step '$name'; there are: $(printf '%s\n' "${steps[@]}" | awk '{ printf "%s ", $1 }')" >&2
        exit 2
    fi
done
scripts/install-system-packages.sh test || exit 1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
table=""
total_passed=0
total_failed=0
for step in "${steps[@]}"; do
    read -r name command <<<"$step"
    if [ $# -gt 0 ] && [[ "$wanted" != *" $name "* ]]; then continue; fi
    echo "=== $name: $command"
    start=$SECONDS
    # shellcheck disable=SC2086 # A command may have arguments.
    $command 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    read -r passed failed <<<"$(scripts/count-results.sh "$status" <"$log")"
    seconds=$((SECONDS - start))
    echo "=== $name: $seconds s, $passed passed, $failed failed"
    table+=$(printf '%-12s %6d s %8d passed %6d failed' "$name" "$seconds" "$passed" "$failed")$'\n'
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
done
printf '\n%s%-12s %6d s\n' "$table" all "$SECONDS"
echo "$total_passed passed, $total_failed failed"
[ "$total_failed" -eq 0 ] && [ "$total_passed" -gt 0 ]
