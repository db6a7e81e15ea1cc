// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Standard output or standard error took no more.
package struct OutputError: Error {
    /// There is nothing more to say about it.
    package init() {}
}

/// Text, JSON, remarks and failures: the only place that writes.
///
/// Lines may carry words of a gateway that is not ours, so control characters never get through: they could move the
/// cursor, change what stands above, or fake a line.
package struct CommandOutput: Sendable {
    /// Takes text as it stands, line ends included.
    package typealias Sink = @Sendable (String) throws(OutputError) -> Void

    /// Whether a person sees standard output as it comes.
    package let isTerminal: Bool
    private let standardOutput: Sink
    private let standardError: Sink

    /// - Parameters:
    ///   - isTerminal: Whether a person sees standard output as it comes.
    ///   - standardOutput: Takes answers.
    ///   - standardError: Takes everything beside them.
    package init(isTerminal: Bool, standardOutput: @escaping Sink, standardError: @escaping Sink) {
        self.isTerminal = isTerminal
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// Writes the answer for a person.
    func lines(_ lines: [String]) throws(OutputError) {
        try standardOutput(lines.map { Self.printable($0) + "\n" }.joined())
    }

    /// Begins to show the same thing once more: on a terminal in place of what stands there.
    ///
    /// - Parameter head: the first line, of our own.
    func beginScreen(headed head: String) throws(OutputError) {
        // ECMA-48: the cursor home (CUP), and all behind it erased (ED).
        try standardOutput((isTerminal ? "\u{1B}[H\u{1B}[2J" : "") + head + "\n")
    }

    /// Writes the answer for a script: one JSON value, already without line ends.
    ///
    /// A script's output ends on a terminal too, so what would steer one is escaped; JSON has it only inside strings.
    func json(_ line: String) throws(OutputError) {
        try standardOutput(Self.escaped(line) + "\n")
    }

    /// Writes text of our own, such as a help page.
    func page(_ text: String) throws(OutputError) {
        try standardOutput(text.hasSuffix("\n") ? text : text + "\n")
    }

    /// Says something beside the answer.
    func remark(_ text: String) {
        toStandardError(Self.printable(text) + "\n")
    }

    /// Asks for something; the cursor stays behind the question.
    func prompt(_ text: String) {
        toStandardError(text)
    }

    /// Ends the line of a question whose answer was not echoed.
    func endPrompt() {
        toStandardError("\n")
    }

    /// Says what was used wrongly, in the parser's own words.
    func complaint(_ text: String) {
        toStandardError(text.hasSuffix("\n") ? text : text + "\n")
    }

    /// Says why the command failed.
    ///
    /// - Parameter subject: of several things the one that failed.
    func failure(_ failure: CommandFailure, of subject: String? = nil) {
        remark("Error: \(subject.map { "\($0): " } ?? "")\(failure.sentence)")
        for detail in failure.details {
            remark("  \(detail.label): \(detail.text)")
        }
    }

    private func toStandardError(_ text: String) {
        // Where standard error takes nothing, nobody can be told; the exit status still says it.
        try? standardError(text)
    }

    /// The same text with U+FFFD for every character that would steer a terminal or reorder a line.
    static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(steersTerminal(scalar) ? "\u{FFFD}" : scalar)
        }
        return String(result)
    }

    /// The same JSON with an escape for every character that would steer a terminal or reorder a line (RFC 8259,
    /// section 7: beyond U+FFFF two escapes, a surrogate pair).
    static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: steersTerminal) else { return json }
        var result = ""
        for scalar in json.unicodeScalars {
            guard steersTerminal(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            }
        }
        return result
    }

    private static func steersTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: true
        default: false
        }
    }
}
