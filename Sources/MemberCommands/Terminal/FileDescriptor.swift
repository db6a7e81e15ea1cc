// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// An open descriptor that somebody else closes: reading with a limit, and writing all or nothing.
struct FileDescriptor {
    let number: CInt

    /// Reads to the end.
    ///
    /// - Parameter limit: The most bytes to accept.
    /// - Throws: ``SecretInputError/tooLarge`` beyond the limit, ``SecretInputError/unreadable(_:)`` on an error.
    func read(limit: Int) throws(SecretInputError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count <= limit {
            let chunk = try readChunk(most: limit + 1 - bytes.count)
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
        throw .tooLarge
    }

    /// Reads what is there, waiting for at least one byte; empty at the end.
    func readChunk(most count: Int) throws(SecretInputError) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: count)
        while true {
            // The pointer is the array's own, valid for the call and for `count` bytes.
            let taken = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, $0.count) }
            if taken >= 0 { return Array(chunk.prefix(taken)) }
            let code = errno
            if code != EINTR { throw .unreadable(code) }
        }
    }

    /// Writes the whole text.
    func write(_ text: String) throws(OutputError) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            // As above: the slice's own memory, for the length of the call.
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                throw OutputError()
            }
        }
    }
}
