#!/usr/bin/env bash
# Fairlead: finds Swift sources that `make format` would change, and what it cannot mend (.swift-format has the rules)
# SPDX-License-Identifier: Apache-2.0
#
# usage: check-format.sh
set -euo pipefail
cd "$(dirname "$0")/.."
# Generated sources are formatted by their generator.
git ls-files -z -- '*.swift' ':!*/Generated/*' | xargs -0 swift format lint --strict --parallel
echo "format: as it should be"
