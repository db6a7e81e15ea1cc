#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Several instances on ports in a row, and the forwarding of the quorum key between them by curl and jq; the scripts
# beside this one source it.
#
# The ports begin at BASE_PORT, 9000 if it is not set; with `free` a row is looked for on which nobody listens. Sockets
# and logs are in a directory of their own.
#
# shellcheck disable=SC2016,SC2034 # what stands in single quotes is jq's; those who source this use the variables

# shellcheck source=scripts/ceremony-pair.sh
. "$(dirname "${BASH_SOURCE[0]}")/ceremony-pair.sh"

base_port=${BASE_PORT:-9000}
current=''          # the instance that is in use
enclaves=() gateways=() # process identifiers of all instances, while they run

# --- instances ------------------------------------------------------------------------------------------------------

# Whether nobody listens there.
is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# row <first> <count>: whether all these ports are free.
row() {
    local port
    for ((port = $1; port < $1 + $2; port++)); do is_free "$port" || return; done
}

# find_ports <count>
find_ports() {
    local tries
    if [[ $base_port == free ]]; then
        for ((tries = 0; tries < 100; tries++)); do
            # Below those that the kernel gives to outgoing connections.
            base_port=$((20000 + RANDOM % 12000))
            ! row "$base_port" "$1" || return 0
        done
    elif row "$base_port" "$1"; then
        return
    fi
    fail "the ports $base_port to $((base_port + $1 - 1)) are free" "nobody listens there" \
        "somebody does; BASE_PORT sets another first port, and BASE_PORT=free looks for one"
    finish
}

port_of() { printf '%d' $((base_port + $1 - 1)); }
url_of() { printf 'http://localhost:%d' "$(port_of "$1")"; }

# use <number>: from now on everything is about this instance, numbered from 1.
use() {
    if [[ -n $current ]]; then
        enclaves[current]=$enclave
        gateways[current]=$gateway
    fi
    current=$1
    enclave=${enclaves[$1]:-} gateway=${gateways[$1]:-}
    base=$(url_of "$1")
    place=$folder/tee$1
    mkdir -p "$place"
    export HOST_PORT ENCLAVE_SOCKET=$place/enclave.sock
    HOST_PORT=$(port_of "$1")
}

# begin_instances <count> [ports, if more of them will be needed]: starts them, and leaves the first one in use.
begin_instances() {
    local number
    prepare
    find_ports "${2:-$1}"
    forget_settings
    export HOST_ADDRESS=127.0.0.1
    for ((number = 1; number <= $1; number++)); do
        use "$number"
        start_enclave
        start_gateway
    done
    for ((number = 1; number <= $1; number++)); do
        use "$number"
        wait_for_state WaitingForBootInstruction
        pass "TEE$number starts at $base"
    done
    use 1
}

# join <number>: starts the instance, or what of it does not run, with PEERS and the other settings that the environment
# has now; it must get the key by itself.
join() {
    use "$1"
    [[ -n $enclave ]] || start_enclave
    [[ -n $gateway ]] || start_gateway
    wait_for_state ApplicationReady
    pass "TEE$1 joins by itself"
}

end_pairs() {
    local number
    [[ -n $current ]] || return 0
    use "$current"
    for number in "${!gateways[@]}"; do
        use "$number"
        [[ -z $gateway ]] || end_gateway
        [[ -z $enclave ]] || end_enclave
    done
}

# --- the exchange, a call at a time ---------------------------------------------------------------------------------

