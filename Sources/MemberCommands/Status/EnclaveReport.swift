// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The answer to `GET /enclave/info`, as far as a person needs it.
struct EnclaveReport: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
        let state: String
        /// RFC 3339.
        let enteredAt: String

        private enum CodingKeys: String, CodingKey {
            case state
            case enteredAt = "entered_at"
        }
    }

    let version: String
    let state: String
    let stateHistory: [Entry]
    /// `development` or `production`.
    let mode: String
    /// `emulated` or `nitro`.
    let attestation: String
    let sandbox: SandboxReport

    private enum CodingKeys: String, CodingKey {
        case version, state, mode, attestation, sandbox
        case stateHistory = "state_history"
    }

    /// When the present state was entered, where the history says so.
    var since: String? {
        stateHistory.last.flatMap { $0.state == state ? $0.enteredAt : nil }
    }
}
