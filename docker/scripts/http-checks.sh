# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Asking a gateway and judging its answers, for test-api.sh, which sets $base and $folder.

passed=0 failed=0
status='' asked=''
uncached=() unnamed=() # answers that broke a rule for all answers
json=(-H 'Content-Type: application/json')

pass() {
    passed=$((passed + 1))
    printf 'ok   %s\n' "$1"
}

# fail <check> <expected> [got, by default the last answer]
fail() {
    failed=$((failed + 1))
    printf 'FAIL %s\n     expected: %s\n     got:      %s\n' "$1" "$2" \
        "${3:-$status $(head -c 300 "$folder/body" | tr -d '\r\n')}"
}

# ask <method> <path> [curl options]: fills $status, $folder/body and $folder/head.
ask() {
    local method=$1 path=$2
    shift 2
    : >"$folder/body" >"$folder/head"
    status=$(curl -sS --noproxy '*' --max-time 30 -X "$method" -o "$folder/body" -D "$folder/head" \
        -w '%{http_code}' "$@" "$base$path" 2>"$folder/curl") || status="$status ($(tr '\n' ' ' <"$folder/curl"))"
    asked="$method $path"
    every_answer
}

# header <name>: the last answer's value of it.
header() {
    tr -d '\r' <"$folder/head" | sed -n "s/^$1: *//Ip" | tail -n 1
}

# What must hold for every answer, whatever was asked; judged once at the end.
every_answer() {
    local id
    id=$(header X-Request-Id)
    [[ $(header Cache-Control) == no-store ]] || uncached+=("$asked: $status")
    [[ $id =~ ^[A-Za-z0-9._-]{1,128}$ ]] || unnamed+=("$asked: $status")
}

# expect <check> <status> [jq condition on the body [jq options]]
expect() {
    local name=$1 wanted=$2 condition=${3:-true}
    shift 2
    [[ $# -eq 0 ]] || shift
    if [[ $status != "$wanted" ]]; then
        fail "$name" "$wanted"
    elif [[ $condition != true ]] && ! jq -e "$@" "$condition" "$folder/body" >/dev/null 2>&1; then
        fail "$name" "$wanted and $condition"
    else
        pass "$name"
    fi
}

# refuse <check> <status> <reason> [jq condition]: the plain error body, with nothing missing.
refuse() {
    local id
    id=$(header X-Request-Id)
    expect "$1" "$2" "(.error | type == \"string\" and length > 0) and .code == $2 and .reason == \"$3\"
        and .request_id == \$id and (${4:-true})" --arg id "$id"
}

# none <check> <entry...>: passes if there is no entry.
none() {
    local name=$1
    shift
    if [[ $# -eq 0 ]]; then
        pass "$name"
    else
        fail "$name" "no exception" "$(printf '%s; ' "$@" | head -c 300)"
    fi
}
