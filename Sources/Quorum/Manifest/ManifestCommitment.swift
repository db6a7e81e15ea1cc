// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// What an enclave writes into a register of its own, so that each attestation document binds its key to a manifest.
package enum ManifestCommitment: Equatable, Sendable {
    /// To the key that takes the shares or the forwarded seed.
    case setup
    /// To the key of the enclave that has the quorum key.
    case live

    /// The index of the register.
    package var register: Int {
        switch self {
        case .setup: 16
        case .live: 17
        }
    }

    /// The canonical JSON that is hashed.
    ///
    /// - Parameters:
    ///   - manifestHash: 32 bytes.
    ///   - ephemeralKey: the public key, 130 bytes.
    package func preimage(manifestHash: [UInt8], ephemeralKey: [UInt8]) -> [UInt8] {
        JSONValue.fields([
            "domain": .string(domain), "ephemeralPublicKey": .hex(ephemeralKey), "manifestHash": .hex(manifestHash),
        ]).canonical()
    }

    /// What the register is extended by: SHA-384 of the preimage, 48 bytes.
    package func commitment(manifestHash: [UInt8], ephemeralKey: [UInt8]) -> [UInt8] {
        SHA384.digest(preimage(manifestHash: manifestHash, ephemeralKey: ephemeralKey))
    }

    /// What the register has afterwards, 48 bytes.
    package func registerValue(manifestHash: [UInt8], ephemeralKey: [UInt8]) -> [UInt8] {
        PCR.extended(by: commitment(manifestHash: manifestHash, ephemeralKey: ephemeralKey))
    }

    private var domain: String {
        switch self {
        case .setup: "qos-setup-manifest-pcr-commitment-v1"
        case .live: "qos-live-manifest-pcr-commitment-v1"
        }
    }
}
