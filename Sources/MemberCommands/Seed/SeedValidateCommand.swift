// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Protocol

/// `renclave seed validate`
struct SeedValidateCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks a seed phrase: its words and its checksum.",
        discussion: """
            The phrase is typed at a prompt without being shown, or read from a file or standard input; it is never an \
            argument. The exit status is 0 for a valid phrase and 1 for any other.
            """
    )

    @Option(help: ArgumentHelp("The only word list to try. (default: all)", valueName: "language"))
    var language: SeedLanguage?

    @Flag(help: "Prints the gateway's answer as one line of JSON.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    @Argument(help: "The file that holds the phrase, or - for standard input.", completion: .file())
    var file: String?

    /// Takes what does not belong there, because the parser would repeat it, and it may be a word of a phrase.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("Name one file, or - for standard input. A phrase is never taken as an argument.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        let address = try gateway.address(sending: "the phrase", in: session)
        let request = ValidateSeedBody(phrase: try phrase(in: session), language: language)
        let answer = try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
            try await client.post("/validate-seed", json: try request.json())
        }
        guard answer.status == 200 else { throw answer.refusal(from: address) }
        guard let verdict = answer.decoded(as: PhraseVerdict.self), let line = answer.json else {
            throw answer.notUnderstood(from: address)
        }
        if json {
            try session.output.json(line)
        } else {
            try session.output.lines(verdict.lines)
        }
        return verdict.isValid ? .done : .failed
    }

    private func phrase(in session: CommandSession) throws(CommandFailure) -> RedactedText {
        guard file != nil || session.input.isTerminal else {
            throw .misuse("Name the file that holds the phrase, or - for standard input.")
        }
        let origin = file.map { SecretOrigin($0) } ?? .terminal
        do {
            return try origin.read(prompt: "Seed phrase (not shown): ", in: session)
        } catch {
            throw error.failure(reading: "phrase")
        }
    }
}
