#!/usr/bin/env bash
# Fairlead: compiles layers 0 to 4 (less FairleadRE2) as Embedded Swift, into one library that needs only libc and libm
# SPDX-License-Identifier: Apache-2.0
#
# usage: build-embedded.sh [output folder]     default .build-embedded
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

# The core alone in a program: gcc links it against libc and libm, with the Unicode tables of Embedded Swift.
swiftc "${flags[@]}" -module-name Decide -c -o "$out/Decide.o" Tests/Embedded/Decide.swift
tables=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/swift/embedded
gcc -Wl,--gc-sections -o "$out/decide" "$out/Decide.o" "$out/libfairlead-core.a" \
    "$tables/$(uname -m)-unknown-linux-gnu/libswiftUnicodeDataTables.a" -lm
strip "$out/decide"
needed=$(readelf -d "$out/decide" | grep -o '\[lib[^]]*\]' | tr '\n' ' ')
echo "embedded program: $(stat -c %s "$out/decide") bytes, needs $needed"
case " $needed" in *swift* | *stdc++* | *pthread*) echo "needs more than libc and libm" >&2; exit 1 ;; esac
"$out/decide"
