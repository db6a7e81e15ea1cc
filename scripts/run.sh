#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Runs the development enclave and the gateway together until Ctrl-C or SIGTERM, or until one of them ends.
#
#   scripts/run.sh [folder of the executables, by default the release build's]
#
# The environment goes to both as it is (HOST_PORT, ENCLAVE_SOCKET and the like).
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
bin_dir=${1:-.build/release}
ready_seconds=20

port=${HOST_PORT:-3000}
port=${port%%,*}
port=${port//[[:space:]]/}
address=${HOST_ADDRESS:-127.0.0.1}
name=$address
case $address in
    127.* | localhost | 0.0.0.0) name=localhost address=127.0.0.1 ;;
    ::1 | ::) name='[::1]' address=::1 ;;
    *:*) name="[$address]" ;;
esac
url=http://$name:$port

enclave_color='' gateway_color='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    enclave_color=$'\e[35m' gateway_color=$'\e[36m' plain=$'\e[0m'
fi

# The prefixers must outlive Ctrl-C, which the terminal sends to all of us, or last words would be lost.
prefix() {
    trap '' INT TERM
    exec sed -u "s/^/$1 | $2/"
}

# An enclave that waits for its quorum key is not ready for long, but the gateway serves: ask for that instead.
probe=/readyz
[[ -z ${READY_STATE:-}${EXPECTED_QUORUM_KEY:-} ]] || probe=/livez

answers() (
    exec 3<>"/dev/tcp/$address/$port" || exit 1
    printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$probe" "$name" >&3
    read -r -t 2 _ status _ <&3 && [[ $status == 200 ]]
) 2>/dev/null

wait_until_ready() {
    local deadline=$((SECONDS + ready_seconds))
    until answers; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# Ends a child that may have ended already, and leaves its exit code in $code.
stop_and_wait() {
    local pid=$1
    if [[ $pid == "$ended" ]]; then # the shell gives an exit code only once
        code=$ended_code
        return
    fi
    kill -TERM "$pid" 2>/dev/null
    wait "$pid"
    code=$?
    while kill -0 "$pid" 2>/dev/null; do # a second signal cut the wait short
        kill -KILL "$pid" 2>/dev/null
        wait "$pid"
        code=$?
    done
}

finish() {
    exec {to_enclave}>&- {to_gateway}>&-
    wait "$enclave_prefix" "$gateway_prefix"
    [[ -z ${2:-} ]] || printf '%s\n' "$2" >&2
    exit "$1"
}

for executable in renclave-enclave-dev renclave-host; do
    if [[ ! -x $bin_dir/$executable ]]; then
        printf '%s is not built: run "make build" first\n' "$bin_dir/$executable" >&2
        exit 1
    fi
done

stopping=false
trap 'stopping=true' INT TERM
exec {to_enclave}> >(prefix "${enclave_color}enclave" "$plain")
enclave_prefix=$!
exec {to_gateway}> >(prefix "${gateway_color}gateway" "$plain")
gateway_prefix=$!
"$bin_dir/renclave-enclave-dev" </dev/null >&"$to_enclave" 2>&1 {to_enclave}>&- {to_gateway}>&- &
enclave=$!
"$bin_dir/renclave-host" </dev/null >&"$to_gateway" 2>&1 {to_enclave}>&- {to_gateway}>&- &
gateway=$!
wait_until_ready {to_enclave}>&- {to_gateway}>&- &
watcher=$!

ended='' sentence=''
$stopping || wait -n -p ended "$enclave" "$gateway" "$watcher"
ended_code=$?
if ! $stopping && [[ $ended == "$watcher" && $ended_code -eq 0 ]]; then
    printf '\n%s\n' "renclave answers at $url (Ctrl-C stops both processes). Try:"
    printf '  %s\n\n' "curl -X POST $url/generate-seed -H 'Content-Type: application/json' -d '{\"strength\":256}'"
    ended=''
    $stopping || wait -n -p ended "$enclave" "$gateway"
    ended_code=$?
fi
ended=${ended:-}

kill -TERM "$watcher" 2>/dev/null
if $stopping; then
    result=0
    for pid in "$gateway" "$enclave"; do
        stop_and_wait "$pid"
        # 130 and 143: ended by the very signal that asked for it.
        [[ $code -eq 0 || $code -eq 130 || $code -eq 143 ]] || result=$code
    done
    ((result == 0)) || sentence="A process ended with exit code $result when it was told to stop."
    finish "$result" "$sentence"
fi
result=$ended_code
case $ended in
    "$enclave")
        sentence="The enclave ended with exit code $result; the gateway was stopped."
        stop_and_wait "$gateway"
        ;;
    "$gateway")
        sentence="The gateway ended with exit code $result; the enclave was stopped."
        stop_and_wait "$enclave"
        ;;
    *)
        sentence="The gateway did not answer 200 to $probe at $url within $ready_seconds s; both were stopped."
        stop_and_wait "$gateway"
        stop_and_wait "$enclave"
        ;;
esac
finish "$result" "$sentence"
