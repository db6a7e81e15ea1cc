#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Runs the commands of a document against instances of its own, and holds what they print against what it shows. One
# line a block, a summary at the end, exit code 0 if all passed.
#
#   scripts/test-documents.sh docs/tee-instance-management.md
#
# Between the lines <!-- run --> and <!-- /run --> every fenced block of `sh` is run, all in one shell, exactly as it
# stands there but for the ports and the directory /tmp. There is an instance on port 3000, and for a document that
# names them one on each of 9000, 9001 and 9002. A block of `json` or `text` that follows is its output; keys, hashes,
# times and phrases in it may differ, everything else must be the same.
#
# At <!-- restart --> the enclave is started anew, that of another port at <!-- restart 9001 -->, and several at
# <!-- restart 9001 9002 -->; NAME=VALUE behind it is in the environment of all that is started from then on. At
# <!-- join 9002 NAME=VALUE --> both processes of an instance are started anew, and it must get the key by itself.
set -uEo pipefail

# shellcheck source=scripts/forwarding-instances.sh
. "$(dirname "$0")/forwarding-instances.sh"

# split <document>: $folder/steps has a line a step, in order: its kind, its file, the line of the document.
split() {
    awk -v folder="$folder" '
        /^<!-- run -->$/ { running = 1; next }
        /^<!-- \/run -->$/ { running = 0; next }
        !running { next }
        /^<!-- (restart|join)( .*)? -->$/ {
            words = ""
            for (i = 3; i < NF; i++) words = words "|" $i
            print $2, (words == "" ? "|3000" : words), NR
            next
        }
        file == "" && /^```(sh|json|text)$/ {
            kind = substr($0, 4)
            file = folder "/step-" NR
            printf "" >file
            print kind, file, NR
            next
        }
        /^```$/ { close(file); file = ""; next }
        file != "" { print >file }
    ' "$1" >"$folder/steps"
}

# Where the document stands for where it is run.
located() {
    sed -E -e "s,http://localhost:3000\\b,$(url_of 1),g" -e "s,\\b9000\\b,$(port_of 2),g" \
        -e "s,\\b9001\\b,$(port_of 3),g" -e "s,\\b9002\\b,$(port_of 4),g" -e "s,/tmp/,$folder/tmp/,g" "$1"
}

# instance <port in the document>
instance() {
    case $1 in
        3000) printf 1 ;;
        *) printf %d $(($1 - 8998)) ;;
    esac
}

# start_anew <restart or join> <ports and settings of the document, each behind a bar>
start_anew() {
    local word number words numbers=()
    IFS='|' read -r -a words < <(located <(printf '%s\n' "${2:1}"))
    for word in "${words[@]}"; do
        # shellcheck disable=SC2163 # the name and value that the document gives
        if [[ $word == *=* ]]; then export "$word"; fi
    done
    IFS='|' read -r -a words <<<"${2:1}"
    for word in "${words[@]}"; do
        [[ $word == *=* ]] || numbers+=("$(instance "$word")")
    done
    [[ ${#numbers[@]} -gt 0 ]] || numbers=(1)
    for number in "${numbers[@]}"; do
        use "$number"
        if [[ $1 == join ]]; then
            end_gateway
            end_enclave
            join "$number"
        else
            restart_enclave
        fi
    done
    use 1
}

# What may differ from one run to the next gets the same name in both.
masked() {
    if [[ $1 == json ]]; then
        jq -S 'walk(
            if type == "string" then
                if test("^[0-9a-f]{16,}$") then "HEX"
                elif test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$") then "TIME"
                elif test("^([a-z]+ ){11,}[a-z]+$") then "PHRASE"
                else . end
            elif type == "array" and length >= 32 and all(.[]; type == "number") then "BYTES \(length)"
            elif type == "object" and has("request_id") then .request_id = "ID"
            else . end)'
    else
        sed -E -e 's/[0-9a-f]{16,}/HEX/g' -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+( UTC|Z)/TIME/g'
    fi
}

run_block() {
    local failed_command=''
    located "$1" >"$folder/block"
    trap 'failed_command=${failed_command:-$BASH_COMMAND}' ERR
    # shellcheck disable=SC1091 # the block of the document
    . "$folder/block" >"$folder/output" 2>"$folder/said" </dev/null
    trap - ERR
    if [[ -z $failed_command ]]; then
        pass "$document:$2 runs"
    else
        fail "$document:$2 runs" "every command succeeds" "$failed_command: $(head -c 300 "$folder/said")"
        finish
    fi
}

compare() {
    located "$2" | masked "$1" >"$folder/expected" 2>&1
    masked "$1" <"$folder/output" >"$folder/got" 2>&1
    if [[ -s $folder/expected ]] && cmp -s "$folder/expected" "$folder/got"; then
        pass "$document:$3 is what it prints"
    else
        fail "$document:$3 is what it prints" "what the document shows" \
            "$(diff --label document --label output -U 1 "$folder/expected" "$folder/got" | head -n 20)"
    fi
}

run_document() {
    local kind file line
    document=$1
    split "$root/$document"
    if [[ ! -s $folder/steps ]]; then
        fail "$document has commands to run" "some" "none"
        return
    fi
    while read -r kind file line <&4; do
        case $kind in
            sh) run_block "$file" "$line" ;;
            json | text) compare "$kind" "$file" "$line" ;;
            restart | join) start_anew "$kind" "$file" ;;
        esac
    done 4<"$folder/steps"
}

if [[ -n ${BASE_URL:-} || $# -ne 1 ]]; then
    printf 'usage: scripts/test-documents.sh DOCUMENT, without BASE_URL: enclaves are started anew on the way\n' >&2
    exit 2
fi
mkdir "$folder/tmp"
export XDG_STATE_HOME=$folder/state
base_port=free
if grep -qE 'localhost:900[012]\b' "$root/$1"; then
    begin_instances 4
else
    begin_instances 1
fi
run_document "$1"
finish
