#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Starts the debug build's pair on a free port and a socket of its own, tests its API, and stops it again.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
bin_dir=${RENCLAVE_BIN_DIR:-.build/debug}
folder=$(mktemp -d) || exit 1
pair=''

clean_up() {
    if [[ -n $pair ]]; then
        kill -TERM "$pair" 2>/dev/null
        wait "$pair" 2>/dev/null
    fi
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

HOST_PORT=$(python3 -c 'from socket import socket; s = socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export HOST_PORT HOST_ADDRESS=127.0.0.1 ENCLAVE_SOCKET=$folder/enclave.sock
unset READY_STATE EXPECTED_QUORUM_KEY HOST_ALLOWED_NAMES MAX_BODY_BYTES
scripts/run.sh "$bin_dir" >"$folder/log" 2>&1 &
pair=$!

BASE_URL=http://localhost:$HOST_PORT docker/scripts/test-api.sh
result=$?

kill -TERM "$pair" 2>/dev/null
wait "$pair"
stopped=$?
pair=''
if ((result != 0 || stopped != 0)); then
    printf '\nThe log of both processes, its last lines:\n'
    tail -n 40 "$folder/log"
fi
if ((stopped != 0)); then
    printf 'FAIL the pair ended with exit code %d, expected 0\n' "$stopped"
    exit 1
fi
exit "$result"
