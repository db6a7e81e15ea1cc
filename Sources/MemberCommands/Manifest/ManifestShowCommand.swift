// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// `renclave manifest show`
struct ManifestShowCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows everything that a manifest says.",
        discussion: """
            Names and arguments stand in quotation marks, with characters that could mislead written out. Keys are \
            shown by their fingerprints (SHA-256): compare them with what their owners tell you.
            """
    )

    @OptionGroup var manifest: ManifestArgument

    @OptionGroup var ownCopy: OwnCopyOptions

    @Flag(help: "Prints one JSON object.")
    var json = false

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput([manifest.file] + ownCopy.files)
        let offered = try OfferedManifest.read(manifest.file, in: session)
        if json {
            try session.output.json(ManifestSummary.json(of: offered).line)
        } else {
            try session.output.lines(ManifestPage(offered).lines)
        }
        try ownCopy.check(offered, asked: ownCopy.readRequest(in: session), in: session)
        return .done
    }
}
