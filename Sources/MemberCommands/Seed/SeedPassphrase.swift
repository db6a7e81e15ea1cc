// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// How a passphrase gets in.
enum SeedPassphrase {
    /// Reads the passphrase, where one is asked for.
    ///
    /// - Parameters:
    ///   - file: A path, or `-` for standard input.
    ///   - prompt: Whether to ask a person.
    /// - Returns: UTF-8, not empty.
    static func read(
        file: String?,
        prompt: Bool,
        in session: CommandSession
    ) throws(CommandFailure) -> RedactedText? {
        switch file.map({ SecretOrigin($0) }) {
        case .standardInput where session.input.isTerminal: return try ask(in: session)
        case .some(let origin): return try read(origin, prompt: "", in: session)
        case .none where !prompt: return nil
        case .none: break
        }
        try demandTerminal(in: session)
        return try ask(in: session)
    }

    /// Refuses to ask where nobody can answer.
    ///
    /// - Throws: a misuse.
    static func demandTerminal(in session: CommandSession) throws(CommandFailure) {
        guard session.input.isTerminal else {
            throw .misuse(
                "--passphrase-prompt needs a terminal to ask at.",
                hint: "Without one, use --passphrase-file; - is standard input."
            )
        }
    }

    /// A slip of the finger would make a seed that nobody can restore, so it is typed twice.
    private static func ask(in session: CommandSession) throws(CommandFailure) -> RedactedText {
        let first = try read(.terminal, prompt: "Passphrase (not shown): ", in: session)
        let second = try read(.terminal, prompt: "The same again: ", in: session)
        guard first.bytes == second.bytes else { throw .failed("The two passphrases differ; nothing was made.") }
        return first
    }

    private static func read(
        _ origin: SecretOrigin,
        prompt: String,
        in session: CommandSession
    ) throws(CommandFailure) -> RedactedText {
        do {
            return try origin.read(prompt: prompt, in: session)
        } catch {
            throw error.failure(reading: "passphrase")
        }
    }
}
