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
        let bytes =
            switch self {
            case .file(let path): Self.withoutLineEnd(try Self.contents(of: path))
            case .standardInput where !session.input.isTerminal:
                Self.withoutLineEnd(try session.input.read(limit: Self.limit))
            case .standardInput, .terminal: try Self.ask(prompt, in: session)
            }
        guard !bytes.isEmpty else { throw .empty }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .notUTF8 }
        return RedactedText(bytes)
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
    static func withoutLineEnd(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.last == UInt8(ascii: "\n") else { return bytes }
        let line = bytes.dropLast()
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }
}
