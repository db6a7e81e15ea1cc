// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives

/// `renclave manifest hash`
struct ManifestHashCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash",
        abstract: "Prints the hash of a manifest, which is what approvals sign.",
        discussion: "64 hexadecimal digits; the approvals in an envelope make no difference to it."
    )

    @OptionGroup var manifest: ManifestArgument

    @Flag(help: "Prints one JSON object: manifest_hash.")
    var json = false

    func run(in session: CommandSession) async throws -> CommandStatus {
        let hash = try OfferedManifest.read(manifest.file, in: session).hash
        if json {
            try session.output.json(#"{"manifest_hash":"\#(Hex.encode(hash))"}"#)
        } else {
            try session.output.lines([Hex.encode(hash)])
        }
        return .done
    }
}
