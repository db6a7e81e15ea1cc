// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Protocol

@Suite("frame header")
struct FrameHeaderTests {
    @Test(
        "a length over the limit is too large, before anything else is looked at",
        arguments: [(101, 0), (101, 500), (UInt32.max, UInt32.max), (UInt32.max, 0)] as [(UInt32, UInt32)])
    func tooLarge(length: UInt32, plain: UInt32) {
        #expect(throws: FrameError.tooLarge) { try FrameHeader(length: length, plain: plain, limit: 100) }
    }

    @Test(
        "a plain part that does not fit is malformed",
        arguments: [(0, 0), (3, 0), (4, 1), (100, 97), (100, UInt32.max)] as [(UInt32, UInt32)])
    func malformed(length: UInt32, plain: UInt32) {
        #expect(throws: FrameError.malformed) { try FrameHeader(length: length, plain: plain, limit: 100) }
    }

    @Test(
        "what lies within the limit is divided into plain and secret part",
        arguments: [(4, 0, 0), (100, 96, 0), (100, 0, 96), (50, 6, 40)] as [(UInt32, UInt32, Int)])
    func parts(length: UInt32, plain: UInt32, secretCount: Int) throws {
        let header = try FrameHeader(length: length, plain: plain, limit: 100)
        #expect(header == FrameHeader(plainCount: Int(plain), secretCount: secretCount))
        #expect(header.frameCount == Int(length) + 4)
        #expect(header.length == length)
    }

    @Test("the length is big-endian and the plain part's little-endian")
    func bytes() {
        #expect(
            FrameHeader(plainCount: 0x0102_0304, secretCount: 0x10).bytes
                == [0x01, 0x02, 0x03, 0x18, 0x04, 0x03, 0x02, 0x01])
    }

    @Test("a frame may carry a body of the limit and 64 KiB more")
    func limit() {
        #expect(Limits.frameBytes(bodyBytes: Limits.defaultBodyBytes) == 1_048_576 + 65_536)
    }
}
