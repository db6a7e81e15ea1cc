#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Copyright (c) the renclave authors
#
# Everything that `make test` runs, in order; the first failure ends it. The last line says how it went.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 1
unset BASE_URL # each script starts pairs of its own
export BASE_PORT=free # ports on which nobody listens
steps=0

step() {
    printf '\n==> %s\n' "$*"
    if ! "$@"; then
        printf '\nmake test: FAILED at: %s\n' "$*"
        exit 1
    fi
    steps=$((steps + 1))
}

step swift build --build-tests --explicit-target-dependency-import-check error
RENCLAVE_BIN_DIR=$(swift build --show-bin-path) || exit 1
export RENCLAVE_BIN_DIR # where the end-to-end tests find the executables
step swift test --skip-build --parallel
step scripts/check-imports.sh --self-check
step scripts/check-imports.sh
step scripts/check-constant-time.sh
step scripts/check-format.sh
step scripts/check-docs.sh
step scripts/test-running.sh
step scripts/test_complete_tee_flow.sh
step scripts/test_threshold_configurations.sh
step scripts/test_tee_to_tee_key_sharing.sh
step scripts/test_tee_chain.sh
step scripts/test-documents.sh docs/tee-instance-management.md
step scripts/test-documents.sh docs/key-management.md
step scripts/test-documents.sh docs/tee-to-tee-sharing.md
printf '\nmake test: all %d steps passed in %d s\n' "$steps" "$SECONDS"
