#!/usr/bin/env bash
# Fairlead: tests the bindings over the C library: Python's, and C++'s
# SPDX-License-Identifier: Apache-2.0
#
# usage: test-bindings.sh [DIRECTORY]     of a library that build-c-library.sh made; default: .build-abi/dist, which is
#                                         built when it is absent
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-system-packages.sh test
library=${1:-.build-abi/dist}
if [ $# -eq 0 ] && [ ! -e "$library/lib/libfairlead.so" ]; then scripts/build-c-library.sh "$library"; fi
library=$(cd "$library" && pwd)
configurations=Tests/CTests/configurations
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check NAME COMMAND...: one check; what a failing command says is shown.
check() {
    local name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name"
    else
        failed=$((failed + 1))
        echo "FAILED  $name"
        tail -n 60 "$work/log"
    fi
}

# count NAME PASSED FAILED: adds up what a program of tests has counted itself.
count() {
    echo "        $1: $2 passed, $3 failed"
    passed=$((passed + $2))
    failed=$((failed + $3))
}

check "the library is made of these headers (else: scripts/build-c-library.sh ${library#"$PWD"/})" \
    diff -r include "$library/include" --exclude module.modulemap
if [ "$failed" -gt 0 ]; then
    echo "$passed passed, $failed failed"
    exit 1
fi

# What is not offered is listed once, with a reason, and is not offered.
listed() {
    ! grep -v '^#' bindings/not-offered.txt | grep -vE '^(python|cpp) fl_[a-z0-9_]+ .*[a-z]' &&
        ! grep -v '^#' bindings/not-offered.txt | cut -d' ' -f1,2 | sort | uniq -d | grep .
}
check "what is not offered is listed with binding, name and reason" listed

# C++: every function is called by a header, or listed.
cpp_offers() {
    local status=0 name offered listed
    while read -r name; do
        offered=$(grep -cwh "$name" bindings/cpp/fairlead/*.hpp | awk '{ sum += $1 } END { print sum }')
        listed=$(grep -c "^cpp $name " bindings/not-offered.txt || true)
        if [ "$offered" -eq 0 ] && [ "$listed" -eq 0 ]; then
            echo "$name: call it in a header of bindings/cpp/fairlead, or list it in bindings/not-offered.txt"
            status=1
        elif [ "$offered" -gt 0 ] && [ "$listed" -gt 0 ]; then
            echo "$name: bindings/not-offered.txt lists it, and a header of bindings/cpp/fairlead calls it"
            status=1
        fi
    done <scripts/exported-symbols.txt
    return "$status"
}
check "C++ offers every function, or lists it as not offered" cpp_offers

warnings=(-Wall -Wextra -Werror -Wconversion -pedantic -Wshadow)
cxx=(g++ -std=c++17 "${warnings[@]}" -I"$library/include" -Ibindings/cpp)
for header in fairlead.hpp bindings/cpp/fairlead/*.hpp; do
    name=${header#bindings/cpp/}
    printf '#include "%s"\n#include "%s"\n' "$name" "$name" >"$work/twice.cc"
    check "$name compiles alone" "${cxx[@]}" -c -o "$work/twice.o" "$work/twice.cc"
    check "$name needs neither exceptions nor type information" "${cxx[@]}" -fno-exceptions -fno-rtti -c \
        -o "$work/twice.o" "$work/twice.cc"
done
awk -v prefix="$work/snippet-" '
/^```cpp$/ { count++; file = prefix count ".cc"; next }
/^```/ { file = ""; next }
file != "" { print > file }' bindings/cpp/README.md
for snippet in "$work"/snippet-*.cc; do
    check "$(basename "$snippet" .cc) of bindings/cpp/README.md compiles" "${cxx[@]}" -c -o "$work/snippet.o" "$snippet"
done
check "the C++ tests compile without a warning" "${cxx[@]}" -g bindings/cpp/tests.cc -o "$work/tests" \
    -L"$library/lib" -lfairlead -Wl,-rpath,"$library/lib" -pthread
if [ -x "$work/tests" ]; then
    "$work/tests" "$configurations" >"$work/output" 2>&1 || true
    grep '^FAILED' "$work/output" || true
    if ! grep -q '^[0-9]* passed, [0-9]* failed$' "$work/output"; then
        cat "$work/output"
        echo "0 passed, 1 failed" >"$work/output"
    fi
    counts=$(grep '^[0-9]* passed, [0-9]* failed$' "$work/output")
    count "C++ tests" "$(cut -d' ' -f1 <<<"$counts")" "$(cut -d' ' -f3 <<<"$counts")"
    # The tests count allocations with an operator new of their own.
    check "they run under valgrind without error and leak" valgrind -q --soname-synonyms=somalloc=nouserintercepts \
        --leak-check=full --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect \
        --suppressions=Tests/CTests/valgrind.supp --error-exitcode=1 "$work/tests" "$configurations"
fi

# Python: "Ran N tests", then "OK" or "FAILED (failures=N, errors=N)"; a subtest that fails counts for its test.
FAIRLEAD_LIBRARY=$library/lib PYTHONDONTWRITEBYTECODE=1 python3 -W error -m unittest discover \
    -s bindings/python/tests -t bindings/python >"$work/output" 2>&1 || true
ran=$(sed -n 's/^Ran \([0-9]*\) tests\? in .*/\1/p' "$work/output")
if [ "$(tail -n 1 "$work/output")" = OK ] && [ "${ran:-0}" -gt 0 ]; then
    count "Python tests" "$ran" 0
else
    cat "$work/output"
    broken=$(sed -n 's/^\(FAIL\|ERROR\): \([a-z_A-Z0-9]* ([^)]*)\).*/\2/p' "$work/output" | sort -u | wc -l)
    [ "$broken" -gt 0 ] || broken=1
    count "Python tests" $((${ran:-0} > broken ? ${ran:-0} - broken : 0)) "$broken"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
