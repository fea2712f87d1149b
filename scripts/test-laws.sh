#!/usr/bin/env bash
# Fairlead: checks the laws at CI size, in a release build
# SPDX-License-Identifier: Apache-2.0
#
# usage: test-laws.sh [arguments of FairleadLaws]    e.g. --seed 7 --scale 10 first-match
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release --product FairleadLaws
program=$(swift build -c release --show-bin-path)/FairleadLaws
if [ $# -eq 0 ]; then set -- --scale 20; fi
"$program" "$@"
