// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Quorum

/// `renclave boot …`
struct BootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "boot",
        abstract: "Boots an enclave: lets a quorum key be born, or lets an enclave wait for one.",
        discussion: """
            With --keys, all members' secret keys are in one place and the whole ceremony is held from one terminal, \
            each step shown. That is for trials: in a real ceremony every member keeps the key, decrypts with renclave \
            share decrypt, and seals with renclave share seal.

            With --root or --policy the enclave's attestation documents are verified: that of a genesis, and that of \
            the key to which shares are sealed.
            """,
        subcommands: [BootGenesisCommand.self, BootStandardCommand.self]
    )
}

/// The members' keys of a trial: the same options on every command.
struct TrialKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Goes on with the shares, with the keys ALIAS.secret of a directory; for trials.",
            valueName: "directory"
        ),
        completion: .directory
    )
    var keys: String?

    @Option(
        help: ArgumentHelp("Reads the passphrase of all keys from a file.", valueName: "file"),
        completion: .file()
    )
    var passphraseFile: String?

    @OptionGroup var accepted: AttestationOptions

    @Flag(help: "Seals shares to a key that no attestation document vouches for; for experiments only.")
    var insecureDevelopment = false

    /// What is read from files besides the keys.
    var files: [String?] { [passphraseFile] + accepted.files }

    func validate() throws {
        guard !insecureDevelopment || !accepted.isGiven else {
            throw ValidationError("--insecure-development verifies nothing, so there is no --root or --policy with it.")
        }
        guard keys != nil || passphraseFile == nil else {
            throw ValidationError("--passphrase-file is for the keys of --keys.")
        }
    }

    /// The keys of as many members as are needed, where they are to be used at all.
    func read(for members: CheckedMembers, in session: CommandSession) throws(CommandFailure) -> [TrialKey]? {
        guard let keys else { return nil }
        guard insecureDevelopment || accepted.isGiven else {
            throw .failed(
                "No verified attestation document shows whose the ephemeral key is; a share sealed to it may go to "
                    + "anyone.",
                hint: "--root or --policy verifies one; for experiments with keys that are worth nothing there is "
                    + "--insecure-development."
            )
        }
        return try TrialKey.read(from: keys, for: members, passphraseFile: passphraseFile, in: session)
    }
}
