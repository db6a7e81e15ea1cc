#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# A quorum key's whole life: genesis, shares, derived seeds, what is refused on the way, and recovery after a restart.
# One line a check, a summary at the end, exit code 0 if all passed.
#
#   scripts/test_complete_tee_flow.sh
#   BASE_URL=http://localhost:3000 scripts/test_complete_tee_flow.sh    a fresh instance; no restart, no recovery
# shellcheck disable=SC2016 # what stands in single quotes is jq's
set -uo pipefail

# shellcheck source=scripts/ceremony-pair.sh
. "$(dirname "$0")/ceremony-pair.sh"

test_before() {
    ask GET /enclave/info
    expect "GET /enclave/info waits for a boot instruction, without a key" 200 '.state == "WaitingForBootInstruction"
        and (.attestation_root | test("^[0-9a-f]{64}$")) and (.capabilities | index("genesis_boot") != null)
        and (has("quorum_public_key") or has("key_check") or has("manifest_hash") | not)'
    derive wallet 1
    refuse "no derived seed before there is a key" 409 wrong_state '.allowed_states == ["ApplicationReady"]'
    printf '{"namespace_name":"qos-namespace","namespace_nonce":12345,"shares":[{"member_alias":"member1",%s}]}' \
        '"decrypted_share":[1]' >"$folder/shares.json"
    ask POST /enclave/inject-shares "${json[@]}" --data-binary "@$folder/shares.json"
    refuse "no shares before there is a manifest" 409 wrong_state '.allowed_states == ["WaitingForQuorumShards"]'
}

test_genesis() {
    make_members 3 2 genesis_request
    hold_genesis 2
    ask GET /enclave/genesis
    expect "GET /enclave/genesis gives the same answer again" 200 '. == $genesis[0]' \
        --slurpfile genesis "$folder/genesis.json"
    ask GET /enclave/manifest
    expect "GET /enclave/manifest gives manifest and commitments" 200 '.manifest_hash == $genesis[0].manifest_hash
        and .manifest_envelope == $genesis[0].manifest_envelope
        and .share_commitments == $genesis[0].share_commitments' --slurpfile genesis "$folder/genesis.json"
    cp "$folder/body" "$folder/manifest.json"
    ask GET /enclave/info
    expect "GET /enclave/info waits for 2 shares and has none" 200 '.state == "WaitingForQuorumShards"
        and .threshold == 2 and .shares_received == 0
        and .namespace == {"name": "qos-namespace", "nonce": 12345}
        and [.state_history[].state] == ["WaitingForBootInstruction", "GenesisBooted", "WaitingForQuorumShards"]'
    ask POST /enclave/genesis-boot "${json[@]}" --data-binary "@$request"
    refuse "a second genesis" 409 wrong_state '.allowed_states == ["WaitingForBootInstruction"]'
}

test_decryption() {
    # As the documents show it: a share is an array of 33 integers on standard output, and nothing else.
    local genesis_response share
    genesis_response=$(<"$folder/genesis.json")
    share=$(echo "$genesis_response" | renclave share decrypt --json --key "$keys/member1.secret" --genesis - \
        --alias member1 2>"$folder/said")
    if jq -e 'length == 33 and .[0] == 1 and all(. >= 0 and . <= 255)' <<<"$share" >"$folder/verdict" 2>&1; then
        pass "member1 decrypts the first share"
    else
        fail "member1 decrypts the first share" "an array of 33 integers" "$(head -c 300 "$folder/said")"
        finish
    fi
    if decrypt member1 --request "$request" >"$folder/share" && [[ $(<"$folder/share") == "$share" ]]; then
        pass "… after comparing the genesis with the request"
    else
        fail "… after comparing the genesis with the request" "the same share" "$(head -c 300 "$folder/said")"
    fi
    jq '.parameters.share_members[2] = .parameters.share_members[0]' "$request" >"$folder/other.json"
    if decrypt member1 --request "$folder/other.json" >"$folder/share"; then
        fail "… and not if it is another one" "exit code 1" "exit code 0"
    else
        pass "… and not if it is another one"
    fi
    if renclave share decrypt --json --key "$keys/member2.secret" --genesis "$folder/genesis.json" --alias member1 \
        >"$folder/share" 2>"$folder/said"; then
        fail "member2 cannot decrypt it" "exit code 1" "exit code 0"
    else
        pass "member2 cannot decrypt it"
    fi
}

# A share that is refused leaves no trace.
test_refused_shares() {
    local sealed own
    sealed=$(jq -c '.encrypted_shares[0].encrypted_quorum_key_share' "$folder/genesis.json")
    own=$(plain member1)
    inject "{\"member_alias\":\"member1\",\"decrypted_share\":$sealed}"
    refuse "a ciphertext is no share" 422 share_still_encrypted '(.hint | contains("renclave share decrypt"))
        and .shares == [{"member_alias": "member1", "accepted": false, "reason": "share_still_encrypted"}]'
    inject "{\"member_alias\":\"member1\",\"sealed_share\":$sealed}"
    refuse "… nor one that is sealed to the enclave" 422 share_still_encrypted \
        '.hint | contains("renclave share decrypt")'
    inject "${own/member1/member2}"
    refuse "a share under another member's name" 422 bad_share
    inject "${own/member1/member9}"
    refuse "a share of somebody who is no member" 422 unknown_member
    namespace_nonce=12346
    inject "$own"
    refuse "a share for another nonce" 422 namespace_mismatch '.field == "namespace_nonce"'
    namespace_nonce=12345
    namespace_name=other
    inject "$own"
    refuse "a share for another namespace" 422 namespace_mismatch '.field == "namespace_name"'
    namespace_name=qos-namespace
    ask GET /enclave/info
    expect "none of them changed anything" 200 '.state == "WaitingForQuorumShards" and .shares_received == 0'
}

