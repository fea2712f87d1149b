#!/usr/bin/env bash
# Fairlead: fuzzes configurations and requests under the address sanitizer
# SPDX-License-Identifier: Apache-2.0
#
# usage: fuzz.sh [seconds for each fuzzer]     default 600
# Inputs that found something new are kept in Tests/Fuzz/.build-fuzz/corpus; one that fails is written beside it.
set -uo pipefail
cd "$(dirname "$0")/../Tests/Fuzz" || exit 1
seconds=${1:-600}
scratch=$PWD/.build-fuzz
passed=0
failed=0
for fuzzer in FuzzRequest FuzzConfiguration; do
    # gold stumbles over the debug information of instrumented code; lld comes with Swift.
    if ! swift build -c release --scratch-path "$scratch" -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld \
        --product "$fuzzer" 2>&1 | grep -aE 'error|Build of' ; then
        failed=$((failed + 1))
        continue
    fi
    corpus=$scratch/corpus/$fuzzer
    mkdir -p "$corpus"
    seeds=Seeds/$fuzzer
    # The leak checker runs in the sanitizer step; here it would stop at what the runtime keeps for ever.
    if "$scratch/release/$fuzzer" -max_total_time="$seconds" -max_len=4096 -timeout=30 -rss_limit_mb=4096 \
        -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$scratch/$fuzzer-" "$corpus" "$seeds" \
        >"$scratch/$fuzzer.log" 2>&1; then
        grep -aE '^(Done|stat::number_of_executed)' "$scratch/$fuzzer.log" | sed "s/^/$fuzzer: /"
        passed=$((passed + 1))
    else
        tail -n 60 "$scratch/$fuzzer.log"
        echo "$fuzzer: FAILED"
        failed=$((failed + 1))
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
