#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# A pair of processes, and the ceremonies that the scripts beside this one hold with it; they source it.
#
# The executables are those of RENCLAVE_BIN_DIR, else of the release build, else of the debug build. The pair gets a
# free port of 127.0.0.1 and a socket in a directory of its own. With BASE_URL no process is started: the gateway there
# must have a fresh enclave, and what needs the enclave started anew is skipped.
#
# shellcheck disable=SC2016,SC2034 # what stands in single quotes is jq's; those who source this use the variables

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
base=${BASE_URL:-}
base=${base%/}
folder=$(mktemp -d) || exit 1
place=$folder # of the socket and the logs
enclave='' gateway='' # process identifiers, while they run
declare -A running=() # all that were started, and have not been waited for
skipped=0
ready_seconds=20
# shellcheck source=docker/scripts/http-checks.sh
. "$root/docker/scripts/http-checks.sh"

# --- executables and processes --------------------------------------------------------------------------------------

find_executables() {
    local candidate name missing
    for candidate in "${RENCLAVE_BIN_DIR:-}" "$root/.build/release" "$root/.build/debug"; do
        [[ -n $candidate ]] || continue
        missing=''
        for name in renclave genesis_key_generator renclave-host renclave-enclave-dev; do
            [[ -x $candidate/$name ]] || missing+=" $name"
        done
        if [[ -z $missing ]]; then
            bin_dir=$(cd "$candidate" && pwd)
            PATH=$bin_dir:$PATH
            return
        fi
        [[ -z ${RENCLAVE_BIN_DIR:-} ]] || break
    done
    printf 'FAIL not all executables are built; the last place that was looked at, %s, lacks%s\n' \
        "$candidate" "$missing"
    exit 1
}

clean_up() {
    local pid
    for pid in "${!running[@]}"; do kill -TERM "$pid" 2>/dev/null; done
    for pid in "${!running[@]}"; do wait "$pid" 2>/dev/null; done
    rm -rf "$folder"
}

starts_processes() { [[ -z ${BASE_URL:-} ]]; }

start_enclave() {
    "$bin_dir/renclave-enclave-dev" </dev/null >>"$place/enclave.log" 2>&1 &
    enclave=$!
    running[$enclave]=1
}

start_gateway() {
    "$bin_dir/renclave-host" </dev/null >>"$place/gateway.log" 2>&1 &
    gateway=$!
    running[$gateway]=1
}

# end <name> <process>: it must end well when it is told to.
end() {
    local code
    kill -TERM "$2" 2>/dev/null
    wait "$2"
    code=$?
    unset "running[$2]"
    if ((code == 0)); then
        pass "the $1 ends when it is told to"
    else
        fail "the $1 ends when it is told to" "exit code 0" "exit code $code"
    fi
}

end_enclave() {
    end enclave "$enclave"
    enclave=''
}

end_gateway() {
    end gateway "$gateway"
    gateway=''
}

end_pairs() {
    [[ -z $gateway ]] || end_gateway
    [[ -z $enclave ]] || end_enclave
}

state_now() {
    curl -s --noproxy '*' --max-time 2 "$base/enclave/info" | jq -r '.state // ""' 2>/dev/null
}

# wait_for_state <state>: a state can take a moment only while processes start.
wait_for_state() {
    local deadline=$((SECONDS + ready_seconds)) state
    until state=$(state_now) && [[ $state == "$1" ]]; do
        if ((SECONDS >= deadline)); then
            fail "the enclave is in $1" "within $ready_seconds s" "${state:-no answer}"
            finish
        fi
        sleep 0.1
    done
}

# What an operator has set must not reach the processes.
forget_settings() {
    unset READY_STATE EXPECTED_QUORUM_KEY HOST_ALLOWED_NAMES MAX_BODY_BYTES ENCLAVE_UID ENCLAVE_USER \
        ENCLAVE_SOCKET_GROUP ENCLAVE_ALLOWED_UIDS ENCLAVE_REHEARSE_PRODUCTION DEV_ATTESTATION_ROOT_FILE PEERS
}

prepare() {
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    find_executables
}

