#!/usr/bin/env bash
# Fairlead: writes docs/envoy-fields.md, the table of every field of Envoy's schema, from the tables that loading goes by
# SPDX-License-Identifier: Apache-2.0
#
# usage: field-table.sh
set -euo pipefail
cd "$(dirname "$0")/.."
FAIRLEAD_WRITE_FIELD_TABLE=1 swift test --filter FieldTableTests/thePageSaysWhatLoadingDoes
git --no-pager diff --stat -- docs/envoy-fields.md
