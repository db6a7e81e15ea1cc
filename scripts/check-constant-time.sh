#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Proves that the operations on secrets in CConstantTime have no branch and no address that depends on a secret:
# valgrind runs them, compiled as they ship, with the secrets marked undefined. A comparison that leaves early and a
# product that looks up logarithms must be reported by the same means, or the check itself is broken.
set -euo pipefail
cd "$(dirname "$0")/.."

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# The compiler that comes with Swift is the one that compiles the shipped object.
compiler="$(dirname "$(readlink -f "$(command -v swift)")")/clang"
for level in -O0 -O2; do
    "$compiler" "$level" -Wall -Wextra -Werror -ISources/CConstantTime/include \
        Tests/ConstantTime/check.c Sources/CConstantTime/*.c -o "$work/check"
    run=(valgrind --quiet --error-exitcode=9 --exit-on-first-error=no "$work/check")
    if ! "${run[@]}" >"$work/log" 2>&1; then
        cat "$work/log" >&2
        echo "check-constant-time: an operation depends on a secret ($level)" >&2
        exit 1
    fi
    for leak in comparison product; do
        status=0
        "${run[@]}" "$leak" >"$work/log" 2>&1 || status=$?
        if [ "$status" -ne 9 ]; then
            echo "check-constant-time: the leaky $leak was not reported ($level): the check is broken" >&2
            exit 1
        fi
    done
done
echo "constant time: ok (-O0, -O2), and a leaky comparison and a leaky product are reported"
