// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// A member's word that this sealed share is meant for this enclave under this manifest.
///
/// QuorumOS signs the manifest's hash alone, which also stands in the public manifest as an approval, says nothing of
/// the share and can be replayed. Here the signature covers the manifest, the enclave's key and the ciphertext, behind
/// a purpose of its own.
package enum ShareApproval {
    private static let purpose = Array("renclave/share-approval/v1\0".utf8)

    /// The bytes that are signed: purpose ‖ manifest hash (32) ‖ SHA-256(ephemeral key) ‖ SHA-256(sealed share).
    package static func message(manifestHash: [UInt8], ephemeralKey: QuorumPublicKey, sealedShare: [UInt8]) -> [UInt8] {
        purpose + manifestHash + SHA256.digest(ephemeralKey.bytes) + SHA256.digest(sealedShare)
    }
}
