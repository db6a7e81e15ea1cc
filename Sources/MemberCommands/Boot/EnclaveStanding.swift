// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// How far an enclave has come on the way to a quorum key.
struct EnclaveStanding: Decodable, Sendable {
    let state: String
    /// 32 bytes; absent where it has none.
    let manifestHash: [UInt8]?
    private let fingerprint: String?
    private let keyCheck: String?

    private enum CodingKeys: String, CodingKey {
        case state
        case manifestHash = "manifest_hash"
        case fingerprint = "quorum_key_fingerprint"
        case keyCheck = "key_check"
    }

    /// What it says of its key, where it has one: an enclave that waits knows only which one it waits for.
    var key: EnclaveKeyReport? {
        guard let fingerprint, let keyCheck else { return nil }
        return EnclaveKeyReport(state: state, fingerprint: fingerprint, keyCheck: keyCheck)
    }

    /// Asks for it.
    static func ask(_ client: GatewayClient) async throws(CommandFailure) -> EnclaveStanding {
        let answer = try await client.get("/enclave/info")
        guard answer.status == 200 else { throw answer.refusal(from: client.address) }
        guard let standing = answer.decoded(as: EnclaveStanding.self) else {
            throw answer.notUnderstood(from: client.address)
        }
        return standing
    }
}
