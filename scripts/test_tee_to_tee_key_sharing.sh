#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# One instance forwards its quorum key to another: the exchange call by call, what is refused on the way, the same with
# the tool, and all of it under production's rules. One line a check, a summary at the end, exit code 0 if all passed.
#
#   scripts/test_tee_to_tee_key_sharing.sh                 on the ports 9000 to 9002
#   BASE_PORT=9100 scripts/test_tee_to_tee_key_sharing.sh  from another one on; BASE_PORT=free looks for free ones
# shellcheck disable=SC2016 # what stands in single quotes is jq's
set -uo pipefail

# shellcheck source=scripts/forwarding-instances.sh
. "$(dirname "$0")/forwarding-instances.sh"

calls=(share-manifest generate-attestation export-challenge export-key inject-key)

# wrong_method <number> <state> [hash of the manifest]: GET on each path says how to call it, and where the enclave is.
wrong_method() {
    local call
    use "$1"
    for call in "${calls[@]}"; do
        ask GET "/enclave/$call"
        refuse "GET /enclave/$call on TEE$1 tells the right call and $2" 405 method_not_allowed \
            "(.error | contains(\"curl -X POST\") and contains(\"/enclave/$call\")) and .state == \"$2\"
            and (.manifest_hash // null) == ${3:-null}"
    done
    if [[ $(header Allow) == POST ]]; then
        pass "… and Allow says POST"
    else
        fail "… and Allow says POST" POST "$(header Allow)"
    fi
}

test_genesis() {
    use 1
    held_genesis 3 2 genesis_request
    wrong_method 1 ApplicationReady "$(jq -c .manifest_hash "$folder/genesis.json")"
    wrong_method 2 WaitingForBootInstruction
}

# Nothing of it works before its time, and nothing changes.
test_before() {
    printf '{"encrypted_quorum_key":[4],"signature":[1]}' >"$folder/exported.json"
    inject_key 2
    refuse "no key before there is a manifest" 409 wrong_state '.allowed_states == ["WaitingForForwardedKey"]'
    ask POST /enclave/export-challenge
    refuse "no challenge from an enclave without a key" 409 wrong_state '.allowed_states == ["ApplicationReady"]'
    manifest_of 1
    jq '.manifest_envelope.manifest.enclave.pcr0 |= ("5a" * 48)' "$folder/manifest.json" >"$folder/other.json"
    share_manifest 2 "$folder/other.json"
    refuse "a manifest for another build is not taken" 422 measurement_mismatch
    ask GET /enclave/info
    expect "none of them changed anything" 200 '.state == "WaitingForBootInstruction" and has("manifest_hash") == false'
    share_manifest 1
    refuse "… nor is one taken by an enclave that has its key" 409 wrong_state '.state == "ApplicationReady"'
}

test_manifest() {
    share_manifest 2
    shared 2
    ask GET /enclave/info
    expect "TEE2 waits for the key, and has none" 200 '.state == "WaitingForForwardedKey" and has("key_check") == false
        and .quorum_public_key == $genesis[0].quorum_public_key
        and [.state_history[].state] == ["WaitingForBootInstruction", "WaitingForForwardedKey"]' \
        --slurpfile genesis "$folder/genesis.json"
    derive wallet 1
    refuse "… and derives nothing" 409 wrong_state '.allowed_states == ["ApplicationReady"]'
    wrong_method 2 WaitingForForwardedKey "$(jq -c .manifest_hash "$folder/manifest.json")"
}

# What an enclave attests is what it is; what is expected of it and is not so is refused.
test_attestation() {
    local zeros='[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]'
    attest 2 "{\"manifest_hash\":$(jq -c .manifest_hash "$folder/manifest.json"),\"pcr_values\":[[],[],[],[]]}"
    attest 2 "{\"manifest_hash\":$zeros}"
    ask POST /enclave/generate-attestation "${json[@]}" --data-binary "{\"manifest_hash\":${zeros//0/1}}"
    refuse "another manifest is expected than it has" 422 manifest_mismatch '.field == "manifest_hash"'
    ask POST /enclave/generate-attestation "${json[@]}" --data-binary \
        "{\"pcr_values\":[[],[],$(jq -nc '[range(48) | 1]'),[]]}"
    refuse "other measurements are expected than it has" 422 measurement_mismatch '.field == "pcr_values[2]"'
    "$bin_dir/renclave-enclave-dev" --attestation-root >"$folder/root.pem"
    run "renclave attestation verify takes a fresh document under the development root" \
        renclave attestation verify --url "$base" --root "$folder/root.pem"
    if renclave attestation verify --url "$base" >"$folder/output" 2>&1 </dev/null; then
        fail "… and none without that root" "exit code 1" "exit code 0"
    else
        pass "… and none without that root"
    fi
}

# Documents that give no key; the challenge that was given stays good.
test_refused_exports() {
    challenge 1
    cp "$folder/nonce.json" "$folder/kept.json"
    attest 1
    export_key 1
    refuse "the document of an enclave that has its key" 422 not_a_setup_document
    attest 3
    export_key 1
    refuse "the document of an enclave without a manifest" 422 not_a_setup_document
    jq -nc '[range(32)]' >"$folder/nonce.json"
    attest 2
    export_key 1
    refuse "a nonce that nobody gave out" 422 bad_nonce '.field == "attestation_doc.nonce"'
    cp "$folder/kept.json" "$folder/nonce.json"
    attest 2
    jq '.manifest_envelope.manifest.namespace.nonce = "12346"' "$folder/manifest.json" >"$folder/other.json"
    export_key 1 "$folder/other.json"
    refuse "another manifest than the document's" 422 manifest_mismatch '.field == "manifest_envelope"'
    jq '.[-1] = (.[-1] + 1) % 256' "$folder/document.json" >"$folder/changed.json"
    cp "$folder/document.json" "$folder/good.json"
    cp "$folder/changed.json" "$folder/document.json"
    export_key 1
    refuse "a document that was changed on the way" 422 bad_attestation
    cp "$folder/good.json" "$folder/document.json"
}

test_exchange() {
    export_key 1
    exported 1
    export_key 1
    refuse "the same document again" 422 bad_nonce
    jq '.signature[0] = (.signature[0] + 1) % 256' "$folder/exported.json" >"$folder/changed.json"
    inject_key 2 "$folder/changed.json"
    refuse "a key that was changed on the way" 422 bad_signature
    inject_key 3
    refuse "an enclave that waits for nothing" 409 wrong_state
    inject_key 2
    injected 2
    inject_key 2
    refuse "the key a second time" 409 wrong_state '.state == "ApplicationReady"'
    same_key 2
    ask GET /enclave/info
    expect "TEE2 went through the states of a forwarding" 200 '[.state_history[].state] == ["WaitingForBootInstruction",
        "WaitingForForwardedKey", "QuorumKeyProvisioned", "ApplicationReady"]'
    same_key 1
}

