// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// An open descriptor that somebody else closes: reading with a limit, and writing all or nothing.
struct FileDescriptor {
    let number: CInt

    private static let chunkBytes = 65_536

    /// Reads to the end. It may be a secret, so nothing of it is left in memory but what is returned.
    ///
    /// - Parameter limit: The most bytes to accept.
    /// - Throws: ``SecretInputError/tooLarge`` beyond the limit, ``SecretInputError/unreadable(_:)`` on an error.
    func read(limit: Int) throws(SecretInputError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(limit + 1, Self.chunkBytes))
        defer { chunk.erase() }
        do throws(SecretInputError) {
            while bytes.count <= limit {
                let taken = try fill(&chunk)
                if taken == 0 { return bytes }
                bytes.appendErasing(chunk.span.extracting(0..<taken))
            }
        } catch {
            bytes.erase()
            throw error
        }
        bytes.erase()
        throw .tooLarge
    }

    /// Reads what is there, waiting for at least one byte.
    ///
    /// - Parameter chunk: at least one byte, which is overwritten from its start.
    /// - Returns: how many bytes were read; 0 at the end.
    func fill(_ chunk: inout [UInt8]) throws(SecretInputError) -> Int {
        while true {
            // The pointer is the array's own, valid for the call and for its bytes.
            let taken = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, $0.count) }
            if taken >= 0 { return taken }
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
