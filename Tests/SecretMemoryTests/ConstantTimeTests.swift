// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import SecretMemory

@Suite("constant-time comparison")
struct ConstantTimeTests {
    @Test(
        "equal bytes are equal",
        arguments: [[], [0], [0xFF], [1, 2, 3], [UInt8](repeating: 0x80, count: 1000)] as [[UInt8]])
    func equal(bytes: [UInt8]) {
        let other = Array(bytes)
        #expect(isEqual(bytes, other))
    }

    @Test("any single difference is found, in every bit of every byte", arguments: [1, 2, 33, 64])
    func everyBit(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        for place in bytes.indices {
            for bit in 0..<8 {
                var other = bytes
                other[place] ^= 1 << UInt8(bit)
                #expect(!isEqual(bytes, other), "byte \(place), bit \(bit)")
            }
        }
    }

    @Test(
        "differences do not cancel each other out, and lengths count",
        arguments: [
            ([1, 1], [2, 2]), ([1, 2], [2, 1]), ([0xFF, 0xFF], [0, 0]), ([], [0]), ([0], []), ([1, 2], [1, 2, 0]),
            ([1, 2, 3], [1, 2]),
        ] as [([UInt8], [UInt8])])
    func different(one: [UInt8], other: [UInt8]) {
        #expect(!isEqual(one, other))
    }

    private func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        ConstantTime.equal(one.span, other.span)
    }
}
