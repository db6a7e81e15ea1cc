// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

/// Documents and bytes from a seed: the same ones in every run.
struct DocumentGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

// MARK: Documents

extension DocumentGenerator {
    /// Any value, with at most `depth` arrays and objects inside one another.
    mutating func value(depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &self) {
        case 0: .null
        case 1: .bool(.random(using: &self))
        case 2: .integer(JSONInteger(.random(in: .min ... .max, using: &self) as UInt64))
        case 3: .integer(JSONInteger(.random(in: .min ... .max, using: &self) as Int64))
        case 4: .string(text())
        case 5: .array(list { $0.value(depth: depth - 1) })
        default: .object(members(depth: depth))
        }
    }

    private mutating func members(depth: Int) -> [JSONMember] {
        var names = Set<[UInt8]>()
        return list { JSONMember(name: $0.text(), value: $0.value(depth: depth - 1)) }
            .filter { names.insert(Array($0.name.utf8)).inserted }
    }

    private mutating func list<Element>(_ element: (inout DocumentGenerator) -> Element) -> [Element] {
        (0..<Int.random(in: 0...6, using: &self)).map { _ in element(&self) }
    }

    /// Characters of every length in UTF-8, among them those that must be escaped.
    private mutating func text() -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x1F, 0x20...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF,
        ]
        let scalars = list { generator in
            let range = ranges[Int.random(in: ranges.indices, using: &generator)]
            return Unicode.Scalar(.random(in: range, using: &generator) as UInt32)
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.compactMap(\.self))
        return String(text)
    }
}

// MARK: Bytes

extension DocumentGenerator {
    /// Bytes out of `alphabet`.
    mutating func bytes(count: Int, of alphabet: [UInt8]) -> [UInt8] {
        (0..<count).map { _ in alphabet[Int.random(in: alphabet.indices, using: &self)] }
    }
}
