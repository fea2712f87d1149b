#!/usr/bin/env bash
# Fairlead: tests the C library: headers, symbols, the C99 and C++17 programs, valgrind, the example, the silence
# SPDX-License-Identifier: Apache-2.0
#
# usage: test-c.sh [DIRECTORY]     of a library that build-c-library.sh made; without it, one is built
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-system-packages.sh test
library=${1:-.build-abi/dist}
if [ $# -eq 0 ]; then scripts/build-c-library.sh "$library"; fi
library=$(cd "$library" && pwd)
tests=$PWD/Tests/CTests
configurations=$tests/configurations
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
        tail -n 40 "$work/log"
    fi
}

warnings=(-pedantic -Wall -Wextra -Werror)
c99=(gcc -std=c99 "${warnings[@]}")
cxx17=(g++ -std=c++17 "${warnings[@]}")
include=(-I"$library/include")
shared=(-L"$library/lib" -lfairlead -Wl,-rpath,"$library/lib")
static=("$library/lib/libfairlead.a" -Wl,--gc-sections -lre2 -lstdc++ -lm -lpthread)

# Headers: each compiles alone and twice, in every language.
headers=(fairlead.h)
for header in include/fairlead/*.h; do headers+=("fairlead/$(basename "$header")"); done
for header in "${headers[@]}"; do
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" >"$work/twice.c"
    cp "$work/twice.c" "$work/twice.cc"
    check "$header is C99" "${c99[@]}" "${include[@]}" -c -o "$work/twice.o" "$work/twice.c"
    check "$header is C11" gcc -std=c11 "${warnings[@]}" -Wconversion "${include[@]}" -c -o "$work/twice.o" "$work/twice.c"
    check "$header is C++17" "${cxx17[@]}" -Wold-style-cast -Wconversion "${include[@]}" -c -o "$work/twice.o" \
        "$work/twice.cc"
done
check "the headers are the ones that were built" diff -r include "$library/include" --exclude module.modulemap

# Functions: declared, listed and exported ones are the same, and each says all that it has to.
sed -n 's/^FL_API .*[ *]\(fl_[a-z0-9_]*\)(.*/\1/p' include/fairlead/*.h | sort >"$work/declared"
nm -D --defined-only "$library/lib/libfairlead.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort \
    >"$work/exported"
