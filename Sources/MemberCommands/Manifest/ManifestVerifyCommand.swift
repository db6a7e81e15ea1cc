// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// `renclave manifest verify`
struct ManifestVerifyCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the approvals of a manifest.",
        discussion: """
            Judges each approval, then all of them as QuorumOS does (one that is bad spoils all) and as renclave does \
            (those that are bad do not count, and the sets must be sound). The exit status is 0 if renclave finds the \
            manifest approved.
            """
    )

    @OptionGroup var manifest: ManifestArgument

    @OptionGroup var approvals: ApprovalOptions

    @Flag(help: "Prints one JSON object.")
    var json = false

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput([manifest.file] + approvals.approval)
        let offered = try OfferedManifest.read(manifest.file, in: session)
        let verdict = ManifestVerdict(try approvals.joined(with: offered, in: session))
        if json {
            try session.output.json(verdict.json.line)
        } else {
            try session.output.lines(verdict.lines)
        }
        return verdict.isApproved ? .done : .failed
    }
}
