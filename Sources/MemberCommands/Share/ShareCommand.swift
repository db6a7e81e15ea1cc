// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// `renclave share …`
struct ShareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Decrypts, seals, injects and combines shares of a quorum key.",
        subcommands: [
            ShareDecryptCommand.self, ShareSealCommand.self, ShareInjectCommand.self, ShareCombineCommand.self,
        ]
    )
}
