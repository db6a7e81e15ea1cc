// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Quorum

/// The exchange that gives one enclave the quorum key of another.
///
/// It may end anywhere and be begun again: a target that has the manifest already keeps its key for the exchange, each
/// challenge is good for one document only, and a target that has the quorum key is done.
struct KeyForwarding: Sendable {
    let source: ForwardingSource
    /// nil where the source alone verifies the documents.
    let vouching: EnclaveVouching?

    /// How it ended well.
    enum Outcome: String, Sendable {
        case forwarded
        /// It had the same key before.
        case alreadyHeld = "already_held"
    }

    /// Forwards the key.
    ///
    /// - Throws: ``CommandFailure`` with the first check that failed; ``OutputError``.
    func forward(
        from giver: GatewayClient,
        to taker: GatewayClient,
        telling report: inout ForwardingReport
    ) async throws -> Outcome {
        let standing = try await EnclaveStanding.ask(taker)
        if let held = standing.key {
            try await confirm(held, standing, of: taker, telling: &report)
            return .alreadyHeld
        }
        guard ["WaitingForBootInstruction", "WaitingForForwardedKey"].contains(standing.state) else {
            throw CommandFailure.failed(
                "The enclave is in \(standing.quotedState), where it takes no forwarded key.",
                hint: "It must be in WaitingForBootInstruction or WaitingForForwardedKey; restart it.")
        }
        try report.tell("In \(standing.state)")
        let ephemeralKey = try await shareManifest(with: taker)
        try report.tell("Has the manifest: it computes the same hash, \(Hex.encode(source.manifest.hash))")
        let nonce = try await challenge(by: giver)
        try report.tell("Challenged by the source: a nonce that is good for one document")
        let document = try await taker.attestation(nonce: nonce)
        try await check(document, nonce: nonce, ephemeralKey, telling: &report)
        let exported = try await export(to: document, by: giver)
        try report.tell("Exported: the source accepts the document, and the quorum key signed what it sealed")
        try await inject(exported, into: taker)
        let after = try await EnclaveStanding.ask(taker)
        guard let held = after.key, after.state.utf8.elementsEqual(ForwardingSource.ready.utf8) else {
            throw CommandFailure.failed("The enclave is in \(after.quotedState), without the quorum key.")
        }
        try check(held)
        try report.tell("\(after.state): holds the same quorum key, by fingerprint and key check")
        return .forwarded
    }

    /// Finds out whether a target holds the source's key already: by its gateway's word, and by its own document where
    /// somebody said which ones count.
    private func confirm(
        _ held: EnclaveKeyReport,
        _ standing: EnclaveStanding,
        of taker: GatewayClient,
        telling report: inout ForwardingReport
    ) async throws {
        try check(held)
        try report.tell("\(standing.state): holds the same quorum key already, by fingerprint and key check")
        if let hash = standing.manifestHash, hash != source.manifest.hash {
            try report.tell("Under another manifest, \(Hex.encode(hash)); an enclave takes a new one when it is fresh")
        }
        guard let vouching else { return report.remarkUnverified() }
        let vouched = try await vouching.liveKey(from: taker, under: source.manifest)
        try report.tell("Document: carries a fresh nonce, the manifest's hash, and PCR0 to PCR3 of the manifest")
        try report.tell("Document: PCR17 binds the key of an enclave that holds the quorum key to the manifest")
        try report.tell("Document: verified here, by the word of \(vouched.attestation.authority)")
    }

    /// Whether a key is the source's.
    private func check(_ held: EnclaveKeyReport) throws(CommandFailure) {
        guard held.fingerprint.utf8.elementsEqual(source.key.fingerprint.utf8) else {
            throw .failed(
                "The enclave holds another quorum key: \(held.fingerprint.quoted).",
                hint: "The source's is \(source.key.fingerprint).")
        }
        guard held.keyCheck.utf8.elementsEqual(source.key.keyCheck.utf8) else {
            throw .failed(
                "The enclave has another key check, \(held.keyCheck.quoted), so it does not hold the same quorum key.",
                hint: "The source's is \(source.key.keyCheck).")
        }
    }
}

