#!/usr/bin/env bash
# Fairlead: tests of the scripts: planted violations must be found, results must be counted right
# SPDX-License-Identifier: Apache-2.0
#
# usage: test-scripts.sh
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# expect NAME EXPECTED FOUND
expect() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s: expected\n%s\nbut found\n%s\n' "$1" "$2" "$3"
    fi
}

# A small tree with the checker in it. plant FILE LINE...: a file with the two head lines before these.
tree() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/scripts"
    cp "$here/scripts/check-arrows.sh" "$work/tree/scripts/"
}
plant() {
    local file="$work/tree/$1"
    shift
    mkdir -p "$(dirname "$file")"
    printf '%s\n' '// Fairlead: planted' '// SPDX-License-Identifier: Apache-2.0' "$@" >"$file"
}
violations() {
    "$work/tree/scripts/check-arrows.sh" 2>/dev/null || true
}

# innocent NAME FILE LINE...: no violation.
innocent() {
    local name=$1
    shift
    tree
    plant "$@"
    expect "$name" "arrows: no violation" "$(violations)"
}

# guilty NAME EXPECTED FILE LINE...: this violation and no other.
guilty() {
    local name=$1 expected=$2
    shift 2
    tree
    plant "$@"
    expect "$name" "$expected" "$(violations)"
    if "$work/tree/scripts/check-arrows.sh" >/dev/null 2>&1; then expect "$name: exit code" 1 0; fi
}

innocent "an allowed import" Sources/FairleadPolicies/A.swift 'public import FairleadPlugin'
innocent "an import in a comment" Sources/FairleadModel/A.swift '// import Foundation' '/* import NIO' 'import NIO */'
innocent "an import in a text" Sources/FairleadModel/A.swift 'let a = """' '    import NIO' '    """'
innocent "Foundation in Envoy's schema" Sources/FairleadEnvoy/Generated/a.swift 'package import Foundation'
innocent "a name of Envoy's" Sources/FairleadEnvoy/A.swift 'typealias DataSourceProto = Int'
guilty "an arrow down" "Sources/FairleadPlugin/A.swift:3: FairleadPlugin may not import FairleadDataPlane" \
    Sources/FairleadPlugin/A.swift 'import FairleadDataPlane'
guilty "Foundation in the core" "Sources/Fairlead/A.swift:3: Fairlead may not import Foundation" \
    Sources/Fairlead/A.swift 'internal import struct Foundation.Data'
guilty "an import with attributes" "Sources/FairleadModel/A.swift:3: FairleadModel may not import Dispatch" \
    Sources/FairleadModel/A.swift '@_spi(Some) @testable import Dispatch'
guilty "an import behind a comment" "Sources/FairleadModel/A.swift:3: FairleadModel may not import Dispatch" \
    Sources/FairleadModel/A.swift '/* why */ import Dispatch'
guilty "a target that nobody knows" "Sources/FairleadNew/A.swift:1: target FairleadNew is not in the table of arrows" \
    Sources/FairleadNew/A.swift

innocent "unsafe code at its address" Sources/FairleadDataPlane/Memory/A.swift 'unsafe f()'
innocent "unsafe words in comments" Sources/FairleadModel/A.swift '// unsafe' '/// Unsafe' 'f() /* unsafe */ // unchecked'
innocent "an open class of an extension point" Sources/FairleadPlugin/A.swift 'open class A: @unchecked Sendable {}'
for words in 'unsafe f()' 'let a: UnsafePointer<Int>' 'withUnsafeBytes(of: a)' 'nonisolated(unsafe) var a = 1' \
    'struct A: @unchecked Sendable {}' 'let a = "http://a"; unsafe f()' 'let a = "\(unsafe f())"'; do
    guilty "$words" "Sources/FairleadModel/A.swift:3: unsafe code outside of its addresses" \
        Sources/FairleadModel/A.swift "$words"
done

innocent "names with harmless parts" Sources/FairleadModel/Metadata.swift 'struct Database {}' 'enum Base64 {}'
guilty "an empty word in a type" "Sources/FairleadModel/A.swift:3: type name RouteHelper says nothing of what it is for" \
    Sources/FairleadModel/A.swift 'public struct RouteHelper {}'
guilty "an empty word in a file" \
    "Sources/FairleadModel/RouteUtils.swift:1: file name RouteUtils.swift says nothing of what it is for" \
    Sources/FairleadModel/RouteUtils.swift
innocent "a TODO with its issue" Sources/FairleadModel/A.swift '// TODO(#12): more'
guilty "a TODO without" "Sources/FairleadModel/A.swift:3: a TODO without an issue number" \
    Sources/FairleadModel/A.swift '// TODO: more'

mapfile -t many < <(seq 499 | sed 's|.*|//|')
guilty "a long source" "Sources/FairleadModel/A.swift:501: longer than 500 lines" Sources/FairleadModel/A.swift "${many[@]}"
innocent "a long test" Tests/FairleadModelTests/A.swift "${many[@]}"
innocent "long generated code" Sources/FairleadEnvoy/Generated/a.swift "${many[@]}"
tree
mkdir -p "$work/tree/Sources/FairleadModel"
echo 'let a = 1' >"$work/tree/Sources/FairleadModel/A.swift"
expect "no head lines" "Sources/FairleadModel/A.swift:1: does not begin with \"Fairlead: <what this file is>\"
Sources/FairleadModel/A.swift:2: has no SPDX-License-Identifier" "$(violations)"

# counts NAME EXPECTED STATUS LINE...
counts() {
    local name=$1 expected=$2 status=$3
    shift 3
    expect "$name" "$expected" "$(printf '%s\n' "$@" | scripts/count-results.sh "$status")"
}
counts "Swift Testing, all well" "22 0" 0 "✔ Test run with 22 tests in 3 suites passed after 0.8 seconds."
counts "Swift Testing, two functions failed" "20 2" 1 "✘ Test a() failed after 0.5 seconds with 1 issue." \
    "✘ Test b(c:) with 16 test cases failed after 0.5 seconds with 7 issues." \
    "✘ Suite S failed after 0.5 seconds with 8 issues." \
    "✘ Test run with 22 tests in 3 suites failed after 0.8 seconds with 8 issues."
counts "XCTest beside Swift Testing" "8 1" 1 "Test Suite 'S' failed at 1" "	 Executed 4 tests, with 1 failure (0 unexpected) in 1 (1) seconds" \
    "Test Suite 'All tests' failed at 1" "	 Executed 4 tests, with 1 failure (0 unexpected) in 1 (1) seconds" \
    "✔ Test run with 5 tests in 1 suite passed after 0.1 seconds."
counts "own lines" "7 3" 1 "3 passed, 1 failed" "some words" "4 passed, 2 failed"
counts "a step without tests" "1 0" 0 "words"
counts "a step that broke" "0 1" 2 "error: words"
counts "a crash after good tests" "5 1" 1 "5 passed, 0 failed" "Segmentation fault"
counts "silence" "1 0" 0

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
