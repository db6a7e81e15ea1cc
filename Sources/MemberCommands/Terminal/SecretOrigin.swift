// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Protocol

/// Where a phrase or a passphrase comes from; never an argument, never the environment, because others can read both.
enum SecretOrigin: Equatable {
    case file(String)
    /// To its end; a terminal is asked for one line instead, so that nothing typed is shown.
    case standardInput
    /// One line, not shown.
    case terminal

    /// The most bytes of a file, of standard input or of a line.
    static let limit = 4096

    /// - Parameter name: A path, or `-` for standard input.
    init(_ name: String) {
        self = name == "-" ? .standardInput : .file(name)
    }

    /// Reads the secret; what ends a line at its end is dropped once.
    ///
    /// - Parameter prompt: The question for a person.
    func read(prompt: String, in session: CommandSession) throws(SecretInputError) -> RedactedText {
        var bytes: [UInt8]
        switch self {
        case .file(let path):
            bytes = try Self.contents(of: path)
            Self.dropLineEnd(of: &bytes)
        case .standardInput where !session.input.isTerminal:
            bytes = try session.input.read(limit: Self.limit)
            Self.dropLineEnd(of: &bytes)
        case .standardInput, .terminal:
            bytes = try Self.ask(prompt, in: session)
        }
        guard !bytes.isEmpty else { throw .empty }
        guard Self.isUTF8(bytes.span) else {
            bytes.erase()
            throw .notUTF8
        }
        return RedactedText(bytes)
    }

    /// Without a `String`, which would be a second copy.
    private static func isUTF8(_ bytes: Span<UInt8>) -> Bool {
        do {
            _ = try UTF8Span(validating: bytes)
            return true
        } catch {
            return false
        }
    }

    private static func ask(_ prompt: String, in session: CommandSession) throws(SecretInputError) -> [UInt8] {
        session.output.prompt(prompt)
        defer { session.output.endPrompt() }
        return try session.input.hiddenLine(limit: limit)
    }

    private static func contents(of path: String) throws(SecretInputError) -> [UInt8] {
        // The path is copied for the call.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard number >= 0 else { throw .unreadable(errno) }
        defer { close(number) }
        return try FileDescriptor(number: number).read(limit: limit)
    }

    /// A line feed at the end is the editor's, not the secret's, and so is a carriage return before it; a second line
    /// end is kept.
    static func dropLineEnd(of bytes: inout [UInt8]) {
        guard bytes.last == UInt8(ascii: "\n") else { return }
        bytes.removeLast()
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    }
}
