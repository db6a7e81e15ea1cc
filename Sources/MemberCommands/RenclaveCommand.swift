// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import ArgumentParser
import Protocol

/// The operator's tool: `renclave <noun> <verb>`.
package struct RenclaveCommand: ParsableCommand {
    /// The name, the help page and the nouns.
    package static let configuration = CommandConfiguration(
        commandName: "renclave",
        abstract: "Holds the ceremonies of a quorum key, makes seed phrases, and shows how a gateway is doing.",
        discussion: """
            The gateway's address is --url, else RENCLAVE_URL, else \(GatewayAddress.standard.text).

            Exit status: 0 done, 1 refused or failed, 2 used wrongly.
            """,
        version: Version.product,
        subcommands: [
            KeyCommand.self, BootCommand.self, ManifestCommand.self, ShareCommand.self, ForwardCommand.self,
            AttestationCommand.self, SeedCommand.self, StatusCommand.self,
        ]
    )

    /// What the parser fills; the command itself has no values.
    package init() {}
}
