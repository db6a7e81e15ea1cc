// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Protocol

/// `renclave seed generate`
struct SeedGenerateCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Makes a new seed phrase in the enclave.",
        discussion: """
            A passphrase changes the seed, never the words: both are needed to restore it. It is read from a file, of \
            which one line end at the end is dropped, or typed at a prompt; an argument would be seen by others.
            """
    )

    @Option(help: ArgumentHelp("Bits of entropy, for 12, 15, 18, 21 or 24 words.", valueName: "bits"))
    var strength = SeedStrength.bits256

    @Option(help: ArgumentHelp("The word list.", valueName: "language"))
    var language: SeedLanguage?

    @Option(
        help: ArgumentHelp("Reads the passphrase from a file, or from standard input for -.", valueName: "file"),
        completion: .file()
    )
    var passphraseFile: String?

    @Flag(help: "Asks for the passphrase, twice, without showing it.")
    var passphrasePrompt = false

    @Flag(help: "Shows the entropy and, with a passphrase, the seed too.")
    var showEntropy = false

    @Flag(help: "Prints the gateway's answer as one line of JSON, entropy included.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    /// Takes what does not belong there, because the parser would repeat it, and it may be a passphrase.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError(
                "There is a word too many. A passphrase is taken from --passphrase-file or --passphrase-prompt only."
            )
        }
        guard passphraseFile == nil || !passphrasePrompt else {
            throw ValidationError("--passphrase-file and --passphrase-prompt exclude each other.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        let address = try gateway.address(sending: "the words", in: session)
        let request = GenerateSeedBody(
            strength: strength,
            language: language,
            passphrase: try SeedPassphrase.read(file: passphraseFile, prompt: passphrasePrompt, in: session)
        )
        let answer = try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
            try await client.post("/generate-seed", json: try request.json())
        }
        guard answer.status == 200 else { throw answer.refusal(from: address) }
        guard let seed = answer.decoded(as: GeneratedSeed.self), seed.answers(request), let line = answer.json else {
            throw answer.notUnderstood(from: address)
        }
        if json {
            try session.output.json(line)
        } else {
            try session.output.lines(seed.page(showingEntropy: showEntropy))
        }
        if session.output.isTerminal {
            session.output.remark("These words are the money: write them down, show them to nobody, clear the screen.")
        }
        return .done
    }
}
