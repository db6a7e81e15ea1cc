// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// Which manifests this member has agreed to, so that an older one, which may trust an application that has since been
/// found bad, is not agreed to again unnoticed.
///
/// For each namespace name and quorum key the highest nonce is kept, with the manifest's hash, in `nonces.json` of a
/// directory that only its owner may enter. Of the entries of one name the last is the quorum key that it has now: a
/// name is all that people know a namespace by, so another key under it is looked at like an older manifest.
struct NonceMemory {
    /// What a member allows all the same.
    struct Allowance {
        let rollback: Bool
        let newQuorumKey: Bool
    }

    /// Why a manifest would go back.
    fileprivate enum Objection {
        case lowerNonce(UInt32, below: UInt32)
        case otherManifest(hash: String)
        case otherKey(fingerprint: String)
    }

    fileprivate struct Entry {
        let name: String
        let quorumKeyFingerprint: String
        let nonce: UInt32
        let manifestHash: String

        func isFor(_ other: Entry) -> Bool {
            hasName(of: other) && quorumKeyFingerprint == other.quorumKeyFingerprint
        }

        func hasName(of other: Entry) -> Bool {
            name.utf8.elementsEqual(other.name.utf8)
        }
    }

    private let directory: String
    private let path: String
    private let allowance: Allowance
    private var entries: [Entry]

    /// Reads the memory; there is nothing in it where there is no file.
    ///
    /// - Throws: ``CommandFailure`` for a file that cannot be understood, which is never taken for an empty one.
    init(directory: String, allowing allowance: Allowance, in session: CommandSession) throws(CommandFailure) {
        self.directory = directory
        self.allowance = allowance
        path = Directory.path(of: "nonces.json", in: directory)
        entries = try Self.read(path, in: session)
    }

    private static func read(_ path: String, in session: CommandSession) throws(CommandFailure) -> [Entry] {
        guard MemberFiles.exists(path) else { return [] }
        let bytes = try MemberFiles.read(path, "record of nonces", in: session)
        do {
            return try JSONValue(parsing: bytes).required("namespaces").elements().map {
                (entry) throws(QuorumError) in try Entry(entry)
            }
        } catch {
            throw .failed(
                "The record of nonces \(path.quoted) is damaged: \(error.words).",
                hint: "Without it an older manifest would not be noticed; restore it, or move it away."
            )
        }
    }
}

// MARK: - Comparing

extension NonceMemory {
    /// Compares a manifest with what was agreed to; what goes back is only remarked on where that is allowed.
    ///
    /// - Throws: ``CommandFailure`` for a lower nonce, another manifest of the same one, and another quorum key.
    func check(_ manifest: CheckedManifest, in session: CommandSession) throws(CommandFailure) {
        let offered = Entry(manifest)
        try check(objections(to: offered), name: offered.name, in: session)
    }

    /// Compares a quorum key that is about to be born, and so is another than any that is known.
    func checkBirth(inNamespace name: String, in session: CommandSession) throws(CommandFailure) {
        guard let known = entries.last(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return }
        try check([.otherKey(fingerprint: known.quorumKeyFingerprint)], name: name, in: session)
    }

    private func check(
        _ objections: [Objection],
        name: String,
        in session: CommandSession?
    ) throws(CommandFailure) {
        for objection in objections {
            guard objection.isAllowed(by: allowance) else {
                throw .failed(
                    "This goes back behind what you know of the namespace \(name.quoted): \(objection.words).",
                    hint: objection.hint
                )
            }
            session?.output.remark("Warning: \(objection.words).")
        }
    }

    private func objections(to offered: Entry) -> [Objection] {
        var found: [Objection] = []
        if let current = entries.last(where: { $0.hasName(of: offered) }), !current.isFor(offered) {
            found.append(.otherKey(fingerprint: current.quorumKeyFingerprint))
        }
        guard let known = entries.first(where: { $0.isFor(offered) }) else { return found }
        if offered.nonce < known.nonce {
            found.append(.lowerNonce(offered.nonce, below: known.nonce))
        } else if offered.nonce == known.nonce, offered.manifestHash != known.manifestHash {
            found.append(.otherManifest(hash: known.manifestHash))
        }
        return found
    }
}

extension NonceMemory.Objection {
    fileprivate func isAllowed(by allowance: NonceMemory.Allowance) -> Bool {
        switch self {
        case .otherKey: allowance.rollback || allowance.newQuorumKey
        case .lowerNonce, .otherManifest: allowance.rollback
        }
    }

    fileprivate var words: String {
        switch self {
        case .lowerNonce(let offered, let known):
            "you have agreed to nonce \(known) of it, and this manifest has \(offered)"
        case .otherManifest(let hash): "you have agreed to another manifest of the same nonce, \(hash)"
        case .otherKey(let fingerprint): "you know it with another quorum key, \(fingerprint)"
        }
    }

    fileprivate var hint: String {
        switch self {
        case .otherKey: "If all members agreed on a new key, --new-quorum-key allows it."
        case .lowerNonce, .otherManifest: "If everybody knows why, --rollback allows it."
        }
    }
}

// MARK: - Remembering

extension NonceMemory {
    /// Remembers that a manifest was agreed to; never a lower nonce than before.
    ///
    /// Another command may have agreed to something since this memory was read: under a lock it is read and compared
    /// once more.
    mutating func remember(_ manifest: CheckedManifest, in session: CommandSession) throws(CommandFailure) {
        let agreed = Entry(manifest)
        try Directory.make(directory)
        let lock = try FileLock(Directory.path(of: "nonces.lock", in: directory))
        defer { lock.release() }
        entries = try Self.read(path, in: session)
        // What is allowed was remarked on already.
        try check(objections(to: agreed), name: agreed.name, in: nil)
        let known = entries.first { $0.isFor(agreed) }
        entries.removeAll { $0.isFor(agreed) }
        entries.append(known.map { $0.nonce > agreed.nonce ? $0 : agreed } ?? agreed)
        let json = JSONValue.fields(["namespaces": .array(entries.map(\.json))])
        try MemberFiles.write((json.compact() + [UInt8(ascii: "\n")]).span, to: path, mode: 0o600, replacing: true)
    }
}

extension NonceMemory.Entry {
    fileprivate init(_ manifest: CheckedManifest) {
        self.init(
            name: manifest.manifest.namespace.name,
            quorumKeyFingerprint: Hex.encode(manifest.quorumKey.fingerprint),
            nonce: manifest.manifest.namespace.nonce,
            manifestHash: Hex.encode(manifest.hash)
        )
    }

    fileprivate init(_ json: JSONValue) throws(QuorumError) {
        self.init(
            name: try json.required("name").text(),
            quorumKeyFingerprint: Hex.encode(try json.required("quorum_key_fingerprint").hexBytes(count: 32)),
            nonce: UInt32(clamping: try json.required("nonce").unsigned(max: UInt64(UInt32.max))),
            manifestHash: Hex.encode(try json.required("manifest_hash").hexBytes(count: 32))
        )
    }

    fileprivate var json: JSONValue {
        .fields([
            "name": .string(name), "quorum_key_fingerprint": .string(quorumKeyFingerprint), "nonce": .count(nonce),
            "manifest_hash": .string(manifestHash),
        ])
    }
}
