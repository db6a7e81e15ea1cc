// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Quorum

/// Approvals in files of their own: the same option on every command.
struct ApprovalOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Adds approvals from files (QuorumOS's Approval in JSON).", valueName: "file"),
        completion: .file()
    )
    var approval: [String] = []

    /// The manifest with the approvals of its file and of the others, each once.
    func joined(with offered: OfferedManifest, in session: CommandSession) throws(CommandFailure) -> ManifestEnvelope {
        var envelope = offered.envelope
        for name in approval {
            let added = try read(name, in: session)
            if !envelope.manifestSetApprovals.contains(added) { envelope.manifestSetApprovals.append(added) }
        }
        return envelope
    }

    private func read(_ name: String, in session: CommandSession) throws(CommandFailure) -> Approval {
        let bytes = try MemberFiles.read(name, "approval", in: session)
        do {
            return try Approval.decode(bytes)
        } catch {
            throw .failed("\(name.quoted) is no approval: \(error.words).")
        }
    }
}
