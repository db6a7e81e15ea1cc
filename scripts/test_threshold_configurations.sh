#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Quorums of several sizes: one share below the threshold gives no key, the threshold does, and any members will do.
# One line a check, a summary at the end, exit code 0 if all passed.
#
#   scripts/test_threshold_configurations.sh
#   BASE_URL=http://localhost:3000 scripts/test_threshold_configurations.sh    a fresh instance: the first only
set -uo pipefail

# shellcheck source=scripts/ceremony-pair.sh
. "$(dirname "$0")/ceremony-pair.sh"

# aliases <first> <last>, as many lines
aliases() { seq -f 'member%g' "$1" "$2"; }

# test_impossible <members> <threshold>: neither the generator nor the enclave takes it.
test_impossible() {
    if genesis_key_generator --member-count "$1" --threshold "$2" --output "$folder/impossible.json" \
        >"$folder/made" 2>&1; then
        fail "genesis_key_generator makes no quorum of $2 of $1" "exit code 2" "exit code 0"
    else
        pass "genesis_key_generator makes no quorum of $2 of $1"
    fi
    jq --argjson threshold "$2" '.parameters.threshold = $threshold' "$request" >"$folder/impossible.json"
    ask POST /enclave/genesis-boot "${json[@]}" --data-binary "@$folder/impossible.json"
    refuse "the enclave takes no quorum of $2 of $1" 400 out_of_range
}

# test_quorum <threshold> <members>, with a fresh enclave.
test_quorum() {
    local threshold=$1 members=$2 before below last check
    printf '\n%d of %d\n' "$threshold" "$members"
    make_members "$members" "$threshold" "quorum-$threshold-of-$members"
    test_impossible "$members" 1
    test_impossible "$members" $((members + 1))
    hold_genesis "$threshold"
    mapfile -t below < <(aliases 1 $((threshold - 1)))
    inject_of "${below[@]}"
    expect_waiting $((threshold - 1)) "$threshold"
    inject_of "member$threshold"
    expect_ready "the first $threshold shares"
    check=$key_check
    derive wallet 1
    before=$(jq -r '.seed_phrase // ""' "$folder/body")

    starts_processes || return 0
    restart_enclave
    boot_standard "$folder/genesis.json"
    mapfile -t last < <(aliases $((members - threshold + 1)) "$members" | tac)
    inject_of "${last[@]:1}"
    expect_waiting $((threshold - 1)) "$threshold"
    inject_of "${last[0]}"
    expect_ready "the last $threshold shares"
    same "the key check is the same" "$check" "$key_check"
    derive wallet 1
    same "the derived phrase is the same" "$before" "$(jq -r '.seed_phrase // ""' "$folder/body")"

    restart_enclave
    boot_standard "$folder/genesis.json"
    mapfile -t last < <(aliases 1 "$members")
    inject_of "${last[@]}"
    expect_ready "all $members shares at once"
    same "the key check is the same" "$check" "$key_check"
}

key_check=''
begin
test_quorum 2 3
for quorum in '7 7' '3 5'; do
    read -r threshold members <<<"$quorum"
    if starts_processes; then
        restart_enclave
        test_quorum "$threshold" "$members"
    else
        skip "$threshold of $members"
    fi
done
finish
