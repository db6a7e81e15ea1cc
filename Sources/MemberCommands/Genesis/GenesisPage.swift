// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// What a member has to know of a genesis before using anything of it, as a person reads it.
struct GenesisPage {
    private let record: GenesisRecord
    private let evidence: GenesisEvidence

    init(_ record: GenesisRecord, _ evidence: GenesisEvidence) {
        self.record = record
        self.evidence = evidence
    }

    /// The lines, without line ends.
    var lines: [String] {
        var rows = LabelledLines()
        if let manifest = record.manifest?.manifest {
            rows.add("Namespace", "\(manifest.namespace.name.quoted), nonce \(manifest.namespace.nonce)")
        } else {
            rows.add("Namespace", "not said: this genesis_output has none")
        }
        rows.add("Quorum key", Hex.encode(record.quorumKey.fingerprint))
        add("Share set", record.shareSet, to: &rows)
        if let manifest = record.manifest {
            add("Manifest set", manifest.manifestSet, to: &rows)
            rows.add("Manifest hash", Hex.encode(manifest.hash))
            rows.add("Pivot hash", Hex.encode(manifest.manifest.pivot.hash))
            for argument in manifest.manifest.pivot.arguments { rows.add("Pivot argument", argument.quoted) }
        }
        rows.add("Recovery key", recoveryKey)
        return rows.lines
    }

    private func add(_ label: String, _ members: CheckedMembers, to rows: inout LabelledLines) {
        rows.add(label, "\(members.threshold) of \(members.keys.count)")
        for (index, (member, key)) in zip(members.set.members, members.keys).enumerated() {
            rows.addBelow("\(index + 1). \(member.alias.quoted) \(Hex.encode(key.fingerprint))")
        }
    }

    private var recoveryKey: String {
        switch record.recoveryKey {
        case .none: evidence.noRecoveryKey
        case .unnamed: "there is one, which this genesis_output does not name"
        case .key(let bytes): Hex.encode(SHA256.digest(bytes)) + ": its holder alone has the whole key"
        }
    }
}
