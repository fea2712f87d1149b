#!/usr/bin/env bash
# Fairlead: compares with a real Envoy 1.40, request by request and endpoint by endpoint
# SPDX-License-Identifier: Apache-2.0
#
# usage: conformance.sh [seeds [first seed]]     default 1000 random tables, 200 requests each: 200,000 comparisons; a
#                                                fifth as many clusters that hash, 2,000 keys each; and as many with subsets
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
seeds=${1:-1000}
first=${2:-0}
swift build -c release --product fairlead || exit 1
fairlead=$(swift build -c release --show-bin-path)/fairlead
status=0
python3 conformance/replay.py "$fairlead" || status=1
python3 conformance/replay_balancing.py "$fairlead" || status=1
python3 conformance/compare.py "$fairlead" --seeds "$seeds" --first-seed "$first" --features core+manager || status=1
python3 conformance/compare_balancing.py "$fairlead" --seeds "$(((seeds + 4) / 5))" --first-seed "$first" --keys 2000 || status=1
python3 conformance/compare_subsets.py "$fairlead" --seeds "$(((seeds + 4) / 5))" --first-seed "$first" || status=1
exit "$status"
