// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

@Suite("Bytes that may be a secret")
struct ErasingTests {
    @Test("every byte is overwritten")
    func erased() {
        var bytes: [UInt8] = [1, 2, 3]
        bytes.erase()
        #expect(bytes == [0, 0, 0])
        var none: [UInt8] = []
        none.erase()
        #expect(none.isEmpty)
    }

    @Test("another owner of the same bytes keeps them")
    func shared() {
        let kept: [UInt8] = [1, 2, 3]
        var bytes = kept
        bytes.erase()
        #expect(kept == [1, 2, 3])
    }

    @Test("what is appended is there, however often the array moves")
    func appended() {
        var bytes: [UInt8] = []
        var expected: [UInt8] = []
        for count in [1, 0, 7, 4096, 65_536, 1] {
            let more = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            bytes.appendErasing(more.span)
            expected += more
        }
        #expect(bytes == expected)
    }
}
