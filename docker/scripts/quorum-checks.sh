# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# What test-api.sh asks of the calls for genesis and shares. Everything here is refused or only read, in any state, so
# nothing changes; scripts/test_complete_tee_flow.sh holds whole ceremonies.

# quorum_post <call> <body>
quorum_post() {
    ask POST "/enclave/$1" "${json[@]}" --data-binary "$2"
}

test_what_is_held() {
    ask GET /enclave/manifest
    case $state in
        WaitingForBootInstruction)
            refuse "GET /enclave/manifest before there is one" 404 no_manifest '.hint | length > 0'
            ;;
        *)
            expect "GET /enclave/manifest" 200 '(.manifest_hash | length) == 32
                and (.manifest_envelope | has("manifest"))'
            ;;
    esac
    ask GET /enclave/genesis
    if [[ $state == WaitingForQuorumShards && $status == 200 ]]; then
        expect "GET /enclave/genesis" 200 '(.quorum_public_key | length) == 130 and (.encrypted_shares | length) >= 2'
    else
        refuse "GET /enclave/genesis where there is none to repeat" 404 no_genesis '.hint | length > 0'
    fi
}

# refuse_state <check> <states that permit it...>
refuse_state() {
    local name=$1 allowed
    shift
    allowed=$(jq -nc '$ARGS.positional' --args "$@")
    refuse "$name" 409 wrong_state ".state == \"$state\" and .allowed_states == $allowed"
}

# The enclave looks at its state first, and then at what was sent.
test_boots_and_shares() {
    local member
    quorum_post inject-shares '{"namespace_name":"no such namespace","namespace_nonce":0,"shares":[
        {"member_alias":"nobody","decrypted_share":[1]}]}'
    case $state in
        WaitingForQuorumShards)
            refuse "shares for another namespace" 422 namespace_mismatch '.field == "namespace_name"'
            ;;
        *) refuse_state "shares that nobody waits for" WaitingForQuorumShards ;;
    esac
    quorum_post boot-standard '{"manifest_envelope":{}}'
    case $state in
        WaitingForBootInstruction | WaitingForQuorumShards)
            refuse "a manifest that is none" 422 bad_manifest '.field == "manifest_envelope"'
            ;;
        *) refuse_state "a manifest too late" WaitingForBootInstruction WaitingForQuorumShards ;;
    esac
    member='{"alias":"a","pub_key":"'$(printf '00%.0s' {1..130})'"}'
    quorum_post genesis-boot "$(genesis_body "$member" 2)"
    case $state in
        WaitingForBootInstruction)
            refuse "a public key that is none" 400 bad_public_key '.field == "manifest_members[0].pub_key"'
            ;;
        *) refuse_state "a genesis too late" WaitingForBootInstruction ;;
    esac
}

# genesis_body <member> <threshold>: the same member once in one set and twice in the other.
genesis_body() {
    printf '{"namespace_name":"n","namespace_nonce":1,"manifest_members":[%s],"manifest_threshold":1,' "$1"
    printf '"share_members":[%s,%s],"share_threshold":%s}' "$1" "$1" "$2"
}

test_quorum_bodies() {
    local call field body reason namespace='"namespace_name":"n","namespace_nonce":1' share='"decrypted_share"'
    while IFS='|' read -r call reason field body; do
        quorum_post "$call" "$body"
        refuse "$call: $reason of $field" 400 "$reason" ".field == \"$field\""
    done <<BODIES
genesis-boot|missing_field|namespace_name|{}
genesis-boot|wrong_type|namespace_nonce|{"namespace_name":"n","namespace_nonce":"1"}
genesis-boot|out_of_range|namespace_nonce|{"namespace_name":"n","namespace_nonce":4294967296}
genesis-boot|unknown_field|treshold|{"treshold":2}
inject-shares|missing_field|shares|{$namespace}
inject-shares|out_of_range|shares|{$namespace,"shares":[]}
inject-shares|unknown_field|shares[0].share|{$namespace,"shares":[{"share":[1]}]}
inject-shares|bad_encoding|shares[0].decrypted_share|{$namespace,"shares":[{"member_alias":"a",$share:[256]}]}
boot-standard|missing_field|manifest_envelope|{}
boot-standard|wrong_type|manifest_envelope|{"manifest_envelope":"00"}
BODIES
    for call in genesis-boot inject-shares boot-standard; do
        ask POST "/enclave/$call"
        refuse "$call: no body" 400 missing_field
        ask GET "/enclave/$call"
        refuse "GET /enclave/$call" 405 method_not_allowed '.state | type == "string"'
        allows POST
    done
    for call in genesis manifest; do
        ask POST "/enclave/$call" "${json[@]}" --data-binary '{}'
        refuse "POST /enclave/$call" 405 method_not_allowed
        allows GET
    done
}