// MARK: - The calls

extension KeyForwarding {
    /// - Returns: the key that the gateway tells.
    private func shareManifest(with taker: GatewayClient) async throws(CommandFailure) -> QuorumPublicKey {
        let body = JSONValue.fields([
            "manifest_envelope": source.envelope.json, "share_commitments": source.commitments,
        ]).compact()
        let answer = try await taker.post("/enclave/share-manifest", json: body)
        let (hash, key) = try answer.result("ShareManifestResponse", from: taker.address) {
            (result) throws(QuorumError) in
            (
                try result.required("manifest_hash").byteArray(count: 32),
                try QuorumPublicKey(result.required("ephemeral_key").byteArray())
            )
        }
        guard hash == source.manifest.hash else {
            throw .failed("The enclave took another manifest: \(Hex.encode(hash)).")
        }
        return key
    }

    private func challenge(by giver: GatewayClient) async throws(CommandFailure) -> [UInt8] {
        let answer = try await giver.post("/enclave/export-challenge", json: Array("{}".utf8))
        return try answer.result("ExportChallengeResponse", from: giver.address) { (result) throws(QuorumError) in
            try result.required("nonce").byteArray(count: 32)
        }
    }

    /// Holds a document against what it must say, and verifies it where that was asked for.
    private func check(
        _ bytes: [UInt8],
        nonce: [UInt8],
        _ told: QuorumPublicKey,
        telling report: inout ForwardingReport
    ) async throws {
        let vouched = try await vouching?.setupKey(in: bytes, under: source.manifest, nonce: nonce)
        let key = try vouched?.key ?? key(in: bytes, nonce: nonce)
        guard key == told else { throw CommandFailure.otherEphemeralKey(than: key) }
        for line in [
            "Document: carries the nonce", "Document: names the manifest's hash",
            "Document: PCR0 to PCR3 are the manifest's",
            "Document: the key is the one that the gateway tells, \(Hex.encode(told.fingerprint))",
            "Document: PCR16 binds the key to the manifest",
        ] {
            try report.tell(line)
        }
        try report.tell(
            (vouched?.attestation).map { "Document: verified here, by the word of \($0.authority)" }
                ?? "Document: not verified here (--root, --policy); the source verifies it")
    }

    /// The key in a document that nobody has verified.
    private func key(in bytes: [UInt8], nonce: [UInt8]) throws(CommandFailure) -> QuorumPublicKey {
        let document: AttestationDocument
        do {
            document = try AttestationDocument(parsing: bytes)
        } catch {
            throw .failed("The attestation document cannot be read: \(error.words).")
        }
        return try KeyClaim(commitment: .setup, manifest: source.manifest, nonce: nonce).key(in: document)
    }

    /// What the source seals to the attested key.
    private struct ExportedKey {
        let ciphertext: [UInt8]
        let signature: [UInt8]
    }

    private func export(
        to document: [UInt8],
        by giver: GatewayClient
    ) async throws(CommandFailure) -> ExportedKey {
        let body = JSONValue.fields([
            "manifest_envelope": source.envelope.json, AttestationForm.field: .byteArray(document),
        ]).compact()
        let answer = try await giver.post("/enclave/export-key", json: body)
        let exported = try answer.result("ExportKeyResponse", from: giver.address) { (result) throws(QuorumError) in
            ExportedKey(
                ciphertext: try result.required("encrypted_quorum_key").byteArray(),
                signature: try result.required("signature").byteArray(count: 64))
        }
        do {
            try source.manifest.quorumKey.verify(exported.signature, of: exported.ciphertext)
        } catch {
            throw .failed("What the source exported is not signed by the quorum key.")
        }
        return exported
    }

    private func inject(_ exported: ExportedKey, into taker: GatewayClient) async throws(CommandFailure) {
        let body = JSONValue.fields([
            "encrypted_quorum_key": .byteArray(exported.ciphertext), "signature": .byteArray(exported.signature),
        ]).compact()
        let answer = try await taker.post("/enclave/inject-key", json: body)
        _ = try answer.result("InjectKeyResponse", from: taker.address)
    }
}
