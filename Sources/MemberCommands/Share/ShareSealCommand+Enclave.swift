// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Quorum

extension ShareSealCommand {
    /// The key of the enclave that is to have the share, with the answer that told it.
    struct EnclaveKey: Sendable {
        let key: QuorumPublicKey
        /// As it came; empty where there is none.
        let bytes: [UInt8]
        let answer: CeremonyAnswer?
        /// Absent where nobody verified anything.
        var attestation: VerifiedAttestation?

        /// Whose word it is, for a person.
        var voucher: String {
            attestation.map { "attested by the word of \($0.authority)" }
                ?? "for which NO attestation document vouches"
        }
    }

    /// Whether something that is needed is in no file.
    var asksGateway: Bool {
        let asksDocument = !insecureDevelopment && document == nil
        return asksDocument || asksAnswer
    }

    /// Whether that is the key, or the share.
    private var asksAnswer: Bool {
        guard ephemeralKey == nil, answer == nil else { return false }
        return insecureDevelopment || share == nil && genesis == nil
    }

    /// The enclave's key, which must be about the member's own manifest.
    ///
    /// - Parameter vouching: nil for an experiment, in which whatever key is told is taken.
    func enclave(
        under manifest: CheckedManifest,
        by vouching: EnclaveVouching?,
        in session: CommandSession
    ) async throws -> EnclaveKey {
        let told = try await told(under: manifest, in: session)
        guard let vouching else {
            guard let told else { throw CommandFailure.misuse("Nothing tells the enclave's ephemeral key.") }
            return told
        }
        let vouched = try await vouched(under: manifest, by: vouching, in: session)
        if let told, told.key != vouched.key { throw CommandFailure.otherEphemeralKey(than: vouched.key) }
        return EnclaveKey(
            key: vouched.key, bytes: told?.bytes ?? [], answer: told?.answer, attestation: vouched.attestation)
    }

    private func vouched(
        under manifest: CheckedManifest,
        by vouching: EnclaveVouching,
        in session: CommandSession
    ) async throws -> VouchedKey {
        guard let document else {
            let address = try gateway.address(in: session)
            return try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
                try await vouching.setupKey(from: client, under: manifest)
            }
        }
        let bytes = try AttestationForm.document(
            in: MemberFiles.read(document, "attestation document", in: session))
        let nonce = nonce.flatMap(AttestationNonce.read)
        if nonce == nil {
            session.output.remark(
                "Not compared: a nonce, so the document may be an old one, of an enclave that is no more (--nonce).")
        }
        return try await vouching.setupKey(in: bytes, under: manifest, nonce: nonce)
    }

    /// What files or the gateway tell of the key; nil where nothing else than the document has to.
    private func told(
        under manifest: CheckedManifest,
        in session: CommandSession
    ) async throws -> EnclaveKey? {
        if let ephemeralKey {
            let key = try PublicKeyFile.read(ephemeralKey, "ephemeral key", in: session)
            return EnclaveKey(key: key, bytes: [], answer: nil)
        }
        if let answer {
            return try Self.key(in: MemberFiles.read(answer, "answer", in: session), under: manifest)
        }
        guard asksAnswer else { return nil }
        return try Self.key(in: try await askGateway(in: session), under: manifest)
    }

    private func askGateway(in session: CommandSession) async throws -> [UInt8] {
        let address = try gateway.address(in: session)
        let answer = try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
            try await client.get("/enclave/genesis")
        }
        guard answer.status != 404 else {
            throw CommandFailure.failed(
                "The enclave had no genesis, so its gateway can tell neither the share nor the ephemeral key again.",
                hint: "The answer to the genesis has the share: --genesis. That of boot standard has the key: --answer."
            )
        }
        guard answer.status == 200 else { throw answer.refusal(from: address) }
        return answer.body
    }

    /// The key in an answer, which must be about the member's own manifest.
    private static func key(in bytes: [UInt8], under manifest: CheckedManifest) throws(CommandFailure) -> EnclaveKey {
        let answer: CeremonyAnswer
        do {
            answer = try CeremonyAnswer(JSONValue(parsing: bytes))
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw .failed("The answer is not JSON as a gateway writes it.")
        }
        guard let key = answer.ephemeralKey else { throw .failed("The answer has no ephemeral_key.") }
        guard let hash = answer.manifestHash ?? answer.envelope?.manifest.hash() else {
            throw .failed("The answer does not say which manifest the enclave has.")
        }
        guard hash == manifest.hash else {
            throw .failed(
                "The enclave has another manifest than yours: \(Hex.encode(hash)).",
                hint: "Yours is \(Hex.encode(manifest.hash))."
            )
        }
        if let key = answer.quorumKey, key != manifest.quorumKey {
            throw .failed(
                "The answer names another quorum key than your manifest: \(Hex.encode(key.fingerprint)).",
                hint: "Yours is \(Hex.encode(manifest.quorumKey.fingerprint)).")
        }
        try answer.checkCommitments(of: manifest)
        return EnclaveKey(key: key, bytes: bytes, answer: answer)
    }
}
