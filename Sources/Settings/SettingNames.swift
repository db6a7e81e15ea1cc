// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The names of all settings of both processes: what may stand in a settings file, which they can share.
package enum SettingNames {
    /// A test of each process compares its settings with these.
    package static let all: Set<String> = [
        "DEV_ATTESTATION_ROOT_FILE",
        "ENCLAVE_ALLOWED_UIDS",
        "ENCLAVE_REHEARSE_PRODUCTION",
        "ENCLAVE_SOCKET",
        "ENCLAVE_SOCKET_GROUP",
        "ENCLAVE_TIMEOUT_MS",
        "ENCLAVE_UID",
        "ENCLAVE_USER",
        "EXPECTED_QUORUM_KEY",
        "HOST_ADDRESS",
        "HOST_ALLOWED_NAMES",
        "HOST_PORT",
        "LOG_FORMAT",
        "LOG_LEVEL",
        "MAX_BODY_BYTES",
        "MAX_IN_FLIGHT",
        "PEERS",
        "QUEUE_LENGTH",
        "READY_STATE",
        "REQUEST_TIMEOUT_MS",
        "RUST_LOG",
    ]
}
