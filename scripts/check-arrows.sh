#!/usr/bin/env bash
# Fairlead: checks the arrows between the targets, where unsafe code lives, and the house rules that a machine can see
# SPDX-License-Identifier: Apache-2.0
#
# usage: check-arrows.sh     one line a violation; exit 1 when there is any
set -euo pipefail
cd "$(dirname "$0")/.."

# What each target may import (docs/architecture.md has the layers). No line, no target.
# Layers 0 to 4, less FairleadRE2, know no Foundation, Dispatch or NIO: they have to compile as Embedded Swift.
# FairleadEnvoy knows Foundation because the bytes fields of SwiftProtobuf are its Data.
engine="Fairlead FairleadModel FairleadPlugin FairleadDataPlane FairleadConfiguration"
toolchain="Foundation FoundationEssentials Dispatch Glibc Synchronization"
export ARROWS="
FairleadModel: CXXHash Synchronization
FairleadPlugin: FairleadModel
FairleadDataPlane: FairleadModel FairleadPlugin Synchronization
FairleadPolicies: FairleadModel FairleadPlugin Synchronization
FairleadConfiguration: FairleadModel
FairleadHealth: FairleadModel
FairleadRE2: FairleadModel FairleadPlugin CRE2
FairleadCompiler: FairleadModel FairleadPlugin FairleadConfiguration FairleadDataPlane
Fairlead: CMutex FairleadModel FairleadPlugin FairleadDataPlane FairleadPolicies FairleadConfiguration FairleadHealth \
 FairleadCompiler Synchronization
FairleadEnvoy: FairleadModel FairleadConfiguration SwiftProtobuf CYAML Foundation FoundationEssentials
FairleadABI: CFairlead $engine FairleadEnvoy FairleadRE2 Glibc
FairleadTestKit: $engine
FairleadProxy: $engine FairleadEnvoy FairleadRE2 NIOCore NIOPosix NIOHTTP1 $toolchain
FairleadCommand: $engine FairleadEnvoy FairleadRE2 FairleadProxy FairleadTestKit ArgumentParser $toolchain
"

# Where unsafe code may live: folders end with a slash.
export ADDRESSES="
Sources/FairleadModel/Memory/
Sources/FairleadModel/Hash/XXHash64.swift
Sources/FairleadDataPlane/Memory/
Sources/FairleadRE2/RE2Pattern.swift
Sources/FairleadRE2/RE2PatternSet.swift
Sources/Fairlead/Control/ControlLock.swift
Sources/FairleadEnvoy/Text/YAMLReader.swift
Sources/FairleadABI/
Sources/FairleadTestKit/Memory/
"

# Plain awk: Debian's mawk has no intervals, no word boundaries and no ENDFILE.
# shellcheck disable=SC2016 # The dollars are awk's.
check='
BEGIN {
    arrowCount = split(ENVIRON["ARROWS"], lines, "\n")
    for (i = 1; i <= arrowCount; i++) {
        if (split(lines[i], parts, ":") < 2) continue
        known[parts[1]] = 1
        moduleCount = split(parts[2], modules, " ")
        for (j = 1; j <= moduleCount; j++) allowed[parts[1], modules[j]] = 1
    }
    addressCount = split(ENVIRON["ADDRESSES"], addresses, "\n")
}

function violation(text) {
    print FILENAME ":" FNR ": " text
}

function finish() {
    if (file == "") return
    if (!generated && lineCount > limit) print file ":" lineCount ": longer than " limit " lines"
    if (!generated && !titled) print file ":1: does not begin with \"Fairlead: <what this file is>\""
    if (!generated && !licensed) print file ":2: has no SPDX-License-Identifier"
}

