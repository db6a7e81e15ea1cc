// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The address of a name server, which a manifest of version 2 may list: read strictly, written in one way.
///
/// Only dotted quads without leading zeros and RFC 4291 §2.2 texts without a zone are addresses.
enum ResolverAddress: Equatable, Sendable {
    /// Four bytes.
    case version4([UInt8])
    /// Eight groups.
    case version6([UInt16])

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        if let quad = Self.quad(bytes[...]) {
            self = .version4(quad)
        } else if let groups = Self.groups(bytes) {
            self = .version6(groups)
        } else {
            return nil
        }
    }

    /// RFC 5952, and with the last four bytes as a quad where it stands for an address of version 4 (§5).
    var text: String {
        switch self {
        case .version4(let quad): Self.dotted(quad)
        case .version6(let groups): Self.text(groups)
        }
    }
}

// MARK: - Writing

extension ResolverAddress {
    private static func dotted(_ quad: [UInt8]) -> String {
        quad.map { String($0) }.joined(separator: ".")
    }

    private static func text(_ groups: [UInt16]) -> String {
        if groups.prefix(5).allSatisfy({ $0 == 0 }), groups[5] == 0xffff {
            return "::ffff:" + dotted(groups.suffix(2).flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] })
        }
        let zeros = longestZeros(groups)
        guard zeros.count > 1 else { return hexadecimal(groups[...]) }
        return hexadecimal(groups[..<zeros.lowerBound]) + "::" + hexadecimal(groups[zeros.upperBound...])
    }

    private static func hexadecimal(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first of the longest runs of zero groups.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 {
                start = index + 1
            } else if index + 1 - start > longest.count {
                longest = start..<index + 1
            }
        }
        return longest
    }
}

// MARK: - Reading

extension ResolverAddress {
    private static func quad(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let values = parts.compactMap(decimal)
        return values.count == 4 ? values : nil
    }

    /// One to three digits up to 255, without a leading zero.
    private static func decimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return UInt8(exactly: value)
    }

    private static func groups(_ bytes: [UInt8]) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        guard let gap = zip(bytes.indices, zip(bytes, bytes.dropFirst())).first(where: { $1 == (colon, colon) })?.0
        else {
            guard let groups = run(bytes[...], endsAddress: true), groups.count == 8 else { return nil }
            return groups
        }
        // The gap stands for one group at least.
        guard let head = run(bytes[..<gap], endsAddress: false), let tail = run(bytes[(gap + 2)...], endsAddress: true),
            head.count + tail.count <= 7
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    /// Groups between single colons, or none; only where the address ends, its last two may be a dotted quad.
    private static func run(_ bytes: ArraySlice<UInt8>, endsAddress: Bool) -> [UInt16]? {
        guard !bytes.isEmpty else { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if let group = hexadecimal(part) {
                groups.append(group)
            } else if endsAddress, index == parts.count - 1, let quad = quad(part) {
                groups.append(UInt16(quad[0]) << 8 | UInt16(quad[1]))
                groups.append(UInt16(quad[2]) << 8 | UInt16(quad[3]))
            } else {
                return nil
            }
        }
        return groups
    }

    /// One to four hexadecimal digits.
    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count) else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            guard let half = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(half)
        }
        return value
    }
}