# result <check> <response> [jq condition on what it holds [jq options]]: the last answer was a success in the wrapped
# form, with this name. Leaves what is under the name in $folder/result.json.
result() {
    local name=$1 response=$2 condition=${3:-true} id
    shift 2
    [[ $# -eq 0 ]] || shift
    id=$(header X-Request-Id)
    expect "$name" 200 ".id == \$id and (.result | keys) == [\"$response\"] and (.result.$response | $condition)" \
        --arg id "$id" "$@"
    jq -c ".result.$response // {}" "$folder/body" >"$folder/result.json" 2>/dev/null
}

# manifest_of <source>: fetches what it has, into $folder/manifest.json.
manifest_of() {
    use "$1"
    ask GET /enclave/manifest
    expect "TEE$1 tells its manifest and its commitments" 200 'has("manifest_envelope") and has("share_commitments")
        and (.manifest_hash | length) == 32'
    cp "$folder/body" "$folder/manifest.json"
}

# share_manifest <target> [file, by default $folder/manifest.json]
share_manifest() {
    use "$1"
    jq '{manifest_envelope} + (if has("share_commitments") then {share_commitments} else {} end)' \
        "${2:-$folder/manifest.json}" >"$folder/shared.json"
    ask POST /enclave/share-manifest "${json[@]}" --data-binary "@$folder/shared.json"
}

# challenge <source>: leaves $folder/nonce.json.
challenge() {
    use "$1"
    ask POST /enclave/export-challenge
    result "TEE$1 gives a challenge" ExportChallengeResponse '(keys == ["expires_at", "nonce"])
        and (.nonce | length) == 32 and (.expires_at | test("^[0-9-]+T[0-9:.]+Z$"))'
    jq .nonce "$folder/result.json" >"$folder/nonce.json"
}

# attest <target> [request, by default the challenge that was kept]: leaves $folder/document.json.
attest() {
    use "$1"
    printf '%s' "${2:-{\"nonce\":$(<"$folder/nonce.json")\}}" >"$folder/attested.json"
    ask POST /enclave/generate-attestation "${json[@]}" --data-binary "@$folder/attested.json"
    result "TEE$1 attests" GenerateAttestationResponse '(keys == ["attestation_doc"])
        and (.attestation_doc | length) > 1000'
    jq .attestation_doc "$folder/result.json" >"$folder/document.json"
}

# export_key <source> [file of the manifest]: asks with the document that was kept.
export_key() {
    use "$1"
    jq -c --slurpfile document "$folder/document.json" '{manifest_envelope, attestation_doc: $document[0]}' \
        "${2:-$folder/manifest.json}" >"$folder/export.json"
    ask POST /enclave/export-key "${json[@]}" --data-binary "@$folder/export.json"
}

# exported <source>: the last call of export_key gave the key, which is then in $folder/exported.json.
exported() {
    result "TEE$1 exports the key, encrypted and signed" ExportKeyResponse \
        '(keys == ["encrypted_quorum_key", "signature"])
        and (.encrypted_quorum_key | length) == 129 and (.signature | length) == 64'
    cp "$folder/result.json" "$folder/exported.json"
}

# inject_key <target> [file]
inject_key() {
    use "$1"
    ask POST /enclave/inject-key "${json[@]}" --data-binary "@${2:-$folder/exported.json}"
}

injected() {
    result "TEE$1 takes the key" InjectKeyResponse '. == {"success": true, "state": "ApplicationReady"}'
}

# shared <target>: the last call of share_manifest was answered well.
shared() {
    result "TEE$1 takes the manifest" ShareManifestResponse '(keys == ["ephemeral_key", "manifest_hash", "success"])
        and .success and .manifest_hash == $manifest[0].manifest_hash and (.ephemeral_key | length) == 130' \
        --slurpfile manifest "$folder/manifest.json"
}

# exchange <source> <target>: all of it.
exchange() {
    manifest_of "$1"
    share_manifest "$2"
    shared "$2"
    challenge "$1"
    attest "$2"
    export_key "$1"
    exported "$1"
    inject_key "$2"
    injected "$2"
}

# --- the same key ---------------------------------------------------------------------------------------------------

# remember_key: what the instance in use has is what all are compared with.
remember_key() {
    ask GET /enclave/info
    key_check=$(jq -r '.key_check // ""' "$folder/body")
    fingerprint=$(jq -r '.quorum_key_fingerprint // ""' "$folder/body")
    derive wallet 1
    phrase=$(jq -r '.seed_phrase // ""' "$folder/body")
}

# same_key <number>
same_key() {
    use "$1"
    ask GET /enclave/info
    expect "TEE$1 is ApplicationReady" 200 '.state == "ApplicationReady"'
    same "TEE$1 has the same key, by its check" "$key_check" "$(jq -r '.key_check // ""' "$folder/body")"
    [[ -n $phrase ]] || return 0
    derive wallet 1
    same "TEE$1 derives the same phrase" "$phrase" "$(jq -r '.seed_phrase // ""' "$folder/body")"
}

# forward <check> <source> <targets> [options]: with the tool. What it said is in $folder/output.
forward() {
    local name=$1 source=$2 number numbers urls=()
    read -r -a numbers <<<"$3"
    shift 3
    for number in "${numbers[@]}"; do urls+=("$(url_of "$number")"); done
    run "$name" renclave forward --from "$(url_of "$source")" --to "${urls[@]}" "$@"
}

# held_genesis <members> <threshold> <name>: on the instance in use, and the shares of as many members as are needed.
held_genesis() {
    local aliases
    make_members "$1" "$2" "$3"
    hold_genesis "$2"
    mapfile -t aliases < <(seq -f 'member%g' 1 "$2")
    inject_of "${aliases[@]}"
    expect_ready "$2 shares"
    remember_key
}
