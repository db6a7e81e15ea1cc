#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Installs what is missing to build, run and test renclave on Debian 12, and says why each thing is needed.
#
#   scripts/setup.sh            what building, running and testing need
#   scripts/setup.sh --bench    what the benchmark needs beside it
#   --check                     installs nothing: silent and 0 if all is there, else 1 and what is missing
#   --build-only                looks only at what building and running need
set -euo pipefail

swift_wanted=6.3

# Package, the command it brings (- for a library), and why.
for_building='
git|git|Swift fetches the libraries that renclave is built on with it
binutils|readelf|links the executables; the checks read them with it
libsodium-dev|-|locked memory and randomness in the enclave
libssl-dev|-|SHA-2, HMAC and PBKDF2 in the enclave (libcrypto)
libutf8proc-dev|-|Unicode normalisation of seed phrases and passphrases
zlib1g-dev|-|compressed answers in the HTTP client of the gateway and the renclave tool
'
for_testing='
curl|curl|sends the requests of the API test
jq|jq|reads the answers of the API test
valgrind|valgrind|shows that secret bytes decide no branch and no memory index
python3|python3|runs the benchmark and the generators
'
for_bench='
wrk|wrk|puts load on the servers that are compared
python3|python3|runs the benchmark
'

say() { printf '%s\n' "$*" >&2; }

installed() {
    local package=$1 command=$2
    if [[ $command != - ]]; then
        command -v "$command" >/dev/null
    else
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]]
    fi
}

# Whether the first version (6.3.1) is at least the second (6.3).
at_least() { [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

swift_problem() {
    local version
    if ! command -v swift >/dev/null; then
        printf 'Swift is not on the PATH; renclave needs Swift %s or newer: https://www.swift.org/install/linux' \
            "$swift_wanted"
        return
    fi
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    if [[ -z $version ]] || ! at_least "$version" "$swift_wanted"; then
        printf 'Swift %s is installed; renclave needs %s or newer: https://www.swift.org/install/linux' \
            "${version:-of an unknown version}" "$swift_wanted"
    fi
}

install() {
    local sudo=() command
    command="apt-get install -y --no-install-recommends $*"
    if [[ $(id -u) -ne 0 ]] && command -v sudo >/dev/null; then
        sudo=(sudo)
    elif [[ $(id -u) -ne 0 ]]; then
        say "Not root and no sudo here. Run this as root, then try again:"
        say "    $command"
        exit 1
    fi
    say "Running: ${sudo[*]}${sudo:+ }$command"
    if ! "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; then
        say "Refreshing the package lists and trying once more."
        "${sudo[@]}" apt-get update
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
    fi
}

check=false
wanted=$for_building$for_testing
for option in "$@"; do
    case $option in
        --check) check=true ;;
        --bench) wanted=$for_bench ;;
        --build-only) wanted=$for_building ;;
        *)
            say "usage: scripts/setup.sh [--check] [--bench | --build-only]"
            exit 2
            ;;
    esac
done

missing=()
reasons=()
while IFS='|' read -r package command reason; do
    if [[ -n $package ]] && ! installed "$package" "$command"; then
        missing+=("$package")
        reasons+=("$(printf '  %-16s %s' "$package" "$reason")")
    fi
done <<<"$wanted"
problem=$(swift_problem)

if [[ ${#missing[@]} -gt 0 ]]; then
    say "Missing:"
    printf '%s\n' "${reasons[@]}" >&2
fi
[[ -z $problem ]] || say "$problem"
if $check; then
    [[ ${#missing[@]} -eq 0 && -z $problem ]]
    exit
fi
if [[ ${#missing[@]} -gt 0 ]]; then
    if ! command -v apt-get >/dev/null; then
        say "There is no apt-get here: install what is listed above by this system's own means."
        exit 1
    fi
    install "${missing[@]}"
fi
[[ -z $problem ]] || exit 1
say "Everything that is needed is there."
