#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# A chain of instances, each of which has the quorum key from the one before it: by curl, with the tool, and by itself.
# One line a check, a summary at the end, exit code 0 if all passed.
#
#   scripts/test_tee_chain.sh                 on the ports 9000 to 9003
#   BASE_PORT=9100 scripts/test_tee_chain.sh  from another one on; BASE_PORT=free looks for free ones
# shellcheck disable=SC2016 # what stands in single quotes is jq's
set -uo pipefail

# shellcheck source=scripts/forwarding-instances.sh
. "$(dirname "$0")/forwarding-instances.sh"

# fresh <numbers...>: these have new enclaves.
fresh() {
    local number
    for number in "$@"; do
        use "$number"
        restart_enclave
    done
}

test_by_curl() {
    exchange 1 2
    same_key 2
    exchange 2 3
    same_key 3
}

# The second of the chain has the key as well as the first.
test_without_the_first() {
    fresh 3
    use 1
    end_enclave
    exchange 2 3
    same_key 3
    use 1
    start_enclave
    wait_for_state WaitingForBootInstruction
    exchange 3 1
    same_key 1
}

test_by_tool() {
    fresh 2 3
    forward "renclave forward, from TEE1 to TEE2" 1 2
    same_key 2
    forward "renclave forward, from TEE2 to TEE3" 2 3
    same_key 3
    fresh 2 3
    forward "renclave forward, from TEE1 to both" 1 "2 3" --expect-key "$fingerprint"
    same_key 2
    same_key 3
}

# Shares still give the same key, beside all forwarding.
test_members() {
    fresh 1
    boot_standard "$folder/genesis.json"
    inject_of member2 member3
    expect_ready "the shares of member2 and member3"
    same_key 1
}

test_joining() {
    export READY_STATE=ApplicationReady EXPECTED_QUORUM_KEY=$fingerprint
    PEERS=$(url_of 1),$(url_of 2),$(url_of 3),$(url_of 4)
    export PEERS
    join 4
    same_key 4
    ask GET /readyz
    expect "… and is ready" 200
    # The first of all gets its key back from those that have it from it.
    use 1
    end_gateway
    end_enclave
    join 1
    same_key 1
    end_enclave
    join 1
    same_key 1
}

joining_now() {
    curl -s --noproxy '*' --max-time 2 "$base/readyz?verbose" | jq -r '.join.state // ""' 2>/dev/null
}

# An instance that was told another fingerprint stays empty, and says why.
test_other_key() {
    local deadline=$((SECONDS + ready_seconds))
    export EXPECTED_QUORUM_KEY=${fingerprint//[0-9]/a}
    use 2
    end_gateway
    end_enclave
    start_enclave
    start_gateway
    until [[ $(joining_now) == waiting ]]; do
        ((SECONDS < deadline)) || break
        sleep 0.1
    done
    ask GET '/readyz?verbose'
    expect "where another key is expected TEE2 does not join, and says so" 503 '.ready == false
        and .join.state == "waiting" and (.join.reason | contains("quorum key"))
        and ([.checks[] | select(.ok == false) | .name] == ["state", "quorum_key"])'
    ask GET /enclave/info
    expect "… and stays empty" 200 '.state == "WaitingForBootInstruction"'
    export EXPECTED_QUORUM_KEY=$fingerprint
    end_gateway
    join 2
    same_key 2
}

test_fleet() {
    run "renclave status: all four have the same key" renclave status "$(url_of 1)" "$(url_of 2)" "$(url_of 3)" \
        "$(url_of 4)" --expect-key "$fingerprint"
}

phrase='' key_check='' fingerprint=''
begin_instances 3 4
held_genesis 3 2 genesis_request
test_by_curl
test_without_the_first
test_by_tool
test_members
test_joining
test_other_key
test_fleet
finish
