// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// What a gateway says of a ceremony: the answer to a genesis, to a boot or to the question for the manifest, of which
/// each has only some of the fields. None of it is secret.
///
/// Nothing is believed that can be checked: what the answer says beside its manifest must agree with the manifest.
struct CeremonyAnswer: Sendable {
    /// A member's share, sealed to the member.
    struct EncryptedShare: Equatable, Sendable {
        let member: QuorumMember
        let envelope: [UInt8]
        /// SHA-512 of the plain share, 64 bytes.
        let shareHash: [UInt8]
    }

    let envelope: ManifestEnvelope?
    /// 32 bytes, as it is said.
    let manifestHash: [UInt8]?
    let quorumKey: QuorumPublicKey?
    let ephemeralKey: QuorumPublicKey?
    let encryptedShares: [EncryptedShare]?
    let commitments: ShareCommitments?
    /// As it came, to be sent again.
    let commitmentsJSON: JSONValue?
    let genesisOutput: GenesisOutput?
    /// The same as it came, of which a document about the genesis names the hash.
    let genesisOutputBytes: [UInt8]?
    /// Of which nothing is checked.
    let attestationDocument: [UInt8]?

    /// Reads an answer.
    ///
    /// - Throws: ``CommandFailure`` for a field that is not what the contract says, or contradicts the manifest.
    init(_ json: JSONValue) throws(CommandFailure) {
        envelope = try Self.field("manifest_envelope", of: json) { (value) throws(QuorumError) in
            try ManifestEnvelope.decode(value.compact())
        }
        manifestHash = try Self.field("manifest_hash", of: json) { (value) throws(QuorumError) in
            try value.byteArray(count: 32)
        }
        quorumKey = try Self.field("quorum_public_key", of: json) { (value) throws(QuorumError) in
            try QuorumPublicKey(value.byteArray())
        }
        ephemeralKey = try Self.field("ephemeral_key", of: json) { (value) throws(QuorumError) in
            try QuorumPublicKey(value.byteArray())
        }
        encryptedShares = try Self.field("encrypted_shares", of: json) { (value) throws(QuorumError) in
            try value.elements().map { (share) throws(QuorumError) in try EncryptedShare(share) }
        }
        commitmentsJSON = json.member("share_commitments")
        commitments = try Self.field("share_commitments", of: json) { (value) throws(QuorumError) in
            try ShareCommitments(answer: value)
        }
        genesisOutputBytes = try Self.field("genesis_output", of: json) { (value) throws(QuorumError) in
            try value.byteArray()
        }
        genesisOutput = try Self.field("genesis_output", of: json) { (value) throws(QuorumError) in
            try GenesisOutput.decode(value.byteArray())
        }
        attestationDocument = try Self.field(AttestationForm.field, of: json) { (value) throws(QuorumError) in
            try value.byteArray()
        }
        try checkAgreement()
    }

    private static func field<Value>(
        _ name: String,
        of json: JSONValue,
        _ read: (JSONValue) throws(QuorumError) -> Value
    ) throws(CommandFailure) -> Value? {
        guard let value = json.member(name), value != .null else { return nil }
        do {
            return try read(value)
        } catch {
            throw .failed("The field \(name) of the answer is not what it must be: \(error.words).")
        }
    }

    private func checkAgreement() throws(CommandFailure) {
        guard let envelope else { return }
        if let manifestHash, manifestHash != envelope.manifest.hash() {
            throw .contradiction("manifest_hash is not the hash of its manifest")
        }
        let key = envelope.manifest.namespace.quorumKey
        if let quorumKey, quorumKey.bytes != key {
            throw .contradiction("quorum_public_key is not the manifest's quorum key")
        }
        if let genesisOutput, genesisOutput.quorumKey != key {
            throw .contradiction("genesis_output is of another quorum key than the manifest")
        }
        if let encryptedShares, encryptedShares.map(\.member) != envelope.manifest.shareSet.members {
            throw .contradiction("encrypted_shares are not for the manifest's share members in their order")
        }
    }

    /// Checks the commitments against the manifest, where the answer has any.
    ///
    /// - Throws: ``CommandFailure`` also where the hashes beside the shares are not the committed ones.
    func checkCommitments(of manifest: CheckedManifest) throws(CommandFailure) {
        guard let commitments else { return }
        do {
            try commitments.check(against: manifest)
        } catch {
            throw .contradiction("share_commitments are not what the manifest's quorum key signed")
        }
        if let encryptedShares, encryptedShares.map(\.shareHash) != commitments.shares.map(\.shareHash) {
            throw .contradiction("encrypted_shares have other hashes than share_commitments")
        }
    }

    /// SHA-512 of a member's plain share, where the answer says it.
    func shareHash(of member: QuorumMember) -> [UInt8]? {
        commitments?.shares.first { $0.member == member }?.shareHash
            ?? encryptedShares?.first { $0.member == member }?.shareHash
    }
}

extension CommandFailure {
    /// An answer of which one part belies another.
    fileprivate static func contradiction(_ words: String) -> Self {
        .failed("The answer contradicts itself: \(words).", hint: "Trust nothing of it, and ask where it comes from.")
    }
}

extension CeremonyAnswer.EncryptedShare {
    fileprivate init(_ json: JSONValue) throws(QuorumError) {
        let member = try json.required("share_set_member")
        self.init(
            member: QuorumMember(
                alias: try member.required("alias").text(),
                publicKey: try member.required("pub_key").byteArray()
            ),
            envelope: try json.required("encrypted_quorum_key_share").byteArray(),
            shareHash: try json.required("share_hash").byteArray(count: GenesisOutput.hashBytes)
        )
    }
}

extension ShareCommitments {
    /// As the gateway writes them.
    init(answer json: JSONValue) throws(QuorumError) {
        self.init(
            namespaceName: try json.required("namespace_name").text(),
            namespaceNonce: UInt32(clamping: try json.required("namespace_nonce").unsigned(max: UInt64(UInt32.max))),
            manifestHash: try json.required("manifest_hash").byteArray(count: 32),
            quorumPublicKey: try json.required("quorum_public_key").byteArray(),
            threshold: UInt32(clamping: try json.required("threshold").unsigned(max: UInt64(UInt32.max))),
            epoch: UInt32(clamping: try json.required("epoch").unsigned(max: UInt64(UInt32.max))),
            shares: try json.required("shares").elements().map { (entry) throws(QuorumError) in
                Entry(
                    identifier: UInt8(clamping: try entry.required("x").unsigned(max: UInt64(UInt8.max))),
                    member: QuorumMember(
                        alias: try entry.required("alias").text(),
                        publicKey: try entry.required("pub_key").byteArray()
                    ),
                    shareHash: try entry.required("share_hash").byteArray(count: GenesisOutput.hashBytes)
                )
            },
            signature: try json.required("signature").byteArray(count: 64)
        )
    }
}
