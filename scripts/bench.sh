#!/usr/bin/env bash
# Fairlead: measures, and prints one table
# SPDX-License-Identifier: Apache-2.0
#
# usage: bench.sh [--markdown | --instructions] [filter…]
#
# Measures the cases whose "group: name" holds one of the filters, or all. `--markdown` prints the table as it stands in
# Benchmarks/README.md. `--instructions` only counts instructions, under valgrind: one line a case, with the same numbers
# on every run. The table has them too, for short cases.
set -euo pipefail
cd "$(dirname "$0")/../Benchmarks"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

swift build -c release --product FairleadBench >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
}
program=$(swift build -c release --show-bin-path)/FairleadBench

# Swift writes debugging information that Debian's valgrind cannot read.
strip --strip-debug -o "$work/FairleadBench" "$program"

# Hash tables of the control side would otherwise be laid out anew each time.
count() {
    SWIFT_DETERMINISTIC_HASHING=1 FAIRLEAD_CALLGRIND_OUT=$work/callgrind valgrind --quiet --tool=callgrind \
        --collect-atstart=no --callgrind-out-file="$work/callgrind" "$work/FairleadBench" --instructions --plain "$@"
}

if [ "${1:-}" = --instructions ]; then
    shift
    count "$@" 2>"$work/log" || {
        cat "$work/log" >&2
        exit 1
    }
    exit 0
fi
form=()
if [ "${1:-}" = --markdown ]; then
    form=(--markdown)
    shift
fi
: >"$work/counts"
if command -v valgrind >/dev/null; then
    count --loops "$@" >"$work/counts" 2>"$work/log" || cat "$work/log" >&2
else
    echo "without valgrind there are no instructions in the table" >&2
fi
"$program" --counts "$work/counts" "${form[@]}" "$@"