function begin(    parts, i, name) {
    file = FILENAME
    swift = file ~ /\.swift$/
    generated = file ~ /\/Generated\//
    inSources = file ~ /^Sources\//
    split(file, parts, "/")
    target = inSources ? parts[2] : ""
    limit = file ~ /(^|\/)Tests\// ? 600 : 500
    titled = licensed = depth = text = 0
    # The first line of a manifest belongs to SwiftPM.
    if (file ~ /(^|\/)Package\.swift$/) titled = licensed = 1
    safe = 1
    for (i = 1; i <= addressCount; i++) {
        if (addresses[i] == "") continue
        if (addresses[i] == file || (addresses[i] ~ /\/$/ && index(file, addresses[i]) == 1)) safe = 0
    }
    if (swift && inSources && !(target in known)) violation("target " target " is not in the table of arrows")
    name = file
    sub(/.*\//, "", name)
    if (!generated) checkName(name, "file name")
}

# The words of the house list, as words inside a name.
function checkName(name, what,    bare) {
    bare = name
    sub(/\.[a-z]+$/, "", bare)
    # Words of others: RFC 4648, our own target, Envoy (whose messages go by ...Proto).
    gsub(/Base64|DataPlane|ConnectionManager/, "", bare)
    if (bare ~ /Proto$/) return
    if (target ~ /^(FairleadProxy|FairleadXDSTransport)$/) gsub(/Handler/, "", bare)
    if (match(bare, /(Util|Utils|Utility|Utilities|Helper|Helpers|Manager|Common|Base|Impl|Misc|Data|Info|Handler)([A-Z0-9_+]|$)/))
        violation(what " " name " says nothing of what it is for")
}

# The line without its comments. Text literals stay, as they may hold code.
function codeOf(line,    out, token, at) {
    out = ""
    while (line != "") {
        if (depth > 0) {
            if (!match(line, /\/\*|\*\//)) return out
            depth += substr(line, RSTART, 2) == "/*" ? 1 : -1
            line = substr(line, RSTART + 2)
        } else if (text) {
            at = index(line, "\"\"\"")
            if (!at) return out line
            out = out substr(line, 1, at + 2)
            line = substr(line, at + 3)
            text = 0
        } else if (match(line, /"""|"([^"\\]|\\.)*"|\/\/|\/\*/)) {
            token = substr(line, RSTART, RLENGTH)
            out = out substr(line, 1, RSTART - 1)
            line = substr(line, RSTART + RLENGTH)
            if (token == "//") return out
            if (token == "/*") { depth = 1; continue }
            if (token == "\"\"\"") text = 1
            out = out token
        } else {
            return out line
        }
    }
    return out
}

FNR == 1 { finish(); begin() }
{ lineCount = FNR }
FNR <= 4 && /^(\/\/|\/\*|#| \*) ?Fairlead: ./ { titled = 1 }
FNR <= 4 && /SPDX-License-Identifier: Apache-2\.0/ { licensed = 1 }
/(TODO|FIXME)/ && !/(TODO|FIXME)\(#[0-9]+\)/ && file !~ /^scripts\/(check-arrows|test-scripts)\.sh$/ { violation("a TODO without an issue number") }

swift && !(/^[ \t]*\/\// && depth == 0 && !text) {
    code = codeOf($0)
    if (!text && match(code, /^[ \t]*([a-z]+ +|@[A-Za-z_]+(\([^)]*\))? +)*import +/)) {
        module = substr(code, RSTART + RLENGTH)
        sub(/^(struct|class|enum|protocol|typealias|func|var|let) +/, "", module)
        sub(/[^A-Za-z0-9_].*$/, "", module)
        if (inSources && (target in known) && !((target, module) in allowed))
            violation(target " may not import " module)
    }
    if (inSources && !generated && safe && code ~ /[Uu]nsafe|unchecked/) {
        word = code
        # An open class cannot prove what its subclasses do: its documentation asks them to be safe, and they repeat it.
        if (target == "FairleadPlugin" && word ~ /class /) gsub(/@unchecked Sendable/, "", word)
        if (word ~ /[Uu]nsafe|unchecked/) violation("unsafe code outside of its addresses")
    }
    if (!generated && match(code, /(^|[^A-Za-z_.])(struct|class|enum|protocol|actor|typealias) +[A-Za-z_0-9]+/)) {
        name = substr(code, RSTART, RLENGTH)
        sub(/.* /, "", name)
        checkName(name, "type name")
    }
}

END { finish() }
'

folders=()
for folder in Sources Tests include Benchmarks Examples bindings conformance scripts .ci; do
    [ -d "$folder" ] && folders+=("$folder")
done
found=$(find "${folders[@]}" \( -name '.build*' -o -name '.venv*' -o -name Vectors \) -prune -o -type f \
    \( -name '*.swift' -o -name '*.c' -o -name '*.cc' -o -name '*.cpp' -o -name '*.h' -o -name '*.proto' \
    -o -name '*.pml' -o -name '*.py' -o -name '*.sh' -o -path .ci/run \) -print0 |
    LC_ALL=C sort -z | LC_ALL=C xargs -0 awk "$check")
if [ -n "$found" ]; then
    printf '%s\n' "$found"
    echo "arrows: $(printf '%s\n' "$found" | wc -l) violations" >&2
    exit 1
fi
echo "arrows: no violation"
