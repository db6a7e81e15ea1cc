// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Protocol
import Quorum

/// A document that binds a key which waits for the quorum key to a manifest: of an enclave between its boot instruction
/// and its provisioning.
struct SetupDocument {
    /// 32 bytes.
    let manifestHash: [UInt8]
    private let publicKey: [UInt8]
    /// PCR16.
    private let register: [UInt8]

    /// Takes a document for one.
    ///
    /// - Throws: ``EnclaveError/Reason/notASetupDocument`` for one that names no manifest or no key, that does not have
    ///   all registers, or that is of an enclave which has its quorum key already.
    init(_ document: AttestationDocument) throws(EnclaveError) {
        guard let manifestHash = document.userData, manifestHash.count == SHA256.byteCount,
            let publicKey = document.publicKey
        else { throw EnclaveError(.notASetupDocument, field: "attestation_doc") }
        let registers = (0...31).compactMap { document.registers[$0] }
        let setup = ManifestCommitment.setup.register
        let live = ManifestCommitment.live
        guard registers.count == 32,
            registers[live.register]
                != live.registerValue(manifestHash: manifestHash, ephemeralKey: publicKey)
        else { throw EnclaveError(.notASetupDocument, field: "attestation_doc") }
        self.manifestHash = manifestHash
        self.publicKey = publicKey
        register = registers[setup]
    }

    /// The key that the register commits to.
    ///
    /// - Throws: ``EnclaveError/Reason/notASetupDocument`` where it commits to something else;
    ///   ``EnclaveError/Reason/badAttestation`` where the key is not two different points on the curve.
    func attestedKey() throws(EnclaveError) -> QuorumPublicKey {
        let committed = ManifestCommitment.setup
            .registerValue(manifestHash: manifestHash, ephemeralKey: publicKey)
        guard register == committed else {
            throw EnclaveError(.notASetupDocument, field: "attestation_doc.pcrs[16]")
        }
        guard let key = try? QuorumPublicKey(publicKey), key.encryptionPoint != key.signingPoint else {
            throw EnclaveError(.badAttestation, field: "attestation_doc.public_key")
        }
        return key
    }
}
