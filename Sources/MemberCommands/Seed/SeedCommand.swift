// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Protocol

/// `renclave seed …`
struct SeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Makes and checks seed phrases (BIP39).",
        subcommands: [SeedGenerateCommand.self, SeedValidateCommand.self]
    )
}

extension SeedLanguage: ExpressibleByArgument {}

extension SeedStrength: ExpressibleByArgument {}