check "every declared function is listed" diff "$work/declared" scripts/exported-symbols.txt
check "every listed function is exported" diff scripts/exported-symbols.txt "$work/exported"
documented() {
    awk '
    /^\/\*/ { comment = "" }
    { comment = comment $0 "\n" }
    /^FL_API/ {
        for (word in words) {
            if (index(comment, words[word] ":") == 0) { print FILENAME ": " $0 ": no " words[word]; bad = 1 }
        }
        functions++
        comment = ""
    }
    BEGIN { split("Ownership Threads Returns Since", words, " ") }
    END { exit bad || functions == 0 }' include/fairlead/*.h
}
check "every function tells ownership, threads, returns and since" documented
needs_no_swift() { ! ldd "$1" | grep -i swift; }
check "the shared library needs nothing of Swift" needs_no_swift "$library/lib/libfairlead.so"
has_soname() { objdump -p "$library/lib/libfairlead.so" | grep -q "SONAME *libfairlead.so.$(abi)$"; }
abi() { sed -n 's/^#define FL_ABI_VERSION //p' include/fairlead/version.h; }
check "the shared library is named by the version of its interface" has_soname
described() {
    local pc=$library/lib/pkgconfig/fairlead.pc
    [ "$(PKG_CONFIG_PATH=${pc%/*} pkg-config --modversion fairlead)" = "$1" ] &&
        PKG_CONFIG_PATH=${pc%/*} pkg-config --cflags --libs fairlead | tr ' ' '\n' >"$work/flags" &&
        xargs "${c99[@]}" "$2" -o "$work/packaged" <"$work/flags" && LD_LIBRARY_PATH=$library/lib "$work/packaged" 2>/dev/null
    [ $? -eq 2 ]
}
version=$(sed -n 's/^#define FL_VERSION_\(MAJOR\|MINOR\|PATCH\) //p' include/fairlead/version.h | paste -sd .)
check "pkg-config finds the library" described "$version" Examples/c/decide.c

# program NAME COMMAND...: compiles a test program, runs it, counts its checks, watches which functions it calls.
program() {
    local name=$1 binary=$work/$1 counts
    shift
    check "$name compiles without a warning" "$@" -o "$binary"
    [ -x "$binary" ] || return 0
    "$binary" "$configurations" >"$work/output" 2>&1 || true
    grep -v '^ok ' "$work/output" | grep -v '^[0-9]* passed, ' || true
    counts=$(grep '^[0-9]* passed, [0-9]* failed$' "$work/output" || echo "0 passed, 1 failed")
    echo "        $name: $counts"
    passed=$((passed + $(cut -d' ' -f1 <<<"$counts")))
    failed=$((failed + $(cut -d' ' -f3 <<<"$counts")))
}
# The dynamic linker binds a function when it is called first, and can be asked to tell.
calls_all() {
    LD_DEBUG=bindings LD_BIND_NOW='' "$1" "$configurations" 2>&1 |
        sed -n "s|.*binding file $1 .*symbol .\(fl_[a-z0-9_]*\)'.*|\1|p" | sort -u >"$work/called"
    diff scripts/exported-symbols.txt "$work/called"
}
leaks_nothing() {
    valgrind -q --leak-check=full --errors-for-leak-kinds=definite,indirect --show-leak-kinds=definite,indirect \
        --suppressions="$tests/valgrind.supp" --error-exitcode=1 "$1" "$configurations"
}

# Plugins: the example, and one for each way to be none.
export FL_TEST_PLUGINS=$work
check "the example plugin compiles" make -s -B -C Examples/plugin FAIRLEAD="$library"
cp Examples/plugin/idlest.so "$work"
for fault in no-entry null-answer no-size other-version null-policy no-pick same-names wrong-index; do
    check "the plugin $fault compiles" "${c99[@]}" "${include[@]}" -shared -fPIC -fvisibility=hidden \
        -D"$(tr a-z- A-Z_ <<<"$fault")" -o "$work/$fault.so" "$tests/plugins/faulty.c"
done
make -s -C Examples/plugin clean
mapfile -t sources < <(find "$tests" -maxdepth 1 -name '*.c' ! -name silence.c | sort)
program c-tests "${c99[@]}" -g "${include[@]}" "${sources[@]}" "${shared[@]}" -pthread -Wl,-z,lazy
program cxx-tests "${cxx17[@]}" -g "${include[@]}" "$tests/tests.cc" "${shared[@]}" -Wl,-z,lazy
program c-tests-static "${c99[@]}" -g "${include[@]}" "${sources[@]}" "${static[@]}"
for name in c-tests cxx-tests; do
    check "$name calls every function" calls_all "$work/$name"
    check "$name runs under valgrind without error and leak" leaks_nothing "$work/$name"
done

# The example, and what the documentation shows.
check "the example compiles with the shared library" make -s -B -C Examples/c FAIRLEAD="$library"
check "the example compiles with the static library" make -s -B -C Examples/c FAIRLEAD="$library" static
decides() { Examples/c/"$1" Examples/c/envoy.yaml <Examples/c/requests.txt | diff Examples/c/expected.txt -; }
check "the example decides as expected" decides decide
check "so does the static one" decides decide-static
check "the static one needs nothing of Swift" needs_no_swift Examples/c/decide-static
refuses() { ! Examples/c/decide "$configurations/faulty.yaml" </dev/null 2>"$work/refused" && grep -q :7:22: "$work/refused"; }
check "the example shows errors with their places" refuses
shows() { awk '/^```text/ { on = 1; next } /^```/ { on = 0 } on' Examples/c/README.md | diff Examples/c/expected.txt -; }
check "the example's page shows what it prints" shows
make -s -C Examples/c clean
for page in docs/c-api.md Examples/c/README.md Examples/plugin/README.md README.md; do
    [ -f "$page" ] || continue
    awk -v prefix="$work/snippet-$(tr -c 'a-zA-Z0-9\n' - <<<"$page")-" '
    /^```c$/ { count++; file = prefix count ".c"; next }
    /^```/ { file = ""; next }
    file != "" { print > file }' "$page"
done
snippets=0
for snippet in "$work"/snippet-*.c; do
    [ -f "$snippet" ] || continue
    snippets=$((snippets + 1))
    check "$(basename "$snippet" .c) compiles" "${c99[@]}" "${include[@]}" -c -o "$work/snippet.o" "$snippet"
done
check "there are snippets" test "$snippets" -gt 0

# Silence: what decisions call is the decision code of Fairlead and memcpy's family, and nothing else. The static library
# keeps the names. Unnamed addresses are the linker's stubs, which lead to functions that are listed too.
check "the loops compile" "${c99[@]}" -O2 -g "${include[@]}" "$tests/silence.c" "${static[@]}" -o "$work/silence"
silent() {
    # shellcheck disable=SC2016 # Swift's symbols begin with a dollar.
    local allowed='\$s[0-9]+Fairlead|\$s[0-9A-Za-z_]*Fairlead|:fl_[a-z0-9_]+ |:_*mem(cpy|move|set|cmp)|:_*strlen'
    allowed+='|:__swift_noop_void_return|:0x[0-9a-f]+ \[|silence\.c:|/(bytes|declare)\.h:|PROGRAM TOTALS'
    valgrind -q --tool=callgrind --callgrind-out-file="$work/calls" '--toggle-collect=decisions*' \
        "$work/silence" "$configurations" "$1" 1000 2>/dev/null || return 1
    callgrind_annotate --threshold=100 --auto=no "$work/calls" | grep -E '^ *[0-9,]+ \( *[0-9.]+%\)  ' >"$work/functions"
    instructions=$(sed -n 's/^ *\([0-9,]*\) .*PROGRAM TOTALS.*/\1/p' "$work/functions" | tr -d ,)
    [ "${instructions:-0}" -gt 100000 ] || return 1
    ! grep -vE "$allowed" "$work/functions"
}
if [ -x "$work/silence" ]; then
    for loop in forward retry hash cluster policy details redirect prepare; do
        instructions=0
        check "$loop is silent" silent "$loop"
        echo "        $((instructions / 1000)) instructions a decision"
    done
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
