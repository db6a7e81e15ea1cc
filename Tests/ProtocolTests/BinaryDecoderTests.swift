// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Protocol

@Suite("binary form")
struct BinaryDecoderTests {
    private static let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

    private func decode<T: Decodable>(_ type: T.Type, _ bytes: [UInt8]) throws(FrameError) -> T {
        let decoder = BinaryDecoder(bytes, secretCount: 0)
        let value = try decoder.decode(type)
        try decoder.finish()
        return value
    }

    @Test("a length over what is there is refused, however large", arguments: [huge, [5, 0, 0, 0], [0, 0, 0, 0x80]])
    func lengths(length: [UInt8]) {
        let bytes = length + [1, 1, 1, 1]
        #expect(throws: FrameError.malformed) { try decode([UInt8].self, bytes) }
        #expect(throws: FrameError.malformed) { try decode(String.self, bytes) }
        #expect(throws: FrameError.malformed) { try decode([String].self, bytes) }
        #expect(throws: FrameError.malformed) { try decode([Phase].self, bytes) }
    }

    @Test("a secret field over what is there is refused, however large", arguments: [[11, 0, 0, 0], huge])
    func secretLength(length: [UInt8]) {
        let decoder = BinaryDecoder(length, secretCount: 10)
        #expect(throws: FrameError.malformed) { try decoder.decode(SecretField.self) }
    }

    @Test("a byte that is neither 0 nor 1 is no truth value and no presence", arguments: 2...255 as ClosedRange<UInt8>)
    func truth(byte: UInt8) {
        #expect(throws: FrameError.malformed) { try decode(Bool.self, [byte]) }
        #expect(throws: FrameError.malformed) {
            try decode(EnclaveInfo.SandboxStatus.self, [1, byte, 0, 0, 0, 0])
        }
    }

    @Test(
        "text that is not UTF-8 is refused",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]] as [[UInt8]])
    func text(bytes: [UInt8]) {
        #expect(throws: FrameError.malformed) { try decode(String.self, [UInt8(bytes.count), 0, 0, 0] + bytes) }
    }

    @Test("integers are little-endian at their width")
    func integers() throws {
        let encoder = BinaryEncoder()
        encoder.append(0x0102 as UInt16)
        encoder.append(-2 as Int64)
        #expect(encoder.bytes == [2, 1, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        let decoder = BinaryDecoder(encoder.bytes, secretCount: 0)
        #expect(try decoder.readInteger(UInt16.self) == 0x0102)
        #expect(try decoder.readInteger(Int64.self) == -2)
        try decoder.finish()
    }

    @Test("bytes and secrets that are left over are refused")
    func leftOver() {
        #expect(throws: FrameError.malformed) { try BinaryDecoder([0], secretCount: 0).finish() }
        #expect(throws: FrameError.malformed) { try BinaryDecoder([], secretCount: 1).finish() }
    }

    @Test("what the form has no place for is refused in both directions")
    func noForm() {
        #expect(throws: FrameError.malformed) { try BinaryEncoder().encode(1.5) }
        #expect(throws: FrameError.malformed) { try BinaryEncoder().encode([1.5]) }
        #expect(throws: FrameError.malformed) { try decode(Double.self, [0, 0, 0, 0, 0, 0, 0, 0]) }
    }
}
