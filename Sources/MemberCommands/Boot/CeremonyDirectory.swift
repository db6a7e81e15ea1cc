// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// What is kept of a ceremony, so that an enclave that starts anew gets the same key again; none of it is secret.
struct CeremonyDirectory {
    /// What a genesis leaves, read again.
    struct Contents {
        let record: GenesisRecord
        /// The newest manifest, which may be a later one than that of the genesis.
        let manifest: OfferedManifest
        /// As they came.
        let commitments: JSONValue
    }

    private static let genesis = "genesis.json"
    private static let manifest = "manifest.json"
    private static let commitments = "commitments.json"
    private static let key = "key.json"

    let path: String

    /// The files that are there already, which a new ceremony would replace.
    var present: [String] {
        [Self.genesis, Self.manifest, Self.commitments, Self.key].map(path(of:)).filter(MemberFiles.exists)
    }

    /// Saves what a genesis gave.
    ///
    /// - Parameter answer: as it came.
    func save(
        _ answer: [UInt8],
        envelope: ManifestEnvelope,
        commitments: JSONValue,
        replacing: Bool
    ) throws(CommandFailure) {
        try Directory.make(path)
        let batch = FileBatch(replacing: replacing)
        try batch.stage(answer.span, for: path(of: Self.genesis), mode: 0o644)
        try batch.stage(envelope.encoded().span, for: path(of: Self.manifest), mode: 0o644)
        try batch.stage(commitments.compact().span, for: path(of: Self.commitments), mode: 0o644)
        try batch.publish()
    }

    /// Saves what an enclave said of the key when it first had it.
    func save(_ report: EnclaveKeyReport) throws(CommandFailure) {
        try MemberFiles.write(report.saved.compact().span, to: path(of: Self.key), mode: 0o644, replacing: true)
    }

    /// Reads what a genesis left.
    func read(in session: CommandSession) throws(CommandFailure) -> Contents {
        let answer = try MemberFiles.read(path(of: Self.genesis), "genesis", in: session)
        let manifest = try OfferedManifest.read(path(of: Self.manifest), in: session)
        let record = try GenesisRecord(reading: answer)
        guard record.quorumKey.bytes == manifest.manifest.namespace.quorumKey else {
            throw .failed("The manifest in \(path.quoted) is of another quorum key than its genesis.")
        }
        return Contents(
            record: record,
            manifest: manifest,
            commitments: try json(Self.commitments, "share commitments", in: session)
        )
    }

    /// What was saved of the key; nil where the ceremony never came so far.
    func key(in session: CommandSession) throws(CommandFailure) -> JSONValue? {
        guard MemberFiles.exists(path(of: Self.key)) else { return nil }
        return try json(Self.key, "key check", in: session)
    }

    private func json(
        _ name: String,
        _ content: String,
        in session: CommandSession
    ) throws(CommandFailure) -> JSONValue {
        let bytes = try MemberFiles.read(path(of: name), content, in: session)
        guard let json = try? JSONValue(parsing: bytes) else {
            throw .failed("The \(content) in \(path(of: name).quoted) cannot be read.")
        }
        return json
    }

    private func path(of name: String) -> String {
        Directory.path(of: name, in: path)
    }
}
