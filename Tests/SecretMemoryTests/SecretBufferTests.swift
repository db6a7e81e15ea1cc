// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import SecretMemory

@Suite("secret buffer")
struct SecretBufferTests {
    private func buffer(_ content: [UInt8]) throws -> SecretBuffer {
        var buffer = try SecretBuffer(count: content.count)
        buffer.withMutableBytes { $0.copy(content.span, at: 0) }
        return buffer
    }

    private func content(_ buffer: borrowing SecretBuffer) -> [UInt8] {
        buffer.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    @Test("it is zero at first and has the length asked for", arguments: [1, 4096, 5000])
    func fresh(count: Int) throws {
        #expect(content(try SecretBuffer(count: count)) == [UInt8](repeating: 0, count: count))
    }

    @Test(
        "a part is wiped, as far as it lies inside",
        arguments: [
            (0..<0, [1, 2, 3, 4]), (0..<4, [0, 0, 0, 0]), (1..<3, [1, 0, 0, 4]), (3..<99, [1, 2, 3, 0]),
            (9..<99, [1, 2, 3, 4]), (-5..<1, [0, 2, 3, 4]),
        ] as [(Range<Int>, [UInt8])])
    func wipe(range: Range<Int>, expected: [UInt8]) throws {
        var buffer = try buffer([1, 2, 3, 4])
        buffer.wipe(range)
        #expect(content(buffer) == expected)
    }

    @Test(
        "what is moved to the front leaves zeroes up to where it ended, and nothing changes behind",
        arguments: [
            (0..<4, [1, 2, 3, 4, 5]), (1..<4, [2, 3, 4, 0, 5]), (3..<5, [4, 5, 0, 0, 0]), (2..<2, [0, 0, 3, 4, 5]),
            (4..<99, [5, 0, 0, 0, 0]),
        ] as [(Range<Int>, [UInt8])])
    func moveToFront(range: Range<Int>, expected: [UInt8]) throws {
        var buffer = try buffer([1, 2, 3, 4, 5])
        buffer.moveToFront(range)
        #expect(content(buffer) == expected)
    }
}
