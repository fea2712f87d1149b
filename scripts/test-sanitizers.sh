#!/usr/bin/env bash
# Fairlead: decides and publishes at once under the thread and the address sanitizer
# SPDX-License-Identifier: Apache-2.0
#
# usage: test-sanitizers.sh [updates]     default 3000
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
updates=${1:-3000}
passed=0
failed=0

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# result NAME CONDITION: counts one check.
result() {
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
        echo "$1: as it should be"
    else
        failed=$((failed + 1))
        cat "$log"
        echo "$1: FAILED"
    fi
}

build() { swift build --scratch-path ".build-$1" --sanitize "$1" --product FairleadStress 2>&1 | tail -n 3; }

build thread
.build-thread/debug/FairleadStress --updates "$updates" >"$log" 2>&1
result "publish and decide under the thread sanitizer" $?
.build-thread/debug/FairleadStress --permits 400000 >"$log" 2>&1
result "take and give back requests under the thread sanitizer" $?
# A sanitizer that finds nothing proves nothing unless it finds a race that is there.
.build-thread/debug/FairleadStress --updates "$updates" --plant-race >"$log" 2>&1
grep -q "WARNING: ThreadSanitizer: data race" "$log"
result "a planted race is caught" $?

build address
ASAN_OPTIONS=detect_leaks=1 .build-address/debug/FairleadStress --updates "$updates" >"$log" 2>&1
result "publish and decide under the address sanitizer, without a leak" $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
