#!/usr/bin/env bash
# Compiles layers 0 to 4 (less FairleadRE2) as Embedded Swift, module by module in the order of the arrows, and links
# them into one static library that needs only libc and libm. Usage: scripts/build-embedded.sh [output folder]
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-.build-embedded}
mkdir -p "$out"

modules=(FairleadModel FairleadPlugin FairleadDataPlane FairleadPolicies FairleadConfiguration FairleadCompiler Fairlead)
flags=(-swift-version 6 -enable-experimental-feature Embedded -enable-experimental-feature Lifetimes
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
    -enable-upcoming-feature MemberImportVisibility
    -package-name fairlead -wmo -O -parse-as-library -I "$out")

for shim in CXXHash CMutex; do
    printf 'module %s { header "%s/Sources/%s/include/%s.h" export * }\n' "$shim" "$PWD" "$shim" "$shim" \
        >"$out/$shim.modulemap"
    flags+=(-Xcc "-fmodule-map-file=$out/$shim.modulemap")
    cc -O2 -ffunction-sections -c "Sources/$shim/$shim.c" -ISources/$shim/include -o "$out/$shim.o"
done

objects=("$out/CXXHash.o" "$out/CMutex.o")
for module in "${modules[@]}"; do
    find "Sources/$module" -name '*.swift' | sort >"$out/$module.sources"
    swiftc "${flags[@]}" -module-name "$module" -emit-module -emit-module-path "$out/$module.swiftmodule" \
        -c -o "$out/$module.o" @"$out/$module.sources"
    objects+=("$out/$module.o")
    echo "embedded $module: $(stat -c %s "$out/$module.o") bytes"
done
rm -f "$out/libfairlead-core.a"
ar rcs "$out/libfairlead-core.a" "${objects[@]}"
