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

    struct Namespace: Decodable, Sendable {
        let name: String
        let nonce: UInt32
    }

    let version: String
    let state: String
    let stateHistory: [Entry]
    /// `development` or `production`.
    let mode: String
    /// `emulated` or `nitro`.
    let attestation: String
    let sandbox: SandboxReport
    let namespace: Namespace?
    /// 32 bytes.
    let manifestHash: [UInt8]?
    /// Of the manifest's quorum key, in hexadecimal, whether the enclave holds it or not.
    let quorumKeyFingerprint: String?
    /// In hexadecimal; only where the enclave holds the key.
    let keyCheck: String?
    /// Of the shares that give the key.
    let threshold: Int?
    let sharesReceived: Int?

    private enum CodingKeys: String, CodingKey {
        case version, state, mode, attestation, sandbox, namespace, threshold
        case stateHistory = "state_history"
        case manifestHash = "manifest_hash"
        case quorumKeyFingerprint = "quorum_key_fingerprint"
        case keyCheck = "key_check"
        case sharesReceived = "shares_received"
    }

    /// The key that it holds.
    var key: FleetKey? {
        guard let quorumKeyFingerprint, let keyCheck else { return nil }
        return FleetKey(fingerprint: quorumKeyFingerprint.lowercased(), keyCheck: keyCheck.lowercased())
    }

    /// When the present state was entered, where the history says so.
    var since: String? {
        stateHistory.last.flatMap { $0.state == state ? $0.enteredAt : nil }
    }
}