# Whoever recorded the exchange has nothing: the key that it was sealed to is gone.
test_replay() {
    use 2
    restart_enclave
    inject_key 2
    refuse "what was recorded, before a manifest" 409 wrong_state
    share_manifest 2
    shared 2
    inject_key 2
    refuse "what was recorded is sealed to a key that is gone" 422 bad_ciphertext
    inject_key 3
    refuse "… and is of no use elsewhere" 409 wrong_state
    export_key 1
    refuse "the recorded document gives no key either" 422 bad_nonce
}

test_tool() {
    forward "renclave forward" 1 2
    same_key 2
    forward "… may be repeated" 1 2
    if grep -q 'already' "$folder/output"; then
        pass "… and says that the key is there already"
    else
        fail "… and says that the key is there already" "already" "$(head -c 300 "$folder/output")"
    fi
    use 2
    restart_enclave
    forward "… and again after a restart, with the fingerprint and the root pinned" 1 2 \
        --expect-key "$fingerprint" --root "$folder/root.pem"
    same_key 2
    if renclave forward --from "$(url_of 1)" --to "$(url_of 3)" --expect-key "${fingerprint//[0-9]/0}" \
        >"$folder/output" 2>&1 </dev/null; then
        fail "another fingerprint forwards nothing" "exit code 1" "exit code 0"
    else
        pass "another fingerprint forwards nothing"
    fi
    use 3
    ask GET /enclave/info
    expect "… and TEE3 has not changed" 200 '.state == "WaitingForBootInstruction"'
    run "renclave status compares the keys of a fleet" renclave status "$(url_of 1)" "$(url_of 2)" \
        --expect-key "$fingerprint"
}

# The members' ceremony under production's rules, as far as they need no hardware: approvals, sealed shares, challenges.
test_production_rules() {
    local number
    export ENCLAVE_REHEARSE_PRODUCTION=true
    phrase='' # none is answered in the clear
    for number in 3 2 1; do
        use "$number"
        restart_enclave
    done
    make_members 3 2 rehearsal
    hold_genesis 2
    approve member1 member2
    boot_approved
    seal_and_inject member1 member2
    jq -s '.[0] + {share_commitments: .[1].share_commitments, manifest_hash: .[1].manifest_hash}' \
        <(jq '{manifest_envelope: (.manifest_envelope // .)}' "$folder/genesis.json") "$folder/genesis.json" \
        >"$folder/unapproved.json"
    manifest_of 1
    share_manifest 2 "$folder/unapproved.json"
    refuse "a manifest that nobody approved is not taken" 422 not_enough_approvals
    share_manifest 2
    shared 2
    attest 2 '{}'
    export_key 1
    refuse "a document without a challenge gives no key" 422 bad_nonce
    jq '.manifest_envelope.manifest.namespace.nonce = "12346"' "$folder/manifest.json" >"$folder/other.json"
    share_manifest 2 "$folder/other.json"
    refuse "a manifest that is held is not replaced" 409 wrong_state '.hint | contains("restart")'
    challenge 1
    attest 2
    export_key 1
    exported 1
    inject_key 2
    injected 2
    same_key 2
    derive wallet 1
    refuse "no derived seed in the clear" 422 sealed_seed_required
    forward "renclave forward" 2 3
    same_key 3
    unset ENCLAVE_REHEARSE_PRODUCTION
}

test_logs() {
    local number name share found=()
    share=$(decrypt member1)
    for number in 1 2 3; do
        for name in enclave gateway; do
            [[ -s $folder/tee$number/$name.log ]] &&
                ! grep -qF -e "$secret_phrase" -e "${share:1:40}" "$folder/tee$number/$name.log" ||
                found+=("the log of the $name of TEE$number")
        done
    done
    none "no log has a share or a derived phrase" "${found[@]}"
}

phrase='' key_check='' fingerprint=''
begin_instances 3
test_genesis
test_before
test_manifest
test_attestation
test_refused_exports
test_exchange
test_replay
test_tool
secret_phrase=$phrase
test_logs
test_production_rules
finish
