// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import Foundation
import Primitives
import ProcessKit
import Quorum

/// Somebody who has a root's key and no enclave, and signs documents that say whatever is wanted.
struct LyingPeer {
    /// What it asks the quorum key to be sealed to.
    let member: Member
    private let module: EmulatedSecurityModule

    /// - Parameter registers: PCR0 to PCR3, 48 bytes each.
    init(under root: AttestationRoot, registers: [[UInt8]]) throws {
        member = try Member(66)
        module = try EmulatedSecurityModule(
            root: root, registers: EmulatedRegisters(values: registers),
            now: { Int64(Date().timeIntervalSince1970 * 1000) })
    }

    /// A document of an enclave that waits under a manifest, which there is not.
    func document(_ manifestHash: [UInt8], nonce: [UInt8]?) throws -> [UInt8] {
        let key = member.key.publicKey.bytes
        let setup = ManifestCommitment.setup
        try module.commit([
            (register: setup.register, data: setup.commitment(manifestHash: manifestHash, ephemeralKey: key))
        ])
        return try module.attest(userData: manifestHash, nonce: nonce, publicKey: key)
    }
}

extension JSON {
    /// PCR0 to PCR3 of a manifest envelope.
    var registers: [[UInt8]] {
        (0...3).compactMap { place in
            self["manifest"]?["enclave"]?["pcr\(place)"]?.string.flatMap { Hex.decode($0) }
        }
    }

    /// The hash of the manifest in an envelope.
    func manifestHash() throws -> [UInt8] {
        try ManifestEnvelope.decode(Array(text.utf8)).manifest.hash()
    }
}
