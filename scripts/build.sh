#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Builds products for release, one after the other, and shows what matters of it.
#
#   scripts/build.sh PRODUCT…
#
# Left out of the output: the linker's remarks on functions of the C library that libraries of ours contain and that
# would load further libraries at run time in a static executable. None of them is called: the enclave resolves no host
# name, and reads the names of users and groups from their files itself.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
flags=(-c release --static-swift-stdlib -Xlinker -s --explicit-target-dependency-import-check error)
terminal=0
[[ ! -t 1 ]] || terminal=1

show() {
    awk -v terminal="$terminal" '
        /in statically linked applications requires|the use of .mktemp. is dangerous/ { next }
        /found [0-9]+ file\(s\) which are unhandled/ { skip = 1; next }
        skip && /^    \// { next }
        { skip = 0 }
        # Progress: one changing line for a person, one line in a hundred for a log.
        /^\[[0-9]+\/[0-9]+\]/ {
            if (terminal) printf "\r\033[K%s", substr($0, 1, 78)
            else if (++count % 100 == 1) print
            fflush()
            next
        }
        { if (terminal) printf "\r\033[K"; print; fflush() }
    '
}

for product in "$@"; do
    swift build "${flags[@]}" --product "$product" 2>&1 | show || exit 1
done
