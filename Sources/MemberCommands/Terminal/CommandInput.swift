// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Where a command reads what must not stand in its arguments.
package protocol CommandInput: Sendable {
    /// Whether a person types standard input.
    var isTerminal: Bool { get }

    /// Standard input to its end.
    ///
    /// - Parameter limit: The most bytes to accept.
    func read(limit: Int) throws(SecretInputError) -> [UInt8]

    /// A line typed at the terminal and not shown, without its line end.
    ///
    /// - Parameter limit: The most bytes to accept.
    func hiddenLine(limit: Int) throws(SecretInputError) -> [UInt8]
}

/// Why a secret could not be read.
package enum SecretInputError: Error, Equatable {
    /// The system's error number.
    case unreadable(Int32)
    /// Longer than the limit it was read with.
    case tooLarge
    case notUTF8
    /// Nothing, or only a line end.
    case empty
    /// Ctrl-C, or the end of the input, at a prompt.
    case cancelled
    /// An arrow key or the like, which would become part of the secret unseen.
    case controlCharacter
}
