#!/bin/bash
# Fairlead: checks the model of request permits exhaustively, and that each of its mutants fails
# SPDX-License-Identifier: Apache-2.0
#
# usage: run.sh [large]     large: bigger models too (about four minutes and 3 GB)

set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
large=${1:-}
if [ $# -gt 1 ] || { [ -n "$large" ] && [ "$large" != large ]; }; then
    echo "usage: run.sh [large]" >&2
    exit 2
fi
if ! command -v spin >/dev/null || ! command -v gcc >/dev/null; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq spin gcc libc6-dev >/dev/null
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
passed=0
failed=0

pass() {
    echo "$1"
    passed=$((passed + 1))
}

fail() {
    echo "$1"
    failed=$((failed + 1))
    head -n 20 log
}

# verify FLAG...: the verifier's report in `log`. COLLAPSE packs states without loss: the search is exact.
verify() {
    rm -f pan pan.* ./*.trail
    spin -a "$@" "$here/Permits.pml" >log 2>&1 || return 1
    # The code that spin writes sets off false warnings in gcc.
    gcc -O2 -w -DSAFETY -DCOLLAPSE -DMEMLIM=5500 -o pan pan.c >>log 2>&1 || return 1
    ./pan -m200000 >>log 2>&1 || return 1
}

# holds NAME FLAG...: the whole state space, no fault, nothing cut off by depth or memory.
holds() {
    local name=$1 states
    shift
    if verify "$@" && grep -q 'errors: 0$' log && grep -q 'Full statespace search' log &&
        ! grep -qE 'Search not completed|max search depth too small|^error|out of memory|resource limit' log; then
        states=$(sed -nE 's/^ *([0-9]+) states, stored.*/\1/p' log)
        pass "model $name: $states states, holds"
    else
        fail "model $name: FAILS"
    fi
}

# mutant NUMBER NAME FAULT FLAG...: the search must end at that assertion.
mutant() {
    local number=$1 name=$2 fault=$3
    shift 3
    if verify -DMUTANT="$number" "$@" && grep -qF "assertion violated $fault" log; then
        pass "mutant $name: caught"
    else
        fail "mutant $name: NOT CAUGHT"
    fi
}

# probe NUMBER NAME: a place to which the model must be able to come.
probe() {
    if verify -DPROBE="$1" "${two[@]}" -DCHANGES=1 && grep -qE 'assertion violated \(([0-9]+)!=\1\)' log; then
        pass "probe $2: reached"
    else
        fail "probe $2: NOT REACHED"
    fi
}

two=(-DWORKERS=2 -DOPERATIONS=3 -DLIMIT=2 -DMARK=2)
spread=(-DSPREAD -DWORKERS=3 -DLIMIT=2 -DMARK=2 -DCHANGES=0)
holds "2 workers" "${two[@]}" -DCHANGES=0
holds "2 workers, a limit that changes" "${two[@]}" -DCHANGES=1
holds "3 workers, permits spread" "${spread[@]}" -DOPERATIONS=1
if [ -n "$large" ]; then
    holds "2 workers, 4 operations, a limit that changes" -DWORKERS=2 -DOPERATIONS=4 -DLIMIT=2 -DMARK=2 -DCHANGES=1
    holds "2 workers, one permit, a limit that changes 3 times" -DWORKERS=2 -DOPERATIONS=3 -DLIMIT=1 -DMARK=1 -DCHANGES=3
    holds "3 workers, one permit" -DWORKERS=3 -DOPERATIONS=2 -DLIMIT=1 -DMARK=1 -DCHANGES=0
fi

probe 1 REFUSED
probe 2 STOLEN
probe 3 BURNT
probe 4 SECOND_TRY
probe 5 BY_PRESSURE

mutant 1 NO_SECOND_SUM 'sawFull' "${spread[@]}" -DOPERATIONS=1
mutant 2 RESERVE_BEFORE_LEASES 'sawFull' "${spread[@]}" -DOPERATIONS=1
mutant 3 STEALS_TWO 'sawFull' "${spread[@]}" -DOPERATIONS=2
mutant 4 CLAIMS_BLINDLY '(inUse<=limit)' "${two[@]}" -DCHANGES=1
mutant 5 NO_DEBT '(inUse<=limit)' "${two[@]}" -DCHANGES=1
mutant 6 ONE_LOOK 'sawFull' "${spread[@]}" -DOPERATIONS=1
mutant 7 GIVES_TWICE '((free+holding)==(limit+(state/2)))' "${two[@]}" -DCHANGES=1
mutant 8 GIVES_BEFORE_END '(inUse<=limit)' "${two[@]}" -DCHANGES=1

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
