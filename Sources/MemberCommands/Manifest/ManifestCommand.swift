// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// `renclave manifest …`
struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "Shows, checks and approves manifests.",
        discussion: """
            A manifest says which application may have the quorum key, in which enclave, and who decides. FILE is a \
            manifest or its envelope as QuorumOS stores them, or a gateway's answer with manifest_envelope; - is \
            standard input.
            """,
        subcommands: [
            ManifestShowCommand.self, ManifestHashCommand.self, ManifestVerifyCommand.self,
            ManifestApproveCommand.self, ManifestJoinCommand.self,
        ]
    )
}

/// The file of a manifest, as an argument.
struct ManifestArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The manifest, or - for standard input.", valueName: "file"), completion: .file())
    var file: String

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("There is a word too many. Name one manifest, or - for standard input.")
        }
    }
}
