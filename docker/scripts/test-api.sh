#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Tests the API of a running gateway: one line a check, a summary at the end, exit code 0 if all passed.
#
#   BASE_URL=http://localhost:3000 docker/scripts/test-api.sh
#
# Needs curl and jq. Refused requests and random seeds change nothing, so it may be run against any instance.
# HOST_ADDRESS and MAX_BODY_BYTES are the gateway's own, where they differ from 127.0.0.1 and 1048576: a gateway in a
# container listens on 0.0.0.0, and there the check of the Host header does not apply.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd) || exit 1
base=${BASE_URL:-http://localhost:3000}
base=${base%/}
authority=${base#*://}
host_address=${HOST_ADDRESS:-127.0.0.1}
max_body=${MAX_BODY_BYTES:-1048576}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
state=''
# shellcheck source=docker/scripts/http-checks.sh
. "$here/http-checks.sh"
# shellcheck source=docker/scripts/quorum-checks.sh
. "$here/quorum-checks.sh"

wait_until_ready() {
    local deadline=$((SECONDS + 10))
    until [[ $(curl -s --noproxy '*' --max-time 2 -o "$folder/body" -w '%{http_code}' "$base/readyz") == 200 ]]; do
        if ((SECONDS >= deadline)); then
            printf 'FAIL %s/readyz did not answer 200 within 10 s\n0 passed, 1 failed\n' "$base"
            exit 1
        fi
        sleep 0.1
    done
}

# seed <body> [curl options] and validate <phrase> [language]
seed() {
    local body=$1
    shift
    ask POST /generate-seed "${json[@]}" --data-binary "$body" "$@"
}
validate() {
    ask POST /validate-seed "${json[@]}" --data-binary \
        "$(jq -nc --arg phrase "$1" --arg language "${2:-}" \
            '{seed_phrase: $phrase} + if $language == "" then {} else {language: $language} end')"
}

# --- service ------------------------------------------------------------------------------------------------------

test_service() {
    ask GET /health
    expect "GET /health says healthy" 200 '.status == "healthy" and .enclave == "connected"
        and (.version | type == "string") and (.uptime_seconds | type == "number" and . >= 0)'
    ask GET /livez
    expect "GET /livez" 200
    ask GET /readyz
    expect "GET /readyz" 200
    local plain
    plain=$(wc -c <"$folder/body")
    ask GET '/readyz?verbose'
    if [[ $status == 200 && $(wc -c <"$folder/body") -gt $plain ]]; then
        pass "GET /readyz?verbose lists the checks"
    else
        fail "GET /readyz?verbose lists the checks" "200 and more than the $plain bytes without verbose"
    fi
    ask GET /info
    expect "GET /info describes the service" 200 '.service == "QEMU Host API Gateway" and .healthy == true
        and (.version | type == "string") and (.enclave_id | test("^[0-9a-f]{32}$"))
        and (.network_status | IN("connected", "limited", "disconnected"))'
    expect "GET /info names the capabilities" 200 \
        '.capabilities | index("seed_generation") != null and index("seed_validation") != null'
    local id
    id=$(jq -r '.enclave_id // ""' "$folder/body" 2>/dev/null)
    test_enclave_info "$id"
    ask GET /metrics
    if [[ $status == 200 && $(header Content-Type) == text/plain* ]] && grep -q '^# TYPE ' "$folder/body"; then
        pass "GET /metrics is Prometheus text"
    else
        fail "GET /metrics is Prometheus text" "200, text/plain and # TYPE lines"
    fi
}

test_enclave_info() {
    ask GET /enclave/info
    state=$(jq -r '.state // ""' "$folder/body" 2>/dev/null)
    expect "GET /enclave/info describes the same enclave" 200 '.healthy == true and .enclave_id == $id
        and (.version | type == "string") and (.capabilities | type == "array")' --arg id "$1"
    expect "GET /enclave/info tells the state and its history" 200 '(.state | IN("WaitingForBootInstruction",
        "GenesisBooted", "WaitingForQuorumShards", "WaitingForForwardedKey", "QuorumKeyProvisioned",
        "ApplicationReady")) and .state_history[-1].state == .state and (.state_history | all(.entered_at
        | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$")))'
    expect "GET /enclave/info tells mode and attestation" 200 '(.mode | IN("development", "production"))
        and (.attestation | IN("emulated", "nitro"))'
    expect "GET /enclave/info tells the application's hash" 200 '.application_hash | length == 32
        and all(type == "number" and . >= 0 and . <= 255 and floor == .)'
    expect "GET /enclave/info tells the root that vouches" 200 '.attestation_root | test("^[0-9a-f]{64}$")'
    expect "GET /enclave/info tells the sandbox" 200 '.sandbox | type == "object"'
}

# --- seeds --------------------------------------------------------------------------------------------------------

# The condition on a random answer of a strength in bits.
random_seed() {
    printf '(.seed_phrase | split(" ") | length) == %d and .word_count == %d and .strength == %d
        and (.entropy | test("^[0-9a-f]{%d}$"))' "$(($1 / 32 * 3))" "$(($1 / 32 * 3))" "$1" "$(($1 / 4))"
}

test_random_seeds() {
    local strength first
    for strength in 128 160 192 224 256; do
        seed "{\"strength\":$strength}"
        expect "a random seed of $strength bits" 200 "$(random_seed "$strength")"
        first=$(jq -r '.entropy // ""' "$folder/body" 2>/dev/null)
        validate "$(jq -r '.seed_phrase // ""' "$folder/body" 2>/dev/null)"
        expect "… is valid" 200 ".valid == true and .word_count == $((strength / 32 * 3)) and .strength == $strength
            and .language == \"english\""
    done
    seed '{}'
    expect "256 bits unless asked otherwise; the fields in order" 200 "$(random_seed 256)
        and keys_unsorted == [\"seed_phrase\", \"entropy\", \"strength\", \"word_count\"]"
    expect "two answers differ" 200 '.entropy != $first' --arg first "$first"
    ask POST /generate-seed
    expect "no body is fine" 200 "$(random_seed 256)"
    ask POST /generate-seed -H 'Content-Type: application/json; charset=utf-8' --data-binary '{"strength":256}'
    expect "a content type with a charset is fine" 200 "$(random_seed 256)"
    for strength in 256.0 2.56e2; do
        seed "{\"strength\":$strength}"
        expect "$strength is the integer 256" 200 "$(random_seed 256)"
    done
    seed '{"seed_type":null,"seed_data":null}'
    expect "null for both fields of the derived form counts as absent" 200 "$(random_seed 256)"
    seed '{"passphrase":"correct horse"}'
    expect "a passphrase adds the 64-byte seed" 200 "$(random_seed 256) and (.seed | test(\"^[0-9a-f]{128}\$\"))"
}

test_languages() {
    local language
    for language in english japanese korean spanish chinese_simplified chinese_traditional french italian czech \
        portuguese; do
        seed "{\"strength\":160,\"language\":\"$language\"}"
        expect "a seed in $language" 200 '.language == $language and ((.seed_phrase
            | split(if $language == "japanese" then "\u3000" else " " end) | length) == 15)' \
            --arg language "$language"
        validate "$(jq -r '.seed_phrase // ""' "$folder/body" 2>/dev/null)" "$language"
        expect "… is valid" 200 '.valid == true and .word_count == 15 and .language == $language' \
            --arg language "$language"
    done
}

test_refused_seeds() {
    local long value
    long=$(printf '%1025s' '' | tr ' ' a)
    for value in 100 0 -128 129 99999999999999999999; do
        seed "{\"strength\":$value}"
        refuse "strength $value" 400 out_of_range '.field == "strength"'
    done
    for value in '"256"' 256.5 true null '[256]'; do
        seed "{\"strength\":$value}"
        refuse "strength $value" 400 wrong_type '.field == "strength"'
    done
    seed '{"passphrase":7}'
    refuse "a passphrase that is a number" 400 wrong_type '.field == "passphrase"'
    seed "{\"passphrase\":\"$long\"}"
    refuse "a passphrase of 1025 bytes" 400 out_of_range '.field == "passphrase"'
    seed '{"language":"klingon"}'
    refuse "an unknown language" 400 out_of_range '.field == "language"'
    seed '{"seed_type":"wallet"}'
    refuse "a seed type without data" 400 missing_field '.field == "seed_data"'
    seed '{"seed_data":"1"}'
    refuse "seed data without a type" 400 missing_field '.field == "seed_type"'
    seed '{"seed_type":"","seed_data":"1"}'
    refuse "an empty seed type" 400 out_of_range '.field == "seed_type"'
}

test_derived_seeds() {
    local request='{"seed_type":"wallet","seed_data":"1","strength":128}' first
    seed "$request"
    if [[ $state != ApplicationReady ]]; then
        refuse "a derived seed before the quorum key is there" 409 wrong_state \
            ".state == \"$state\" and .allowed_states == [\"ApplicationReady\"]"
        return
    fi
    expect "a derived seed" 200 "$(random_seed 128) and .seed_type == \"wallet\" and .deterministic == true"
    first=$(jq -r '.entropy // ""' "$folder/body" 2>/dev/null)
    seed "$request"
    expect "… is the same again" 200 '.entropy == $first' --arg first "$first"
}

test_validation() {
    local ten='abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon'
    validate "$ten abandon about"
    expect "a known phrase is valid" 200 \
        '. == {"valid": true, "word_count": 12, "strength": 128, "language": "english"}'
    validate "  ${ten// /   }   abandon  about "
    expect "white space around and between counts once" 200 '.valid == true and .word_count == 12'
    validate "$ten abandon abandon" english
    expect "a wrong checksum" 200 '.valid == false and .reason == "bad_checksum" and .word_count == 12'
    validate "$ten zzzzzz about"
    expect "an unknown word has its position and is not repeated" 200 '.valid == false and .reason == "unknown_word"
        and .position == 10 and .word_count == 12 and (tostring | contains("zzzzzz") | not)'
    validate "$ten ABANDON about"
    expect "upper case is an unknown word, with a hint" 200 \
        '.valid == false and .reason == "unknown_word" and .position == 10 and (.hint | type == "string")'
    validate "$ten abandon"
    expect "eleven words" 200 '.valid == false and .reason == "bad_word_count" and .word_count == 11'
    validate ''
    refuse "an empty phrase" 400 out_of_range '.field == "seed_phrase"'
    ask POST /validate-seed "${json[@]}" --data-binary '{}'
    refuse "no phrase" 400 missing_field '.field == "seed_phrase"'
    ask POST /validate-seed
    refuse "no body where one is required" 400 missing_field
    ask POST /validate-seed "${json[@]}" --data-binary '{"seed_phrase":null}'
    refuse "a phrase that is null" 400 wrong_type '.field == "seed_phrase"'
    validate "$ten abandon about" klingon
    refuse "validation in an unknown language" 400 out_of_range '.field == "language"'
}

# --- conventions --------------------------------------------------------------------------------------------------

test_json() {
    local body deep
    deep=$(printf '%40s' '' | tr ' ' '[')$(printf '%40s' '' | tr ' ' ']')
    for body in '{"strength":' '{} {}' "{\"strength\":$deep}" $'{"passphrase":"\xff"}'; do
        seed "$body"
        refuse "malformed JSON: $(head -c 24 <<<"${body//[^ -~]/?}" | tr -d '\n')" 400 invalid_json
    done
    seed '{"strength":128,"strength":256}'
    refuse "a key that occurs twice" 400 duplicate_key '.field == "strength"'
    seed '{"strenght":128}'
    refuse "an unknown field" 400 unknown_field '.field == "strenght"'
    seed '[]'
    refuse "a body that is no object" 400 wrong_type
}

# The last answer's Allow names the method.
allows() {
    local allow
    allow=$(header Allow)
    if [[ ",${allow//[[:space:]]/}," == *",$1,"* ]]; then
        pass "… allows $1"
    else
        fail "… allows $1" "Allow: $1" "Allow: $allow"
    fi
}

test_routes_and_types() {
    ask GET /no-such-path
    refuse "an unknown path" 404 not_found
    ask GET /no-such-path -H 'Accept: application/problem+json'
    local type
    type=$(header Content-Type)
    expect "problem details where they are accepted" 404 '.status == 404 and .reason == "not_found"
        and (.title | type == "string") and (.request_id | type == "string") and ($type
        | startswith("application/problem+json"))' --arg type "$type"
    ask GET /generate-seed
    refuse "a wrong method on a known path" 405 method_not_allowed '.state | type == "string"'
    allows POST
    ask POST /health
    refuse "POST on a path for GET" 405 method_not_allowed
    allows GET
    for type in text/plain application/x-www-form-urlencoded application/jsonp; do
        ask POST /generate-seed -H "Content-Type: $type" --data-binary '{}'
        refuse "content type $type" 415 unsupported_media_type '.hint | contains("Content-Type: application/json")'
    done
    ask POST /generate-seed -H 'Content-Type:' --data-binary '{}'
    refuse "a body without a content type" 415 unsupported_media_type
}

test_sizes() {
    { head -c $((max_body - 16)) /dev/zero | tr '\0' ' ' && printf '{"strength":128}'; } >"$folder/large"
    ask POST /generate-seed "${json[@]}" -H 'Expect:' --data-binary "@$folder/large"
    expect "a body of exactly $max_body bytes is taken" 200 "$(random_seed 128)"
    printf ' ' >>"$folder/large"
    ask POST /generate-seed "${json[@]}" -H 'Expect:' --data-binary "@$folder/large"
    refuse "one byte more" 413 body_too_large
    ask POST /generate-seed "${json[@]}" -H 'Expect:' -H 'Transfer-Encoding: chunked' --data-binary "@$folder/large"
    refuse "one byte more, in chunks" 413 body_too_large
    ask GET /livez -H "X-Long: $(head -c 20000 /dev/zero | tr '\0' a)"
    refuse "a header block of 20 kB" 431 headers_too_large
}

test_browsers() {
    ask GET /info -H 'Origin: http://elsewhere.test'
    refuse "a foreign origin" 403 bad_origin
    ask GET /info -H 'Origin: null'
    refuse "the origin null" 403 bad_origin
    ask GET /info -H "Origin: $base"
    expect "its own origin" 200
    ask GET /info -H 'Sec-Fetch-Site: cross-site'
    refuse "a cross-site request" 403 bad_origin
    seed '{}' -H 'Origin: http://elsewhere.test'
    refuse "a foreign origin asking for a seed" 403 bad_origin
    if [[ $host_address =~ ^(localhost|127\.[0-9.]+|::1)$ ]]; then
        ask GET /info -H 'Host: elsewhere.test'
        refuse "a foreign host name on loopback" 403 bad_origin
    fi
}

test_request_ids() {
    local value
    for value in abc-1.2_3 "$(printf '%128s' '' | tr ' ' a)"; do
        ask GET /livez -H "X-Request-Id: $value"
        if [[ $(header X-Request-Id) == "$value" ]]; then
            pass "a request id of ${#value} characters is kept"
        else
            fail "a request id of ${#value} characters is kept" "$value" "$(header X-Request-Id)"
        fi
    done
    for value in 'two words' 'semi;colon' "$(printf '%129s' '' | tr ' ' a)"; do
        ask GET /livez -H "X-Request-Id: $value"
        if [[ $(header X-Request-Id) != "$value" && -n $(header X-Request-Id) ]]; then
            pass "a request id that is not allowed is replaced (${#value} characters)"
        else
            fail "a request id that is not allowed is replaced" "another than $value" "$(header X-Request-Id)"
        fi
    done
}

test_malformed_http() {
    local host=${authority%:*} port=${authority##*:}
    [[ $base == http://* && $port =~ ^[0-9]+$ ]] || return
    ( (exec 3<>"/dev/tcp/${host//[\[\]]/}/$port" &&
        printf 'POST /generate-seed HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}' \
            "$authority" >&3 && timeout 10 cat <&3) >"$folder/raw") 2>/dev/null
    tr -d '\r' <"$folder/raw" | sed '1,/^$/d' >"$folder/body"
    tr -d '\r' <"$folder/raw" | sed '/^$/q' >"$folder/head"
    status=$(sed -n '1s/^HTTP[^ ]* \([0-9]*\).*/\1/p' "$folder/head")
    asked="malformed HTTP"
    every_answer
    refuse "malformed HTTP" 400 bad_request
}

wait_until_ready
test_service
test_random_seeds
test_languages
test_refused_seeds
test_derived_seeds
test_validation
test_what_is_held
test_boots_and_shares
test_quorum_bodies
test_json
test_routes_and_types
test_sizes
test_browsers
test_request_ids
test_malformed_http
none "every answer has Cache-Control: no-store" "${uncached[@]}"
none "every answer has X-Request-Id" "${unnamed[@]}"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
