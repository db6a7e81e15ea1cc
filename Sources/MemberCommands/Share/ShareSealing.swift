// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory

/// A share that its member has sealed to one enclave, with the member's word for it: an element of `shares` in a
/// request to inject shares. Nothing in it is secret.
struct ShareSealing: Sendable {
    let alias: String
    /// 130 bytes.
    let envelope: [UInt8]
    /// By the member's signing key, 64 bytes.
    let signature: [UInt8]

    /// Seals a plain share, and signs which enclave and manifest it is for.
    ///
    /// - Parameters:
    ///   - share: 33 bytes.
    ///   - ephemeralKey: the enclave's own; who does not know whose it is gives the share away.
    init(
        _ share: borrowing SecretBytes,
        alias: String,
        pair: QuorumKeyPair,
        ephemeralKey: QuorumPublicKey,
        manifestHash: [UInt8]
    ) throws(CommandFailure) {
        let envelope: [UInt8]
        let signature: [UInt8]
        do {
            envelope = try share.withBytes { (share) throws(QuorumError) in
                try Envelope.seal(share, to: ephemeralKey, entropy: EntropySource(), memory: .guarded)
            }
            signature = try pair.sign(
                ShareApproval.message(
                    manifestHash: manifestHash, ephemeralKey: ephemeralKey, sealedShare: envelope))
        } catch {
            throw error.failure(writing: "sealed share")
        }
        self.alias = alias
        self.envelope = envelope
        self.signature = signature
    }

    /// The element.
    var json: JSONValue {
        .fields([
            "member_alias": .string(alias),
            "sealed_share": .byteArray(envelope),
            "approval": .fields(["signature": .byteArray(signature)]),
        ])
    }
}
