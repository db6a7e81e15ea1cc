// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory

/// A share of a master seed as people keep it: 33 raw bytes, 66 hexadecimal characters, or a JSON array of 33 integers.
///
/// It goes between spans and locked memory only.
enum PlainShare {
    /// Reads a share in any of its forms; white space around a text is allowed.
    ///
    /// - Returns: 33 bytes, or nil for anything else.
    static func read(_ contents: borrowing Span<UInt8>) throws(CommandFailure) -> SecretBytes? {
        var share = try memory(ShareCollection.seedShareBytes)
        let isShare = share.withMutableBytes { share in
            guard contents.count != share.count else {
                share.copy(contents, at: 0)
                return true
            }
            let text = contents.extracting(contents.rangeWithoutBlanks)
            guard text.count > 0 else { return false }
            return text[0] == UInt8(ascii: "[") ? readArray(text, into: &share) : Hex.decode(text, into: &share)
        }
        guard isShare else { return nil }
        return share
    }

    /// The share as one line of JSON: what `decrypted_share` takes.
    static func json(_ share: borrowing Span<UInt8>) -> String {
        "[" + share.indices.map { "\(share[$0])" }.joined(separator: ",") + "]"
    }

    /// The share as hexadecimal.
    static func hex(_ share: borrowing Span<UInt8>) throws(CommandFailure) -> String {
        var text = try memory(2 * share.count)
        text.withMutableBytes { Hex.encode(share, into: &$0) }
        return text.withBytes { text in String(decoding: text.indices.map { text[$0] }, as: UTF8.self) }
    }

    private static func memory(_ count: Int) throws(CommandFailure) -> SecretBytes {
        do {
            return try SecretSupply.guarded.take(count)
        } catch {
            throw QuorumError.memory(error).failure(writing: "share")
        }
    }

    private static func readArray(_ text: borrowing Span<UInt8>, into share: inout MutableSpan<UInt8>) -> Bool {
        var position = 1
        for index in share.indices {
            guard let byte = number(in: text, at: &position) else { return false }
            share[index] = byte
            let end = index == share.count - 1 ? UInt8(ascii: "]") : UInt8(ascii: ",")
            guard position < text.count, text[position] == end else { return false }
            position += 1
        }
        return position == text.count
    }

    /// An integer from 0 to 255 with white space around it.
    private static func number(in text: borrowing Span<UInt8>, at position: inout Int) -> UInt8? {
        while position < text.count, text[position].isBlank { position += 1 }
        let start = position
        var value = 0
        while position < text.count, position - start < 3, (0x30...0x39).contains(text[position]) {
            value = value * 10 + Int(text[position] - 0x30)
            position += 1
        }
        let hasLeadingZero = position - start > 1 && text[start] == UInt8(ascii: "0")
        guard position > start, !hasLeadingZero else { return nil }
        while position < text.count, text[position].isBlank { position += 1 }
        return UInt8(exactly: value)
    }
}