# Starts the pair, or finds the one at BASE_URL fresh.
begin() {
    prepare
    if ! starts_processes; then
        local state
        state=$(state_now)
        if [[ $state != WaitingForBootInstruction ]]; then
            fail "the enclave at $base is fresh" WaitingForBootInstruction \
                "${state:-no answer}: start it anew, a ceremony can be held only once"
            finish
        fi
        pass "the enclave at $base is fresh"
        return
    fi
    HOST_PORT=$(python3 -c \
        'from socket import socket; s = socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])') || exit 1
    export HOST_PORT HOST_ADDRESS=127.0.0.1 ENCLAVE_SOCKET=$folder/enclave.sock
    forget_settings
    base=http://localhost:$HOST_PORT
    start_enclave
    start_gateway
    wait_for_state WaitingForBootInstruction
    pass "a pair starts"
}

# A new enclave behind the same gateway.
restart_enclave() {
    end_enclave
    ask GET /enclave/info
    refuse "without an enclave the gateway says so" 503 enclave_unavailable
    start_enclave
    wait_for_state WaitingForBootInstruction
    pass "a new enclave is there"
}

skip() {
    skipped=$((skipped + 1))
    printf 'skip %s: it needs the enclave started anew, which BASE_URL does not allow\n' "$1"
}

# Ends what was started, prints the summary, and exits.
finish() {
    end_pairs
    none "every answer has Cache-Control: no-store" "${uncached[@]}"
    if ((failed > 0)) && starts_processes; then
        printf '\nThe last lines of every enclave and gateway:\n'
        find "$folder" -name enclave.log -o -name gateway.log | sort | xargs -r tail -n 20
    fi
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    ((failed == 0))
    exit
}

# --- ceremonies -----------------------------------------------------------------------------------------------------

# make_members <members> <threshold> <name>: keys and a request in $folder/<name>.keys and $folder/<name>.json.
make_members() {
    request=$folder/$3.json
    keys=$folder/$3.keys
    rm -rf "$request" "$keys"
    if genesis_key_generator --member-count "$1" --threshold "$2" --output "$request" >"$folder/made" 2>&1 &&
        [[ $(find "$keys" -name '*.secret' -perm 600 | wc -l) == "$1" ]]; then
        pass "genesis_key_generator makes $1 keys, for their owner only, and the request"
    else
        fail "genesis_key_generator makes $1 keys, for their owner only, and the request" "$1 files of mode 0600" \
            "$(head -c 300 "$folder/made")"
        finish
    fi
    namespace_name=$(jq -r .parameters.namespace_name "$request")
    namespace_nonce=$(jq -r .parameters.namespace_nonce "$request")
}

# hold_genesis <threshold>: sends $request, and keeps the answer in $folder/genesis.json.
hold_genesis() {
    ask POST /enclave/genesis-boot "${json[@]}" --data-binary "@$request"
    expect "POST /enclave/genesis-boot" 200 '.waiting_state == "WaitingForQuorumShards" and .threshold == $threshold
        and (.quorum_public_key | length) == 130 and (.ephemeral_key | length) == 130
        and (.manifest_hash | length) == 32 and (.encrypted_shares | length) == $members
        and all(.encrypted_shares[]; (.encrypted_quorum_key_share | length) == 130 and (.share_hash | length) == 64)' \
        --argjson threshold "$1" --argjson members "$(jq '.parameters.share_members | length' "$request")"
    [[ $status == 200 ]] || finish
    cp "$folder/body" "$folder/genesis.json"
}

# decrypt <alias> [options]: the member's share, as decrypted_share takes it. What is said besides is in $folder/said.
decrypt() {
    local alias=$1
    shift
    renclave share decrypt --json --key "$keys/$alias.secret" --genesis - --alias "$alias" "$@" \
        <"$folder/genesis.json" 2>"$folder/said"
}

# plain <alias>: an element of "shares", with the member's decrypted share. No share is ever an argument of a program.
plain() {
    printf '{"member_alias":"%s","decrypted_share":%s}' "$1" "$(decrypt "$1" --request "$request")"
}

# inject <elements...>
inject() {
    local IFS=,
    printf '{"namespace_name":"%s","namespace_nonce":%s,"shares":[%s]}' \
        "$namespace_name" "$namespace_nonce" "$*" >"$folder/shares.json"
    ask POST /enclave/inject-shares "${json[@]}" --data-binary "@$folder/shares.json"
}

# inject_of <aliases...>
inject_of() {
    local alias elements=()
    for alias in "$@"; do elements+=("$(plain "$alias")"); done
    inject "${elements[@]}"
}

