#!/usr/bin/env bash
# Fairlead: builds the documentation of the Swift API (DocC); a public symbol without any is an error
# SPDX-License-Identifier: Apache-2.0
#
# usage: docs.sh [DIRECTORY]     where the archive goes; default: .build/documentation
#
# Reads the modules that `swift build` made, and builds them when they are not there.
set -euo pipefail
cd "$(dirname "$0")/.."
directory=${1:-.build/documentation}
modules=(FairleadModel FairleadPlugin FairleadConfiguration FairleadDataPlane FairleadPolicies FairleadRE2
    FairleadCompiler Fairlead FairleadEnvoy FairleadTestKit FairleadProxy)
scripts/install-system-packages.sh conformance

products=$(swift build --show-bin-path)
for module in "${modules[@]}"; do
    [ -f "$products/Modules/$module.swiftmodule" ] || swift build --target "$module"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Modules in C are found by their maps: those that the build wrote, and those that stand beside the headers.
maps=()
while read -r map; do maps+=(-Xcc "-fmodule-map-file=$map"); done < <(
    find "$products" -path '*/C*.build/module.modulemap'
    find Sources include .build/checkouts/*/Sources -name module.modulemap)
mkdir "$work/graphs"
for module in "${modules[@]}"; do
    swift symbolgraph-extract -module-name "$module" -I "$products/Modules" "${maps[@]}" \
        -target "$(uname -m)-unknown-linux-gnu" -output-dir "$work/graphs" \
        -minimum-access-level public -skip-synthesized-members
done

python3 - "$work/graphs" <<'PYTHON'
import json, pathlib, sys

symbols = bare = 0
for graph in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    for symbol in json.loads(graph.read_text())["symbols"]:
        symbols += 1
        if "docComment" not in symbol:
            bare += 1
            print(f"{graph.name.split('.')[0]}: {'.'.join(symbol['pathComponents'])} has no documentation")
print(f"{symbols} public symbols, {bare} of them without documentation")
sys.exit(1 if bare or not symbols else 0)
PYTHON

mkdir -p "$directory"
docc convert Sources/Fairlead/Fairlead.docc --additional-symbol-graph-dir "$work/graphs" \
    --fallback-display-name Fairlead --fallback-bundle-identifier fairlead \
    --output-path "$directory/Fairlead.doccarchive" >"$work/log" 2>&1 || {
    cat "$work/log"
    exit 1
}
# A link that leads nowhere is a warning to docc, and an error here.
if grep -A 4 "doesn't exist at\|can't be resolved" "$work/log"; then exit 1; fi
echo "$directory/Fairlead.doccarchive: any web server shows it"
