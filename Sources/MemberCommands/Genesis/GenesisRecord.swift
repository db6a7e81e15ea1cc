// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// What a genesis gave, as it was sent to the members: consistent with itself, and not yet compared with anything.
///
/// It is read from the answer to a genesis, or from QuorumOS's `genesis_output`, which names neither the namespace nor
/// those who approve manifests.
struct GenesisRecord {
    /// The disaster recovery key, to which the seed is sealed too.
    enum RecoveryKey: Equatable {
        case none
        /// 130 bytes.
        case key([UInt8])
        /// There is one, which the older layout of a genesis output does not name.
        case unnamed
    }

    /// Where the record is an answer.
    let manifest: CheckedManifest?
    let quorumKey: QuorumPublicKey
    /// Those who hold shares; a share's x is the place in it, from 1.
    let shareSet: CheckedMembers
    /// One for each of ``shareSet``, in its order.
    let shares: [GenesisMemberOutput]
    let recoveryKey: RecoveryKey
    /// SHA-256 of the genesis output as it came: what a document about the genesis says.
    let outputHash: [UInt8]
    /// The document, of which nothing is checked here; nil where the record has none.
    let attestationDocument: [UInt8]?
}

// MARK: - Reading

extension GenesisRecord {
    /// Reads an answer in JSON or a genesis output in Borsh.
    ///
    /// - Throws: ``CommandFailure`` for what is neither, and for what contradicts itself.
    init(reading bytes: [UInt8]) throws(CommandFailure) {
        if let output = try? GenesisOutput.decode(bytes) {
            try self.init(output, hash: SHA256.digest(bytes))
            return
        }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw .failed("This is neither the answer to a genesis, in JSON, nor QuorumOS's genesis_output.")
        }
        try self.init(answer: json)
    }

    /// A genesis output alone.
    private init(_ output: GenesisOutput, hash: [UInt8]) throws(CommandFailure) {
        let set: MemberSet
        switch output.layout {
        case .current(let members, let key):
            set = members
            recoveryKey = key.map { .key($0) } ?? .none
        case .legacy(let threshold):
            set = MemberSet(threshold: threshold, members: output.memberOutputs.map(\.member))
            recoveryKey = output.wrappedQuorumKey == nil ? .none : .unnamed
        }
        do {
            quorumKey = try QuorumPublicKey(output.quorumKey)
            shareSet = try CheckedMembers(set, as: .shareSet)
        } catch let error as QuorumError {
            throw .failed("The quorum key of the genesis is none: \(error.words).")
        } catch let flaw as ManifestFlaw {
            throw .failed("The members of the genesis cannot be right: \(flaw.error.words).")
        } catch {
            throw .failed("The genesis cannot be read.")
        }
        manifest = nil
        shares = output.memberOutputs
        outputHash = hash
        attestationDocument = nil
        try check(output)
    }

    /// An answer, of which no part may be missing.
    init(answer json: JSONValue) throws(CommandFailure) {
        let answer = try CeremonyAnswer(json)
        guard let envelope = answer.envelope, answer.manifestHash != nil, answer.quorumKey != nil,
            let output = answer.genesisOutput, let bytes = answer.genesisOutputBytes,
            let encrypted = answer.encryptedShares,
            let commitments = answer.commitments
        else {
            throw .failed(
                "This is not the whole answer to a genesis.",
                hint: "GET /enclave/genesis gives it again until the key is provisioned."
            )
        }
        let manifest: CheckedManifest
        do {
            manifest = try CheckedManifest(envelope.manifest)
        } catch {
            throw .failed("The manifest of the genesis cannot be right: \(error.error.words).")
        }
        try answer.checkCommitments(of: manifest)
        self.manifest = manifest
        quorumKey = manifest.quorumKey
        shareSet = manifest.shareSet
        shares = output.memberOutputs
        guard case .current(_, let key) = output.layout else {
            throw .inconsistent("genesis_output is in a layout that no answer has")
        }
        recoveryKey = key.map { .key($0) } ?? .none
        outputHash = SHA256.digest(bytes)
        attestationDocument = answer.attestationDocument
        try check(output)
        try check(commitments, of: manifest)
        try Self.check(json, beside: output, encrypted)
    }
}

// MARK: - Consistency

extension GenesisRecord {
    private func check(_ output: GenesisOutput) throws(CommandFailure) {
        if case .current(let set, _) = output.layout, set != shareSet.set {
            throw .inconsistent("the genesis output is for another share set")
        }
        guard output.memberOutputs.map(\.member) == shareSet.set.members else {
            throw .inconsistent("the shares are not those of the members in their order")
        }
        guard (output.wrappedQuorumKey == nil) == (recoveryKey == .none) else {
            throw .inconsistent("the seed is not sealed to the disaster recovery key that is named")
        }
        guard output.recoveryPermutations.isEmpty else {
            throw .inconsistent("the genesis output publishes shares in the clear")
        }
        do {
            try quorumKey.verify(output.testMessageSignature, of: output.testMessage)
        } catch {
            throw .inconsistent("the quorum key did not sign the test message")
        }
    }

    private func check(_ commitments: ShareCommitments, of manifest: CheckedManifest) throws(CommandFailure) {
        guard commitments.manifestHash == manifest.hash,
            commitments.namespaceNonce == manifest.manifest.namespace.nonce
        else { throw .inconsistent("share_commitments are of another genesis") }
        guard commitments.shares.map(\.shareHash) == shares.map(\.shareHash) else {
            throw .inconsistent("share_commitments and genesis_output name other hashes")
        }
    }

    /// What an answer says twice.
    private static func check(
        _ json: JSONValue,
        beside output: GenesisOutput,
        _ encrypted: [CeremonyAnswer.EncryptedShare]
    ) throws(CommandFailure) {
        let listed = encrypted.map { share in [share.envelope, share.shareHash] }
        guard listed == output.memberOutputs.map({ [$0.encryptedShare, $0.shareHash] }) else {
            throw .inconsistent("encrypted_shares are not those of genesis_output")
        }
        guard json.member("threshold") == .count(output.threshold) else {
            throw .inconsistent("threshold is not that of genesis_output")
        }
        let wrapped = json.member("dr_key_wrapped_quorum_key") ?? .null
        guard wrapped == output.wrappedQuorumKey.map({ .byteArray($0) }) ?? .null else {
            throw .inconsistent("dr_key_wrapped_quorum_key is not that of genesis_output")
        }
    }
}

extension CommandFailure {
    /// A genesis of which one part belies another.
    fileprivate static func inconsistent(_ words: String) -> Self {
        .failed("The genesis contradicts itself: \(words).", hint: "Trust nothing of it, and ask where it comes from.")
    }
}