# expect_waiting <held> <threshold>: the last call of inject was answered so, and the enclave has no key.
expect_waiting() {
    expect "with $1 of $2 shares the enclave goes on waiting" 200 '.success == false
        and .state == "WaitingForQuorumShards" and .shares_received == $held and .threshold == $threshold
        and all(.shares[]; .accepted) and has("reconstructed_quorum_key") == false' \
        --argjson held "$1" --argjson threshold "$2"
    ask GET /enclave/info
    expect "… and says so" 200 '.state == "WaitingForQuorumShards" and .shares_received == $held
        and .threshold == $threshold and has("key_check") == false' --argjson held "$1" --argjson threshold "$2"
    derive wallet 1
    refuse "… and derives nothing" 409 wrong_state \
        '.state == "WaitingForQuorumShards" and .allowed_states == ["ApplicationReady"]'
}

# expect_ready <how>: the last call of inject gave the key that the genesis made. Leaves $key_check.
expect_ready() {
    expect "$1 give the key of the genesis" 200 '.success and .state == "ApplicationReady"
        and .reconstructed_quorum_key == $genesis[0].quorum_public_key and all(.shares[]; .accepted)' \
        --slurpfile genesis "$folder/genesis.json"
    ask GET /enclave/info
    expect "GET /enclave/info is ApplicationReady, with the key" 200 '.state == "ApplicationReady"
        and .quorum_public_key == $genesis[0].quorum_public_key and .manifest_hash == $genesis[0].manifest_hash
        and (.quorum_key_fingerprint | test("^[0-9a-f]{64}$")) and (.key_check | test("^[0-9a-f]{16}$"))' \
        --slurpfile genesis "$folder/genesis.json"
    key_check=$(jq -r '.key_check // ""' "$folder/body")
}

# derive <type> <data>
derive() {
    ask POST /generate-seed "${json[@]}" --data-binary "{\"seed_type\":\"$1\",\"seed_data\":\"$2\"}"
}

# boot_standard <file with manifest_envelope and share_commitments>
boot_standard() {
    jq '{manifest_envelope, share_commitments}' "$1" >"$folder/boot.json"
    ask POST /enclave/boot-standard "${json[@]}" --data-binary "@$folder/boot.json"
    expect "POST /enclave/boot-standard takes the saved manifest" 200 '.state == "WaitingForQuorumShards"
        and .manifest_hash == $genesis[0].manifest_hash and .threshold == $genesis[0].threshold
        and (.ephemeral_key | length) == 130 and .ephemeral_key != $genesis[0].ephemeral_key' \
        --slurpfile genesis "$folder/genesis.json"
}

# run <check> <command...>: it must succeed. Its standard output is in $folder/output.
run() {
    local name=$1
    shift
    if "$@" >"$folder/output" 2>"$folder/said" </dev/null; then
        pass "$name"
    else
        fail "$name" "exit code 0" "$(head -c 300 "$folder/said")"
    fi
}

# approve <aliases...>: these members approve the manifest of the genesis, which is then in $folder/approved.json.
approve() {
    local member approvals=()
    for member in "$@"; do
        run "renclave manifest approve, by $member" renclave manifest approve "$folder/genesis.json" \
            --key "$keys/$member.secret" --alias "$member" --request "$request" --state "$folder/state" \
            --new-quorum-key --yes --force --output "$folder/$member.approval"
        approvals+=("$folder/$member.approval")
    done
    run "renclave manifest join" renclave manifest join "$folder/genesis.json" --approval "${approvals[@]}" \
        --output "$folder/approved.json" --force
}

# seal_and_inject <aliases...>: with the members' tool, from $folder/approved.json and $folder/booted.json.
seal_and_inject() {
    local member sealed=()
    for member in "$@"; do
        run "renclave share seal, by $member" renclave share seal --key "$keys/$member.secret" --alias "$member" \
            --manifest "$folder/approved.json" --genesis "$folder/genesis.json" --answer "$folder/booted.json" \
            --state "$folder/state" --insecure-development
        cp "$folder/output" "$folder/$member.sealed.json"
        sealed+=("$folder/$member.sealed.json")
    done
    run "renclave share inject" renclave share inject --share-json "${sealed[@]}" \
        --manifest "$folder/approved.json" --url "$base" --json
    cp "$folder/output" "$folder/body"
    status=200
    expect_ready "the sealed shares of $*"
}

boot_approved() {
    run "renclave boot standard" renclave boot standard --manifest "$folder/approved.json" \
        --answer "$folder/genesis.json" --output "$folder/booted.json" --force --url "$base"
}

# same <check> <expected> <got>, neither of which may be shown or empty.
same() {
    if [[ -n $2 && $2 == "$3" ]]; then
        pass "$1"
    else
        fail "$1" "the same" "something else"
    fi
}
