// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory

extension Enclave {
    /// A nonce by which a document of another enclave proves that it is fresh.
    ///
    /// - Throws: ``EnclaveError/Reason/entropyFailed``.
    func exportChallenge() throws(EnclaveError) -> ExportChallenge {
        let nonce: [UInt8]
        do {
            nonce = try entropy.bytes(ExportChallenges.nonceBytes)
        } catch {
            throw EnclaveError(lower: error)
        }
        challenges.open(nonce)
        return ExportChallenge(
            nonce: nonce, expiresAt: wallMilliseconds + Limits.exportChallengeMilliseconds)
    }

    /// Gives the quorum key to the enclave that a document attests, sealed to its key.
    ///
    /// - Throws: what ``ExportChecks`` throws, in its order; what the machine could not do. The challenge is then as
    ///   open as it was.
    func exportKey(_ request: ExportKeyRequest) throws(EnclaveError) -> ExportedKey {
        let (manifest, key) = try read { state throws(EnclaveError) in
            try state.machine.admit(.exportKey)
            guard let manifest = state.holdings.manifest, let key = state.holdings.key else {
                throw EnclaveError(.internalFailure)
            }
            return (manifest, key)
        }
        let checks = ExportChecks(
            identity: identity, module: module, challenges: challenges, manifest: manifest)
        let receiver = try checks.receiver(of: request)
        let exported = try export(key.pair, to: receiver.key)
        // Only now: what is refused uses nothing up, and of two with the same challenge one is answered.
        if let challenge = receiver.challenge, !challenges.close(challenge) {
            throw EnclaveError(.badNonce, field: "attestation_doc.nonce")
        }
        return exported
    }

    private func export(_ pair: QuorumKeyPair, to key: QuorumPublicKey) throws(EnclaveError) -> ExportedKey {
        do throws(QuorumError) {
            let ciphertext = try pair.withSeed { seed throws(QuorumError) in
                try Envelope.seal(seed, to: key, entropy: entropy, memory: .arena(arena))
            }
            return ExportedKey(ciphertext: ciphertext, signature: try pair.sign(ciphertext))
        } catch {
            throw EnclaveError(lower: error)
        }
    }

    /// Takes the quorum key that another enclave sealed to this one's setup key.
    ///
    /// - Throws: ``EnclaveError/Reason/badSignature``, ``EnclaveError/Reason/badCiphertext``,
    ///   ``EnclaveError/Reason/keyMismatch``, or what the machine could not do; nothing has then changed.
    func injectKey(_ request: InjectKeyRequest) throws(EnclaveError) -> InjectKeyResult {
        try change(for: .injectKey) { state throws(EnclaveError) in
            guard let manifest = state.holdings.manifest, let keys = state.holdings.bootKeys,
                let setupKey = keys.setup
            else { throw EnclaveError(.internalFailure) }
            try Self.checkSignature(of: request, by: manifest.checked.quorumKey)
            guard let pair = try open(request.ciphertext, with: setupKey) else {
                throw EnclaveError(.badCiphertext, field: "encrypted_quorum_key")
            }
            guard pair.publicKey == manifest.checked.quorumKey else {
                throw EnclaveError(.keyMismatch, field: "encrypted_quorum_key")
            }
            let key: ProvisionedKey
            do throws(QuorumError) {
                key = try ProvisionedKey(pair, namespaceName: manifest.checked.manifest.namespace.name)
            } catch {
                throw EnclaveError(lower: error)
            }
            return Change(value: InjectKeyResult(phase: .applicationReady)) { state, now throws(EnclaveError) in
                try state.machine.enter(.quorumKeyProvisioned, at: now)
                try state.machine.enter(.applicationReady, at: now)
                state.holdings = Holdings(manifest: manifest, bootKeys: keys.provisioned, key: key)
            }
        }
    }

    private static func checkSignature(
        of request: InjectKeyRequest, by key: QuorumPublicKey
    ) throws(EnclaveError) {
        do {
            try key.verify(request.signature, of: request.ciphertext)
        } catch {
            if error.isOfTheMachine { throw EnclaveError(lower: error) }
            throw EnclaveError(.badSignature, field: "signature")
        }
    }

    /// The key pair whose master seed was sealed; `nil` where it is none.
    private func open(
        _ ciphertext: [UInt8], with setupKey: QuorumKeyPair
    ) throws(EnclaveError) -> QuorumKeyPair? {
        do throws(QuorumError) {
            let seed = try setupKey.open(ciphertext, memory: .arena(arena))
            return try seed.withBytes { seed throws(QuorumError) in try QuorumKeyPair(seed: seed) }
        } catch {
            if error.isOfTheMachine { throw EnclaveError(lower: error) }
            return nil
        }
    }
}
