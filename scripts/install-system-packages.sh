#!/usr/bin/env bash
# Fairlead: installs the Debian packages that are missing; says and does nothing when all are there
# SPDX-License-Identifier: Apache-2.0
#
# usage: install-system-packages.sh [build|test|conformance]     for what (default: test); all include build
set -euo pipefail

# git fetches the Swift packages; libstdc++, which RE2 and clang need, comes with g++.
packages=(git g++ libc6-dev libre2-dev libxxhash-dev libyaml-dev make)
case "${1:-test}" in
build) ;;
test) packages+=(binutils gcc pkg-config python3 spin valgrind) ;;
conformance) packages+=(python3 python3-venv) ;;
*)
    echo "usage: $0 [build|test|conformance]" >&2
    exit 2
    ;;
esac

if ! command -v swift >/dev/null; then
    echo "swift is not on the PATH; Fairlead needs Swift 6.3 (https://www.swift.org/install/linux/debian/12/)" >&2
    exit 1
fi
if ! command -v dpkg-query >/dev/null; then
    echo "not a Debian: these packages, or what they are called here, must be installed: ${packages[*]}" >&2
    exit 0
fi

missing=()
for package in "${packages[@]}"; do
    # shellcheck disable=SC2016 # dpkg-query's own variable.
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=(env DEBIAN_FRONTEND=noninteractive)
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "missing packages, and neither root nor sudo: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo "${as_root[@]}")
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq >/dev/null
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
