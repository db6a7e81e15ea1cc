// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Quorum

extension CeremonySteps {
    /// Verifies that an enclave with this manifest waits with the key that its gateway tells.
    ///
    /// - Parameter vouching: nil where nobody asked for it; then nothing is done.
    mutating func verify(
        _ ephemeralKey: QuorumPublicKey,
        under manifest: CheckedManifest,
        by vouching: EnclaveVouching?,
        with client: GatewayClient
    ) async throws {
        guard let vouching else { return }
        let vouched = try await vouching.setupKey(from: client, under: manifest)
        guard vouched.key == ephemeralKey else { throw CommandFailure.otherEphemeralKey(than: vouched.key) }
        try tell(
            "Attested: the ephemeral key, by the word of \(vouched.attestation.authority)",
            ["attested_by": .string("\(vouched.attestation.root)")])
    }
}

extension CommandFailure {
    /// A gateway that tells another key than the one that its enclave attests.
    static func otherEphemeralKey(than attested: QuorumPublicKey) -> Self {
        .failed(
            "The gateway tells another ephemeral key than the enclave attests, "
                + "\(Hex.encode(attested.fingerprint)).",
            hint: "Trust nothing of what it says, and ask who runs it.")
    }
}
