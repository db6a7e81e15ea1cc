// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import SecretMemory

@Suite("copies into a span")
struct MutableSpanCopyTests {
    @Test(
        "a copy that fits stands where it was put",
        arguments: [
            ([], 0, [0, 0, 0]), ([], 3, [0, 0, 0]), ([1], 2, [0, 0, 1]), ([1, 2, 3], 0, [1, 2, 3]),
            ([1, 2], 1, [0, 1, 2]),
        ] as [([UInt8], Int, [UInt8])])
    func fits(source: [UInt8], offset: Int, expected: [UInt8]) {
        var target: [UInt8] = [0, 0, 0]
        var span = target.mutableSpan
        span.copy(source.span, at: offset)
        #expect(target == expected)
    }

    @Test("a copy that does not fit ends the process: one byte too many")
    func tooLong() async {
        await #expect(processExitsWith: .failure) { copy(3, at: 1) }
    }

    @Test("a copy that does not fit ends the process: behind the end")
    func behind() async {
        await #expect(processExitsWith: .failure) { copy(0, at: 4) }
    }

    @Test("a copy that does not fit ends the process: before the start")
    func before() async {
        await #expect(processExitsWith: .failure) { copy(1, at: -1) }
    }

    @Test("a copy that does not fit ends the process: an offset that overflows")
    func overflow() async {
        await #expect(processExitsWith: .failure) { copy(1, at: .min) }
    }

    @Test("the same copy within bounds does not end the process")
    func within() async {
        await #expect(processExitsWith: .success) { copy(2, at: 1) }
    }
}

private func copy(_ count: Int, at offset: Int) {
    let source = [UInt8](repeating: 1, count: count)
    var target: [UInt8] = [0, 0, 0]
    var span = target.mutableSpan
    span.copy(source.span, at: offset)
}
