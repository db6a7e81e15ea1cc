// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// What an enclave says of the key that it holds.
struct EnclaveKeyReport: Equatable, Sendable {
    let state: String
    /// SHA-256 of the public quorum key in lower-case hexadecimal.
    let fingerprint: String
    /// 8 bytes in hexadecimal that are equal exactly where the same key is held for the same namespace name.
    let keyCheck: String

    /// Asks for it.
    ///
    /// - Throws: ``CommandFailure`` also where the enclave holds no key.
    static func ask(_ client: GatewayClient) async throws(CommandFailure) -> EnclaveKeyReport {
        let standing = try await EnclaveStanding.ask(client)
        guard let report = standing.key else {
            throw .failed("The enclave is in \(standing.quotedState) and holds no quorum key.")
        }
        return report
    }
}

// MARK: - Saving

extension EnclaveKeyReport {
    /// What is saved of it: that of a key, not of a moment.
    var saved: JSONValue {
        .fields(["quorum_key_fingerprint": .string(fingerprint), "key_check": .string(keyCheck)])
    }

    /// Whether this is about the key of which that was saved.
    func isAbout(_ saved: JSONValue) -> Bool {
        saved.member("quorum_key_fingerprint") == .string(fingerprint) && saved.member("key_check") == .string(keyCheck)
    }
}
