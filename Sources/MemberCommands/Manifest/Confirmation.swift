// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A question that only a person can answer with yes.
enum Confirmation {
    /// Refuses a command line that cannot be confirmed, before anything is done.
    ///
    /// - Parameter isGiven: whether `--yes` stands on it.
    static func demandPossible(isGiven: Bool, in session: CommandSession) throws(CommandFailure) {
        guard isGiven || session.input.isTerminal else {
            throw .misuse(
                "There is no terminal to ask at.",
                hint: "A script that has compared everything itself says --yes."
            )
        }
    }

    /// Asks.
    ///
    /// - Parameter question: such as "Approve this manifest?".
    /// - Throws: ``CommandFailure`` for any other answer than `yes`.
    static func ask(_ question: String, isGiven: Bool, in session: CommandSession) throws(CommandFailure) {
        guard !isGiven else { return }
        let answer: [UInt8]
        do {
            session.output.prompt("\(question) Type yes (not shown): ")
            defer { session.output.endPrompt() }
            answer = try session.input.hiddenLine(limit: 16)
        } catch {
            throw .failed("Not confirmed, and nothing was done.")
        }
        guard answer.elementsEqual("yes".utf8) else { throw .failed("Not confirmed, and nothing was done.") }
    }
}
