#!/usr/bin/env bash
# Fairlead: builds the C library, shared and static, so that it needs nothing of Swift at run time
# SPDX-License-Identifier: Apache-2.0
#
# usage: build-c-library.sh [DIRECTORY]     default: dist
#
#   DIRECTORY/include/fairlead.h, fairlead/*.h
#   DIRECTORY/lib/libfairlead.so.1, libfairlead.so      needs libre2, libstdc++, libm, libgcc_s and libc
#   DIRECTORY/lib/libfairlead.a                         link with -lre2 -lstdc++ -lm -lpthread
#   DIRECTORY/lib/pkgconfig/fairlead.pc
#
# Everything is linked into one object first, with the Swift runtime and libyaml inside, and all symbols but those of
# exported-symbols.txt are made local. Both libraries are that object, so they hold the same, and neither can clash with
# another Swift runtime or libyaml of the program.
set -euo pipefail
cd "$(dirname "$0")/.."
directory=${1:-dist}
scratch=${FAIRLEAD_C_SCRATCH:-.build-abi}
scripts/install-system-packages.sh build

echo "compiling"
build=(swift build -c release --scratch-path "$scratch" --product FairleadCStatic -Xswiftc -static-stdlib)
log=$(mktemp)
work=$(mktemp -d)
trap 'rm -rf "$log" "$work"' EXIT
# An archive keeps what earlier builds put into it, also of files that are gone.
archive=$("${build[@]}" --show-bin-path)/libFairleadCStatic.a
rm -f "$archive"
if ! "${build[@]}" >"$log" 2>&1; then
    cat "$log"
    exit 1
fi

abi=$(sed -n 's/^#define FL_ABI_VERSION //p' include/fairlead/version.h)
version=$(sed -n 's/^#define FL_VERSION_\(MAJOR\|MINOR\|PATCH\) //p' include/fairlead/version.h | paste -sd .)
resources=$(swiftc -print-target-info -static-stdlib | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
runtime=$resources/linux

# The parts of Swift's runtime that FairleadABI and what it is made of use; the whole of Foundation is not among them.
libraries=()
for name in FoundationEssentials _FoundationCShims _FoundationCollections swift_Concurrency swiftCore \
    swift_StringProcessing swift_RegexParser swiftSynchronization swiftGlibc swiftDispatch dispatch BlocksRuntime; do
    libraries+=("$runtime/lib$name.a")
done
# Debian's libyaml.a is position-independent, its libre2.a is not.
yaml=$(gcc -print-file-name=libyaml.a)
dependencies=(-lre2 -lstdc++ -lm -lpthread)
if [ -f "$yaml" ]; then libraries+=("$yaml"); else dependencies+=(-lyaml); fi

echo "linking"
roots=()
while read -r symbol; do roots+=(-u "$symbol"); done <scripts/exported-symbols.txt
ld.bfd -r --gc-sections "${roots[@]}" -S -o "$work/whole.o" "$runtime/$(uname -m)/swiftrt.o" \
    --whole-archive "$archive" --no-whole-archive --start-group "${libraries[@]}" --end-group
objcopy --keep-global-symbols=scripts/exported-symbols.txt --strip-unneeded "$work/whole.o" "$work/fairlead.o"

mkdir -p "$directory/include/fairlead" "$directory/lib/pkgconfig"
rm -f "$directory"/include/fairlead.h "$directory"/include/fairlead/*.h "$directory"/lib/libfairlead.*
cp include/fairlead.h "$directory/include/"
cp include/fairlead/*.h "$directory/include/fairlead/"
ar rcs "$directory/lib/libfairlead.a" "$work/fairlead.o"
{
    echo "FAIRLEAD_$abi { global:"
    sed 's/$/;/' scripts/exported-symbols.txt
    echo "local: *; };"
} >"$work/symbols.map"
# The linker warns of mktemp, which Foundation could call, and Fairlead never does.
if ! g++ -shared -s -o "$directory/lib/libfairlead.so.$abi" "$work/fairlead.o" -Wl,-soname,"libfairlead.so.$abi" \
    -Wl,--version-script,"$work/symbols.map" -Wl,--gc-sections -Wl,-z,defs -Wl,-z,relro -Wl,-z,noexecstack \
    -Wl,--as-needed "${dependencies[@]}" >"$log" 2>&1; then
    cat "$log"
    exit 1
fi
ln -sf "libfairlead.so.$abi" "$directory/lib/libfairlead.so"
cat >"$directory/lib/pkgconfig/fairlead.pc" <<PC
prefix=\${pcfiledir}/../..
Name: fairlead
Description: A routing and load-balancing engine with Envoy's configuration
Version: $version
Cflags: -I\${prefix}/include
Libs: -L\${prefix}/lib -lfairlead
Libs.private: ${dependencies[*]}
PC

# What was promised: nothing of Swift, and no symbol but the listed ones.
needed=$(objdump -p "$directory/lib/libfairlead.so" | awk '/NEEDED/ { print $2 }' | sort | paste -sd ' ')
if grep -q -i swift <<<"$needed"; then
    echo "libfairlead.so needs Swift at run time: $needed" >&2
    exit 1
fi
if ! diff scripts/exported-symbols.txt <(nm -D --defined-only "$directory/lib/libfairlead.so" |
    awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort); then
    echo "libfairlead.so exports other symbols than scripts/exported-symbols.txt lists" >&2
    exit 1
fi
if ! diff scripts/exported-symbols.txt <(nm --defined-only --extern-only "$directory/lib/libfairlead.a" |
    awk 'NF == 3 { print $3 }' | sort); then
    echo "libfairlead.a exports other symbols than scripts/exported-symbols.txt lists" >&2
    exit 1
fi
echo "$directory/lib/libfairlead.so.$abi: $(stat -c %s "$directory/lib/libfairlead.so.$abi") bytes, needs $needed"
echo "$directory/lib/libfairlead.a: $(stat -c %s "$directory/lib/libfairlead.a") bytes, link with ${dependencies[*]}"
