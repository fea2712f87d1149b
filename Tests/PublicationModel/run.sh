#!/bin/bash
# Fairlead: checks the publication model exhaustively, and that each of its mutants fails by the fault named here
# SPDX-License-Identifier: Apache-2.0
#
# usage: run.sh [large]     large: three bigger models too (about six minutes and 3 GB in all)

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
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"

passed=0
failed=0
# Numbers of the classes of faults in Publication.pml.
declare -A class=([after-free]=1 [unfilled]=2 [twice]=3 [leak]=4 [race]=5)

pass() {
    echo "$1"
    passed=$((passed + 1))
}

fail() {
    echo "$1"
    failed=$((failed + 1))
    sed -e '/^Stats on memory/,$d' -e 's/^/    /' log | head -n 30
}

# verify OPTIMISATION FLAG...: the verifier's report in `log`. COLLAPSE packs states without loss: the search is exact.
verify() {
    local optimisation=$1
    shift
    rm -f pan pan.* ./*.trail
    spin -a "$@" "$here/Publication.pml" >log 2>&1 || return 1
    # The code that spin writes sets off false warnings in gcc.
    gcc "$optimisation" -w -DSAFETY -DCOLLAPSE -DMEMLIM=5500 -o pan pan.c >>log 2>&1 || return 1
    ./pan -m100000 >>log 2>&1 || return 1
}

# holds NAME FLAG...: the whole state space, no fault, nothing cut off by depth or memory.
holds() {
    local name=$1 states
    shift
    if verify -O2 "$@" && grep -q 'errors: 0$' log && grep -q 'Full statespace search' log &&
        ! grep -qE 'Search not completed|max search depth too small|^error|out of memory|resource limit' log; then
        states=$(sed -nE 's/^ *([0-9]+) states, stored.*/\1/p' log)
        pass "model $name: $states states, holds"
    else
        fail "model $name: FAILS"
    fi
}

# mutant NAME FAULT FLAG...: the search must end at an assertion of that class.
mutant() {
    local name=$1 fault=$2
    shift 2
    if verify -O0 -DMUTANT="$name" -DSEEK="${class[$fault]}" "$@" &&
        grep -qE "assertion violated .*\(${class[$fault]}!=${class[$fault]}\)" log; then
        pass "mutant $name: caught ($fault)"
    else
        fail "mutant $name: NOT CAUGHT"
    fi
}

# probe NAME: a place to which the model must be able to come.
probe() {
    if verify -O0 -DMUTANT="$1" -DROOTS=3 && grep -qE 'assertion violated \(([0-9]+)!=\1\)' log; then
        pass "probe $1: reached"
    else
        fail "probe $1: NOT REACHED"
    fi
}

holds "4 roots, 2 pins" -DROOTS=4 -DPINS=2
holds "3 roots, 2 pins, data races" -DROOTS=3 -DPINS=2 -DRACES
holds "3 addresses used again, 3 publications, 1 pin" -DROOTS=3 -DPINS=1 -DREUSE -DPUBLICATIONS=3
if [ -n "$large" ]; then
    holds "4 roots, 3 pins" -DROOTS=4 -DPINS=3
    holds "3 addresses used again, 5 publications, 2 pins" -DROOTS=3 -DPINS=2 -DREUSE -DPUBLICATIONS=5
    holds "4 roots, 1 pin, data races" -DROOTS=4 -DPINS=1 -DRACES
fi

for name in SECOND_TRY SPILL LATE_USE FREE_UNDER_WORK KEPT_BY_HAZARD KEPT_BY_HOLDERS END; do
    probe "$name"
done

for name in NO_REREAD REREAD_ACQUIRE HAZARD_RELEASE HAZARD_NOT_RELEASE HAZARD_RELAXED HOLD_PASSES_HAZARD \
    HOLD_AFTER_HAZARD PUBLISH_RELEASE SCAN_ACQUIRE SCAN_RELAXED SCAN_BEFORE_PUBLISH HOLDERS_BEFORE_HAZARDS \
    SKIP_HAZARDS SKIP_HOLDERS ONE_HAZARD NO_HOLD EVERY_END_RELEASES END_RELAXED DETACH_RELAXED; do
    mutant "$name" after-free -DROOTS=3
done
mutant PUBLISH_RELAXED unfilled -DROOTS=3
mutant STAYS_LISTED twice -DROOTS=3
for name in HOLD_ALWAYS HOLD_EVERY_TRY NO_END_RELEASES; do
    mutant "$name" leak -DROOTS=3
done
mutant HOLDERS_RELAXED race -DROOTS=3 -DRACES
mutant RETURN_TO_FORMER after-free -DROOTS=3 -DPINS=1 -DREUSE -DPUBLICATIONS=3

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
