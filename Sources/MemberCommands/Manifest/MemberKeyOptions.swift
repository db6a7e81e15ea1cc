// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Quorum

/// A member's secret key and name: the same options on every command that signs.
struct MemberKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Your secret key, or - for standard input.", valueName: "file"),
        completion: .file()
    )
    var key: String

    @Option(
        help: ArgumentHelp("Reads the passphrase of the key from a file.", valueName: "file"),
        completion: .file()
    )
    var passphraseFile: String?

    @Option(help: ArgumentHelp("Your name in the manifest.", valueName: "name"))
    var alias: String

    /// Reads the key, which must be that of the member of this name.
    ///
    /// - Parameter role: what the members are, such as "manifest set".
    func read(
        for members: CheckedMembers,
        _ role: String,
        in session: CommandSession
    ) throws(CommandFailure) -> QuorumKeyPair {
        guard let index = members.index(ofAlias: alias) else {
            throw .failed("There is no \(alias.quoted) in the \(role) of this manifest.")
        }
        let pair = try KeyFile.read(key, passphraseFile: passphraseFile, in: session)
        guard pair.publicKey == members.keys[index] else {
            throw .failed("The key of \(alias.quoted) in the \(role) of this manifest is not yours.")
        }
        return pair
    }
}
