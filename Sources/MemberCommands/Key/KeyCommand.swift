// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser

/// `renclave key …`
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Makes and shows the keys of members.",
        subcommands: [KeyGenerateCommand.self, KeyShowCommand.self]
    )
}
