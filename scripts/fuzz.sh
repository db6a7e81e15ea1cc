#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Builds every fuzz target with libFuzzer and AddressSanitizer, and runs each for a while on made-up input.
#
#   scripts/fuzz.sh [seconds for each target, by default 30] [targets, by default all]
#
# Inputs that reach new code are kept in .build/fuzz/corpus for the next run; Fuzz/Corpus has the ones to begin with.
# An input that breaks a target is kept in .build/fuzz/findings; give it to the target's executable to run it again.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
seconds=${1:-30}
targets=("${@:2}")
scratch=.build/fuzz
findings=$scratch/findings
failures=0

if [[ ! $seconds =~ ^[1-9][0-9]{0,5}$ ]]; then
    printf 'usage: scripts/fuzz.sh [seconds for each target] [targets]\n' >&2
    exit 2
fi
if [[ ${#targets[@]} -eq 0 ]]; then
    mapfile -t targets < <(find Fuzz/Corpus -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)
fi
if [[ ${#targets[@]} -eq 0 ]]; then
    printf 'fuzz: there is no target\n' >&2
    exit 1
fi

# Package.swift lists the targets only where this is set.
export RENCLAVE_FUZZ=1
# Optimised for speed, but with the checks of a debug build, and open to @testable import. Of several -sanitize options
# the compiler minds the last alone, and --sanitize gives one for each in no fixed order: so only one is given that way.
build=(swift build -c release --scratch-path "$scratch" --sanitize=fuzzer
    -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=address
    -Xswiftc -enable-testing -Xswiftc -assert-config -Xswiftc Debug)
# Else Swift's own crash report comes first, and libFuzzer keeps no input.
export SWIFT_BACKTRACE=enable=no

for target in "${targets[@]}"; do
    "${build[@]}" --product "$target" || exit 1
done
bin_dir=$("${build[@]}" --show-bin-path) || exit 1

for target in "${targets[@]}"; do
    printf '\n==> %s, %s s\n' "$target" "$seconds"
    mkdir -p "$scratch/corpus/$target" "$findings/$target"
    # The first folder takes what is new, the others are only read.
    if ! "$bin_dir/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=16384 \
        -print_final_stats=1 -artifact_prefix="$findings/$target/" \
        "$scratch/corpus/$target" "Fuzz/Corpus/$target" 2>"$findings/$target.log"; then
        failures=$((failures + 1))
        grep -E 'failed: |Fatal error|ERROR: |SUMMARY: |Test unit written' "$findings/$target.log"
        printf 'FAIL %s: all that it said is in %s\n' "$target" "$findings/$target.log"
        continue
    fi
    grep -E '^(Done|stat::(average_exec_per_sec|peak_rss_mb))' "$findings/$target.log"
done

if ((failures > 0)); then
    printf '\nfuzz: %d of %d targets failed\n' "$failures" "${#targets[@]}"
    exit 1
fi
printf '\nfuzz: ok, %d targets\n' "${#targets[@]}"