test_shares() {
    local sealed
    sealed=$(jq -c '.encrypted_shares[1].encrypted_quorum_key_share' "$folder/genesis.json")
    inject_of member1
    expect_waiting 1 2
    inject_of member1
    expect "the same share again counts once" 200 '.shares_received == 1 and .shares[0].accepted'
    inject "$(plain member1)" "{\"member_alias\":\"member2\",\"decrypted_share\":$sealed}"
    expect "a ciphertext beside a share is refused alone" 200 '.shares_received == 1 and .shares[0].accepted
        and .shares[1].reason == "share_still_encrypted" and (.hint | contains("renclave share decrypt"))'
    inject_of member2
    expect_ready "the shares of member1 and member2"
    ask GET /enclave/genesis
    refuse "the genesis is not repeated any more" 404 no_genesis
    inject_of member3
    refuse "more shares" 409 wrong_state '.state == "ApplicationReady"'
}

test_seeds() {
    derive wallet 1
    expect "a derived seed phrase" 200 '(.seed_phrase | split(" ") | length) == 24 and .strength == 256
        and .seed_type == "wallet" and .deterministic == true'
    phrase=$(jq -r '.seed_phrase // ""' "$folder/body")
    derive wallet 1
    same "the same phrase again" "$phrase" "$(jq -r .seed_phrase "$folder/body")"
    derive wallet 2
    if [[ $status == 200 && $(jq -r .seed_phrase "$folder/body") != "$phrase" ]]; then
        pass "another phrase for other data"
    else
        fail "another phrase for other data" "200 and another phrase" "$status"
    fi
    printf '{"seed_phrase":"%s"}' "$phrase" >"$folder/phrase.json"
    ask POST /validate-seed "${json[@]}" --data-binary "@$folder/phrase.json"
    expect "it is a valid phrase" 200 '.valid and .word_count == 24'
    ask POST /generate-seed "${json[@]}" --data-binary '{"strength":256}'
    expect "random seeds go on" 200 '.word_count == 24 and has("deterministic") == false'
}

# What the API test asks changes nothing, in no state.
test_api() {
    if BASE_URL=$base "$root/docker/scripts/test-api.sh" >"$folder/api" 2>&1; then
        pass "docker/scripts/test-api.sh passes in $1"
    else
        fail "docker/scripts/test-api.sh passes in $1" "exit code 0" "$(grep -A 2 '^FAIL' "$folder/api" | head -n 9)"
    fi
}

# expect_same_key <key check of before>
expect_same_key() {
    same "the key check is the same" "$1" "$key_check"
    derive wallet 1
    same "the derived phrase is the same" "$phrase" "$(jq -r '.seed_phrase // ""' "$folder/body")"
}

test_recovery() {
    local check=$key_check
    restart_enclave
    ask GET /enclave/info
    expect "it has no key" 200 'has("quorum_public_key") or has("key_check") | not'
    boot_standard "$folder/manifest.json"
    ask GET /enclave/genesis
    refuse "there was no genesis in this enclave" 404 no_genesis
    inject_of member2
    expect_waiting 1 2
    inject_of member3
    expect_ready "the shares of member2 and member3"
    expect_same_key "$check"
}

test_sealed_recovery() {
    local check=$key_check
    restart_enclave
    cp "$folder/manifest.json" "$folder/approved.json"
    boot_approved
    seal_and_inject member1 member3
    expect_same_key "$check"
}

# A key of its own under production's rules of trust, as far as they need no hardware. The rules are measured: the
# manifest of an enclave with others is not taken.
test_production_rules() {
    local check
    export ENCLAVE_REHEARSE_PRODUCTION=true
    restart_enclave
    ask POST /enclave/boot-standard "${json[@]}" --data-binary "@$folder/boot.json"
    refuse "a manifest for other rules of trust" 422 measurement_mismatch
    # The members know the namespace with the key of the first part.
    make_members 3 2 rehearsal
    hold_genesis 2
    inject_of member1
    refuse "no share before the manifest set has approved" 409 manifest_not_approved
    approve member1 member2
    boot_approved
    inject_of member1
    refuse "no share that is not sealed" 422 sealed_share_required
    seal_and_inject member1 member2
    check=$key_check
    derive wallet 1
    refuse "no derived seed in the clear" 422 sealed_seed_required
    restart_enclave
    ask POST /enclave/boot-standard "${json[@]}" --data-binary \
        "{\"manifest_envelope\":$(jq -c .manifest_envelope "$folder/genesis.json")}"
    refuse "no manifest that nobody approved" 422 not_enough_approvals
    boot_approved
    seal_and_inject member3 member2
    same "the key check is the same" "$check" "$key_check"
    unset ENCLAVE_REHEARSE_PRODUCTION
}

test_logs() {
    local name share
    share=$(decrypt member1)
    for name in enclave gateway; do
        if [[ -s $folder/$name.log ]] && ! grep -qF -e "$phrase" -e "${share:1:40}" "$folder/$name.log"; then
            pass "neither share nor phrase is in the log of the $name"
        else
            fail "neither share nor phrase is in the log of the $name" "a log without them" "one of them, or no log"
        fi
    done
}

phrase='' key_check=''
begin
test_before
test_genesis
test_decryption
test_refused_shares
test_api WaitingForQuorumShards
test_shares
test_seeds
test_api ApplicationReady
if starts_processes; then
    test_recovery
    test_sealed_recovery
    test_logs
    test_production_rules
else
    skip "recovery from the saved manifest"
    skip "the ceremony under production's rules"
fi
finish
