#!/usr/bin/env bash
# Fairlead: checks the laws at large size, seed after seed
# SPDX-License-Identifier: Apache-2.0
#
# usage: laws.sh [first seed [how many]]     default: 10 seeds from 1 on, a few minutes each
#
# A seed tries law 5 a million times, which takes about a minute and 15 MB.
set -euo pipefail
cd "$(dirname "$0")/.."
first=${1:-1}
count=${2:-10}
for ((seed = first; seed < first + count; seed++)); do
    echo "seed $seed"
    # Seeds lie far apart: each law counts upwards from its own.
    scripts/test-laws.sh --seed "$((seed * 1000000))" --scale 500
done
