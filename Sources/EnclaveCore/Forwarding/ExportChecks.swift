// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Protocol
import Quorum

/// All that must hold before the quorum key leaves this enclave: the document first, then the manifest, in the order
/// of the contract.
struct ExportChecks {
    /// Whom the key may be sealed to.
    struct Receiver {
        let key: QuorumPublicKey
        /// What the document answered; it is still open.
        let challenge: [UInt8]?
    }

    let identity: EnclaveIdentity
    let module: any SecurityModule
    let challenges: ExportChallenges
    /// This enclave's own.
    let manifest: AdoptedManifest

    private var rules: TrustRules { identity.policy.rules }

    /// Who asks, and whether it may have the key.
    ///
    /// - Throws: of the document ``EnclaveError/Reason/badAttestation``,
    ///   ``EnclaveError/Reason/untrustedAttestation``, ``EnclaveError/Reason/expiredAttestation``,
    ///   ``EnclaveError/Reason/badNonce``, ``EnclaveError/Reason/staleAttestation``,
    ///   ``EnclaveError/Reason/notASetupDocument``; of both ``EnclaveError/Reason/manifestMismatch``,
    ///   ``EnclaveError/Reason/measurementMismatch``; of the manifest what ``SuccessorChecks`` throws, and
    ///   ``EnclaveError/Reason/debugEnclave``.
    func receiver(of request: ExportKeyRequest) throws(EnclaveError) -> Receiver {
        let attested = try verify(request.document)
        let challenge = try checkFreshness(attested)
        let setup = try SetupDocument(attested.document)
        let envelope = try ManifestAdmission.read(request.manifestEnvelope)
        let hash = envelope.manifest.hash()
        guard setup.manifestHash == hash else {
            throw EnclaveError(.manifestMismatch, field: "manifest_envelope")
        }
        try compareMeasurements(attested, with: envelope.manifest.enclave)
        let key = try setup.attestedKey()
        let isOwn = hash == manifest.checked.hash
        let candidate = isOwn ? manifest.checked : try ManifestAdmission.check(envelope.manifest)
        try SuccessorChecks(held: manifest, rules: rules)
            .check(candidate, approvals: envelope.manifestSetApprovals)
        try checkHardware(attested.document)
        return Receiver(key: key, challenge: challenge)
    }

    // MARK: The document

    private func verify(_ document: [UInt8]) throws(EnclaveError) -> VerifiedAttestation {
        guard Limits.attestationDocumentBytes.contains(document.count) else {
            throw EnclaveError(.outOfRange, field: "attestation_doc")
        }
        let verifier = AttestationVerifier(policy: AttestationPolicy(roots: [identity.attestationRoot]))
        do {
            return try verifier.verifyHere(document, at: .documentTime)
        } catch {
            throw EnclaveError(attestation: error)
        }
    }

    /// - Returns: the challenge that the document answers, where it answers one.
    private func checkFreshness(_ attested: VerifiedAttestation) throws(EnclaveError) -> [UInt8]? {
        let challenge = attested.document.nonce
        if let challenge {
            guard challenges.isOpen(challenge) else {
                throw EnclaveError(.badNonce, field: "attestation_doc.nonce")
            }
        } else if rules.requiresChallenge {
            throw EnclaveError(.badNonce, field: "attestation_doc.nonce")
        }
        let now: Int64
        do {
            now = try module.milliseconds()
        } catch {
            throw EnclaveError(module: error)
        }
        let tolerance = Limits.attestationAgeMilliseconds
        let timestamp = Int64(clamping: attested.document.timestamp)
        let isRecent = timestamp >= now - tolerance && timestamp <= now + Limits.clockSkewMilliseconds
        guard challenge != nil || isRecent else {
            throw EnclaveError(.staleAttestation, field: "attestation_doc.timestamp")
        }
        // A key that attested once, and that somebody has since, could still sign for its own past.
        let validity = attested.validity
        guard now <= validity.upperBound + tolerance, now >= validity.lowerBound - tolerance else {
            throw EnclaveError(.expiredAttestation, field: "attestation_doc.certificate")
        }
        return challenge
    }

    // MARK: Both

    private func compareMeasurements(
        _ attested: VerifiedAttestation, with enclave: NitroConfig
    ) throws(EnclaveError) {
        let registers = (0...3).map { attested.document.registers[$0] ?? [] }
        if let field = enclave.firstDifference(from: registers) {
            throw EnclaveError(.measurementMismatch, field: field)
        }
        guard RootFingerprint(ofCertificate: enclave.awsRootCertificate) == attested.root else {
            throw EnclaveError(.measurementMismatch, field: NitroConfig.rootField)
        }
    }

    /// What only hardware can show.
    private func checkHardware(_ document: AttestationDocument) throws(EnclaveError) {
        func isZero(_ index: Int) -> Bool { document.registers[index]?.allSatisfy { $0 == 0 } ?? true }
        if rules.requiresRole {
            guard !isZero(3), document.registers[3] == identity.measurements.pcr3 else {
                throw EnclaveError(.measurementMismatch, field: "attestation_doc.pcrs[3]")
            }
        }
        if rules.refusesDebugEnclaves, (0...2).contains(where: isZero) {
            throw EnclaveError(.debugEnclave, field: "attestation_doc.pcrs")
        }
    }
}
