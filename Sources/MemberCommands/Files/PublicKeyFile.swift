// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum

/// A public key in a file: 260 hexadecimal characters, as QuorumOS writes them.
enum PublicKeyFile {
    /// Reads a key.
    ///
    /// - Parameters:
    ///   - name: a path, or `-` for standard input.
    ///   - content: whose key it is, such as "public key", for errors.
    static func read(
        _ name: String,
        _ content: String,
        in session: CommandSession
    ) throws(CommandFailure) -> QuorumPublicKey {
        let text = try MemberFiles.read(name, content, in: session)
        guard isOne(text.span) else {
            throw .failed("The \(content) is none: its file must hold 260 hexadecimal characters.")
        }
        return try key(in: text.span, content)
    }

    /// Whether a text has the length of one; a secret key has another in either form.
    static func isOne(_ text: borrowing Span<UInt8>) -> Bool {
        let range = text.rangeWithoutBlanks
        let prefixed = range.count > 2 && text[range.lowerBound + 1] == UInt8(ascii: "x")
        return range.count - (prefixed ? 2 : 0) == 2 * QuorumPublicKey.byteCount
    }

    /// The key in a text that has the length of one.
    static func key(in text: borrowing Span<UInt8>, _ content: String) throws(CommandFailure) -> QuorumPublicKey {
        let digits = String(decoding: text.rangeWithoutBlanks.map { text[$0] }, as: UTF8.self)
        guard let bytes = Hex.decode(digits) else { throw .failed("The \(content) is not hexadecimal.") }
        do {
            return try QuorumPublicKey(bytes)
        } catch {
            throw .failed("The \(content) is not one: \(error.words).")
        }
    }

    /// What is written to a file: one line.
    static func text(of key: QuorumPublicKey) -> [UInt8] {
        Array((Hex.encode(key.bytes) + "\n").utf8)
    }
}
