// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// This process's standard input.
struct StandardInput: CommandInput {
    var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    func read(limit: Int) throws(SecretInputError) -> [UInt8] {
        try FileDescriptor(number: STDIN_FILENO).read(limit: limit)
    }

    func hiddenLine(limit: Int) throws(SecretInputError) -> [UInt8] {
        let shown = try attributes()
        try apply(Self.hidden(shown))
        // Dropping what was typed ahead keeps the rest of a phrase pasted in several lines away from the shell.
        defer { try? apply(shown) }
        var line = HiddenLine(limit: limit)
        var key: [UInt8] = [0]
        defer { key.erase() }
        do throws(SecretInputError) {
            while true {
                guard try FileDescriptor(number: STDIN_FILENO).fill(&key) > 0 else { throw .cancelled }
                if try line.take(key[0]) { return line.bytes }
            }
        } catch {
            line.erase()
            throw error
        }
    }

    /// No echo; and no signals or line editing by the terminal, because a Ctrl-C would leave the echo off.
    private static func hidden(_ shown: termios) -> termios {
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
        // The control characters are imported as a tuple; VMIN and VTIME are indices into it.
        unsafe withUnsafeMutableBytes(of: &hidden.c_cc) { characters in
            unsafe characters[Int(VMIN)] = 1
            unsafe characters[Int(VTIME)] = 0
        }
        return hidden
    }

    private func attributes() throws(SecretInputError) -> termios {
        var attributes = termios()
        // The structure is ours and lives through the call.
        guard unsafe tcgetattr(STDIN_FILENO, &attributes) == 0 else { throw .unreadable(errno) }
        return attributes
    }

    private func apply(_ attributes: termios) throws(SecretInputError) {
        // As above; TCSAFLUSH discards what was not read.
        guard unsafe withUnsafePointer(to: attributes, { unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, $0) }) == 0 else {
            throw .unreadable(errno)
        }
    }
}
