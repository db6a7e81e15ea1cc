// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Quorum

/// Finds out whether an attestation document vouches for an enclave and for what it says.
struct EnclaveVouching: Sendable {
    let policy: AttestationPolicy
    let clock: @Sendable () -> Moment

    /// Verifies a document, as its form, signature, certificates and the policy ask.
    ///
    /// - Parameters:
    ///   - nonce: what it must carry; nil where that is not compared.
    ///   - isKept: whether the document was made some time ago, and is verified at its own time: a Nitro document's
    ///     certificate is valid for three hours. The age that a policy allows is for fresh ones.
    func verify(
        _ document: [UInt8],
        nonce: [UInt8]?,
        isKept: Bool = false
    ) async throws(CommandFailure) -> VerifiedAttestation {
        var policy = policy
        policy.nonce = nonce
        let now = clock().milliseconds
        do throws(AttestationError) {
            let verifier = AttestationVerifier(policy: policy)
            let verified = try await verifier.verify(
                document, at: isKept ? .documentTime : .at(milliseconds: now))
            guard verified.document.timestamp <= UInt64(clamping: now) + Self.clockDifference else {
                throw .future
            }
            return verified
        } catch {
            throw .failed(
                "The attestation document is not accepted: \(error.words).",
                hint: error == .untrusted(.otherRoot) ? "--root or --policy names the roots that you trust." : nil)
        }
    }

    /// By how many milliseconds clocks may differ.
    private static let clockDifference: UInt64 = 60_000

    /// Verifies a fresh document of an enclave that waits for a quorum key, and what it says.
    ///
    /// - Returns: the key that it binds to the manifest, to which shares and the quorum key may be sealed.
    func setupKey(
        in document: [UInt8],
        under manifest: CheckedManifest,
        nonce: [UInt8]?
    ) async throws(CommandFailure) -> VouchedKey {
        try await key(.setup, in: document, under: manifest, nonce: nonce)
    }

    /// Asks an enclave that waits for a quorum key for a document with a nonce of our own, and verifies it.
    func setupKey(
        from client: GatewayClient,
        under manifest: CheckedManifest
    ) async throws(CommandFailure) -> VouchedKey {
        let nonce = try AttestationNonce.fresh()
        let document = try await client.attestation(nonce: nonce)
        return try await setupKey(in: document, under: manifest, nonce: nonce)
    }

    /// Asks an enclave that holds the quorum key for a document with a nonce of our own, and verifies it.
    ///
    /// - Returns: the key that it binds to the manifest as that of an enclave which has the quorum key.
    func liveKey(
        from client: GatewayClient,
        under manifest: CheckedManifest
    ) async throws(CommandFailure) -> VouchedKey {
        let nonce = try AttestationNonce.fresh()
        let document = try await client.attestation(nonce: nonce)
        return try await key(.live, in: document, under: manifest, nonce: nonce)
    }

    private func key(
        _ commitment: ManifestCommitment,
        in document: [UInt8],
        under manifest: CheckedManifest,
        nonce: [UInt8]?
    ) async throws(CommandFailure) -> VouchedKey {
        let verified = try await verify(document, nonce: nonce)
        let claim = KeyClaim(commitment: commitment, manifest: manifest, nonce: nonce)
        let key = try claim.key(in: verified.document)
        try checkPlace(verified, under: manifest.manifest.enclave)
        return VouchedKey(key: key, attestation: verified)
    }

    /// Verifies that an enclave made exactly this genesis.
    ///
    /// - Parameters:
    ///   - nonce: of the request, where the member's own copy has one.
    ///   - isKept: as in ``verify(_:nonce:isKept:)``.
    func verify(
        _ genesis: GenesisRecord,
        nonce: [UInt8]?,
        isKept: Bool
    ) async throws(CommandFailure) -> VerifiedAttestation {
        guard let document = genesis.attestationDocument, let manifest = genesis.manifest else {
            throw .failed(
                "The genesis has no attestation document, so that nothing can be verified.",
                hint: "The gateway's whole answer to a genesis has one: attestation_doc.")
        }
        let verified = try await verify(document, nonce: nonce, isKept: isKept)
        guard verified.document.userData == genesis.outputHash else {
            throw .failed("The attestation document is about another genesis: its user data is not this one's hash.")
        }
        try KeyClaim.checkMeasurements(of: verified.document, manifest.manifest.enclave)
        try checkPlace(verified, under: manifest.manifest.enclave)
        return verified
    }

    /// What a document's form and signature do not show: that nobody can look into the enclave, and that its root is
    /// the one that the manifest names.
    private func checkPlace(_ verified: VerifiedAttestation, under enclave: NitroConfig) throws(CommandFailure) {
        let registers = verified.document.registers
        guard !(0...2).contains(where: { registers[$0]?.isAllZero ?? true }) else {
            throw .failed(
                "The attested enclave is in debug mode: its PCR0 to PCR2 are zero, and others can look into it.")
        }
        guard verified.root == RootFingerprint(ofCertificate: enclave.awsRootCertificate) else {
            throw .failed(
                "The attestation document is under another root than the one that the manifest names: "
                    + "\(verified.root).")
        }
    }
}

/// The key of an enclave that waits for a quorum key, or holds it, as a verified document attests it.
struct VouchedKey: Sendable {
    let key: QuorumPublicKey
    let attestation: VerifiedAttestation
}

extension VerifiedAttestation {
    /// Whose word it is, as a part of a sentence: a root by its name where this tool knows it.
    var authority: String {
        KnownRoot(root)?.meaning ?? "the root \(root)"
    }

    /// When the document was made, by its own word.
    var moment: Moment { Moment(milliseconds: Int64(clamping: document.timestamp)) }
}
