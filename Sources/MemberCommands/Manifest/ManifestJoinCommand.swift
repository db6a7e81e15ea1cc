// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Quorum

/// `renclave manifest join`
struct ManifestJoinCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Puts approvals and their manifest into one envelope, as a boot wants it.",
        discussion: """
            Prints the envelope as QuorumOS stores it. An approval that does not count is refused, because QuorumOS \
            would refuse the whole envelope for it.
            """
    )

    @OptionGroup var manifest: ManifestArgument

    @OptionGroup var approvals: ApprovalOptions

    @OptionGroup var target: OutputOptions

    @Flag(help: "Prints one JSON object: manifest_hash, valid_approvals, threshold, output, manifest_envelope.")
    var json = false

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput([manifest.file] + approvals.approval, writing: [target.output])
        try target.checkFree()
        let offered = try OfferedManifest.read(manifest.file, in: session)
        let envelope = try approvals.joined(with: offered, in: session)
        let verdict = ManifestVerdict(envelope)
        if let bad = verdict.approvals.first(where: { $0.flaw != nil }) {
            throw CommandFailure.failed("An approval cannot be joined: \(bad.line).")
        }
        let stored = envelope.encoded()
        let path = try target.write(stored)
        let text = String(decoding: stored, as: UTF8.self)
        if json {
            let hash = ManifestSummary.hex(offered.hash).line
            try session.output.json(
                #"{"manifest_hash":\#(hash),"valid_approvals":\#(verdict.validCount),"#
                    + #""threshold":\#(envelope.manifest.manifestSet.threshold),"#
                    + #""output":\#((path.map { .string($0) } ?? JSONValue.null).line),"manifest_envelope":\#(text)}"#
            )
        } else if path == nil {
            try session.output.json(text)
        }
        session.output.remark("\(verdict.validCount) of \(envelope.manifest.manifestSet.threshold) approvals")
        return .done
    }
}
