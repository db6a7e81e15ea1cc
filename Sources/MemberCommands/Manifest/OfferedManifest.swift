// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// A manifest as it reached a member: alone, in its envelope, or in the answer of a gateway.
struct OfferedManifest: Sendable {
    /// With the approvals that came with it; none where the manifest came alone.
    let envelope: ManifestEnvelope
    /// 32 bytes.
    let hash: [UInt8]
    /// What else the gateway's answer says, where the manifest came in one.
    let answer: CeremonyAnswer?
    /// The genesis, where the answer says anything of one; then it agrees with itself.
    let genesis: GenesisRecord?

    var manifest: Manifest { envelope.manifest }

    /// The disaster recovery key that the genesis names; nil where there is none, or where nothing is said of one.
    var recoveryKey: [UInt8]? {
        guard case .key(let key)? = genesis?.recoveryKey else { return nil }
        return key
    }

    /// Reads a file, or standard input for `-`.
    static func read(_ name: String, in session: CommandSession) throws(CommandFailure) -> OfferedManifest {
        try OfferedManifest(MemberFiles.read(name, "manifest", in: session))
    }

    /// - Parameter bytes: JSON of any version or Borsh of a manifest or an envelope, or an answer in JSON that has
    ///   `manifest_envelope`.
    /// - Throws: ``CommandFailure`` also for an answer that contradicts its manifest, and for one that says only
    ///   some of what a genesis gave.
    init(_ bytes: [UInt8]) throws(CommandFailure) {
        let json = try? JSONValue(parsing: bytes)
        if let json, json.member("manifest_envelope") != nil {
            let answer = try CeremonyAnswer(json)
            guard let envelope = answer.envelope else {
                throw .failed("The answer has no manifest: manifest_envelope is null.")
            }
            self.init(envelope, answer: answer, genesis: try Self.genesis(in: json))
            return
        }
        do {
            self.init(try Self.envelope(bytes, json), answer: nil, genesis: nil)
        } catch {
            throw .failed(
                "This is no manifest: \(error.words).",
                hint: "A manifest, a manifest envelope, or an answer with manifest_envelope is understood."
            )
        }
    }

    private init(_ envelope: ManifestEnvelope, answer: CeremonyAnswer?, genesis: GenesisRecord?) {
        self.envelope = envelope
        hash = envelope.manifest.hash()
        self.answer = answer
        self.genesis = genesis
    }

    /// Whatever is there of a genesis must be all there: with a part left out, a recovery key would not be noticed.
    private static func genesis(in answer: JSONValue) throws(CommandFailure) -> GenesisRecord? {
        let parts = ["genesis_output", "encrypted_shares", "dr_key_wrapped_quorum_key"]
        guard parts.contains(where: { (answer.member($0) ?? .null) != .null }) else { return nil }
        return try GenesisRecord(answer: answer)
    }

    private static func envelope(_ bytes: [UInt8], _ json: JSONValue?) throws(QuorumError) -> ManifestEnvelope {
        if let json {
            guard json.member("manifest") == nil else { return try ManifestEnvelope.decode(bytes) }
            return ManifestEnvelope(manifest: try Manifest.decode(bytes))
        }
        // Borsh does not say what it is; at most one of the two ends where the bytes end.
        if let envelope = try? ManifestEnvelope.decode(bytes) { return envelope }
        return ManifestEnvelope(manifest: try Manifest.decode(bytes))
    }

    /// The manifest, if it does not contradict itself.
    ///
    /// - Throws: ``CommandFailure`` with what is wrong and where.
    func checked() throws(CommandFailure) -> CheckedManifest {
        do {
            return try CheckedManifest(manifest)
        } catch {
            throw .failed("The manifest is not sound: \(error.words(in: manifest)).")
        }
    }
}

extension ManifestFlaw {
    /// What is wrong and where, as the end of a sentence.
    func words(in manifest: Manifest) -> String {
        switch place {
        case .quorumKey: "the quorum key: \(error.words)"
        case .threshold(let role):
            "the \(role.words) has a threshold of \(role.set(of: manifest).threshold)"
                + " for \(role.set(of: manifest).members.count) members"
        case .memberAlias(let role, let index), .memberKey(let role, let index):
            "the \(role.words), member \(index + 1): \(error.words)"
        }
    }

    /// What is wrong, for a script.
    var name: String {
        switch place {
        case .quorumKey: "quorum_key"
        case .threshold(.manifestSet): "manifest_threshold"
        case .threshold(.shareSet): "share_threshold"
        case .memberAlias(.manifestSet, _), .memberKey(.manifestSet, _): "manifest_members"
        case .memberAlias(.shareSet, _), .memberKey(.shareSet, _): "share_members"
        }
    }
}

extension CheckedMembers.Role {
    fileprivate var words: String {
        switch self {
        case .manifestSet: "manifest set"
        case .shareSet: "share set"
        }
    }

    fileprivate func set(of manifest: Manifest) -> MemberSet {
        switch self {
        case .manifestSet: manifest.manifestSet
        case .shareSet: manifest.shareSet
        }
    }
}
