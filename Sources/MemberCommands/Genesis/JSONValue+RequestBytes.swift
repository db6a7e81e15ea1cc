// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

extension JSONValue {
    /// Bytes as requests may have them: an array of integers, a hexadecimal string, or after `base64:` one in base64
    /// (RFC 4648 §4 and §5).
    ///
    /// - Throws: ``QuorumError/malformedManifest``, ``QuorumError/malformedHex``.
    func requestBytes() throws(QuorumError) -> [UInt8] {
        guard case .string(let text) = self else { return try byteArray() }
        let mark = "base64:"
        guard text.utf8.starts(with: mark.utf8) else { return try hexBytes() }
        guard let bytes = Base64.decode(Array(text.utf8.dropFirst(mark.utf8.count))) else { throw .malformedManifest }
        return bytes
    }
}

/// Base64 (RFC 4648 §4 and §5).
enum Base64 {
    /// By the gateway's own rule, so that a copy means what the gateway took: one alphabet, all of the padding or
    /// none, and no bits that are left over.
    ///
    /// - Returns: nil for anything else.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        let padding = text.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
        let digits = text.dropLast(padding)
        let isWhole = padding == 0 || text.count.isMultiple(of: 4)
        let isMixed = digits.contains { "+/".utf8.contains($0) } && digits.contains { "-_".utf8.contains($0) }
        guard isWhole, digits.count % 4 != 1, !isMixed else { return nil }
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var bitCount: UInt32 = 0
        for digit in digits {
            guard let value = value(of: digit) else { return nil }
            pending = pending << 6 | value
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            bytes.append(UInt8(truncatingIfNeeded: pending >> bitCount))
            pending &= 1 << bitCount - 1
        }
        return pending == 0 ? bytes : nil
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
