// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Protocol
import Quorum

extension Enclave {
    /// What a document is about.
    private struct Subject: Equatable {
        var manifestHash: [UInt8]?
        var publicKey: [UInt8]?

        /// Nothing before a boot instruction; the manifest and the setup key from then until the provisioning; the
        /// manifest and the live key afterwards.
        init(_ holdings: Holdings) {
            manifestHash = holdings.manifest?.checked.hash
            let key = holdings.key == nil ? holdings.bootKeys?.setup : holdings.bootKeys?.live
            publicKey = key?.publicKey.bytes
        }
    }

    /// How often a document is made anew where the manifest was replaced meanwhile.
    private static let attempts = 3

    /// A document that attests what this enclave is and holds.
    ///
    /// - Throws: what ``checkForm(_:)`` throws; ``EnclaveError/Reason/manifestMismatch`` and
    ///   ``EnclaveError/Reason/measurementMismatch`` where something else was expected of it;
    ///   ``EnclaveError/Reason/internalFailure`` where the module refuses.
    func attest(_ request: AttestationRequest) throws(EnclaveError) -> AttestationResult {
        try Self.checkForm(request)
        try compareRegisters(request.registers)
        for _ in 0..<Self.attempts {
            let subject = try attestedSubject()
            try Self.compare(request.manifestHash, with: subject.manifestHash)
            let document = try makeDocument(
                userData: subject.manifestHash, nonce: request.nonce, publicKey: subject.publicKey)
            // The registers change with the subject only: where it is the same, the document is of one piece.
            if try attestedSubject() == subject { return AttestationResult(document: document) }
        }
        throw EnclaveError(.busy)
    }

    private func attestedSubject() throws(EnclaveError) -> Subject {
        try read { state throws(EnclaveError) in
            try state.machine.admit(.generateAttestation)
            return Subject(state.holdings)
        }
    }

    /// A document about what a genesis gave out.
    func genesisDocument(_ output: [UInt8], nonce: [UInt8]?) throws(EnclaveError) -> [UInt8] {
        try makeDocument(userData: SHA256.digest(output), nonce: nonce, publicKey: nil)
    }

    private func makeDocument(
        userData: [UInt8]?, nonce: [UInt8]?, publicKey: [UInt8]?
    ) throws(EnclaveError) -> [UInt8] {
        do {
            // An empty nonce is none.
            return try module.attest(
                userData: userData, nonce: nonce.flatMap { $0.isEmpty ? nil : $0 }, publicKey: publicKey)
        } catch {
            throw EnclaveError(module: error)
        }
    }

    // MARK: What was expected

    private static let registerFields: [StaticString] = [
        "pcr_values[0]", "pcr_values[1]", "pcr_values[2]", "pcr_values[3]",
    ]

    /// Whether a request is no longer than one can be: before it waits for a worker.
    ///
    /// - Throws: ``EnclaveError/Reason/outOfRange``.
    static func checkForm(_ request: AttestationRequest) throws(EnclaveError) {
        guard request.nonce.map({ Limits.attestationNonceBytes.contains($0.count) }) ?? true else {
            throw EnclaveError(.outOfRange, field: "nonce")
        }
        guard request.manifestHash.map({ $0.count == SHA256.byteCount }) ?? true else {
            throw EnclaveError(.outOfRange, field: "manifest_hash")
        }
        guard request.registers.isEmpty || request.registers.count == registerFields.count else {
            throw EnclaveError(.outOfRange, field: "pcr_values")
        }
        for (register, field) in zip(request.registers, registerFields) {
            guard register.isEmpty || register.count == Limits.registerBytes else {
                throw EnclaveError(.outOfRange, field: field)
            }
        }
    }

    private func compareRegisters(_ expected: [[UInt8]]) throws(EnclaveError) {
        for (index, (register, own)) in zip(expected, identity.measurements.registers).enumerated() {
            guard register.isEmpty || register == own else {
                throw EnclaveError(.measurementMismatch, field: Self.registerFields[index])
            }
        }
    }

    /// Zeros stand for whichever manifest is held.
    private static func compare(_ expected: [UInt8]?, with held: [UInt8]?) throws(EnclaveError) {
        guard let expected, expected.contains(where: { $0 != 0 }) else { return }
        guard expected == held else { throw EnclaveError(.manifestMismatch, field: "manifest_hash") }
    }
}
