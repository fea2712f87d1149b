#!/usr/bin/env bash
# Fairlead: takes and gives back requests on two threads, a billion times by default, and watches the limit
# SPDX-License-Identifier: Apache-2.0
#
# usage: stress.sh [operations] [threads]     default 1000000000 2
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release --product FairleadStress
"$(swift build -c release --show-bin-path)/FairleadStress" --permits "${1:-1000000000}" --threads "${2:-2}"
