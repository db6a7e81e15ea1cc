// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Protocol

/// How a command writes the secrets that it makes: the same options on all of these.
struct NewSecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Puts what is written under the passphrase in a file, or on standard input for -.", valueName: "file"
        ),
        completion: .file()
    )
    var passphraseFile: String?

    @Flag(help: "Asks for a passphrase, twice, without showing it.")
    var passphrasePrompt = false

    @Flag(help: "Replaces files that are already there.")
    var force = false

    func validate() throws {
        guard passphraseFile == nil || !passphrasePrompt else {
            throw ValidationError("--passphrase-file and --passphrase-prompt exclude each other.")
        }
    }

    /// Refuses to ask where nobody can answer, before anything is read.
    func demandTerminal(in session: CommandSession) throws(CommandFailure) {
        if passphrasePrompt { try SeedPassphrase.demandTerminal(in: session) }
    }

    /// The passphrase, where one is asked for.
    func passphrase(in session: CommandSession) throws(CommandFailure) -> RedactedText? {
        try SeedPassphrase.read(file: passphraseFile, prompt: passphrasePrompt, in: session)
    }

    /// Refuses a file that is there and may not be replaced.
    func demandRoom(for path: String) throws(CommandFailure) {
        try Self.demandRoom(for: path, force: force)
    }

    /// Refuses a file that is there and may not be replaced, before anything is asked or written.
    static func demandRoom(for path: String, force: Bool) throws(CommandFailure) {
        if MemberFiles.isStandardInput(path) {
            throw .misuse("What is written needs the name of a file; - is none.")
        }
        if MemberFiles.isDirectory(path) { throw .failed("\(path) is a directory, and nothing was written.") }
        if !force, MemberFiles.exists(path) { throw .alreadyThere(path) }
        try MemberFiles.demandReplaceable(path)
    }
}
