// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

/// Reads one value and expects the end after it.
private func read<Value>(
    _ bytes: [UInt8], _ read: (inout BorshReader) throws(QuorumError) -> Value
) throws(QuorumError) -> Value {
    var reader = BorshReader(bytes)
    let value = try read(&reader)
    try reader.finish()
    return value
}

private func written(_ write: (inout BorshWriter) -> Void) -> [UInt8] {
    var writer = BorshWriter()
    write(&writer)
    return writer.bytes
}

/// What every type of Borsh reads; two records of it are equal where all their fields are.
private struct Record: Equatable {
    var byte: UInt8 = 0xA1
    var short: UInt16 = 0xB1B2
    var word: UInt32 = 0xC1C2_C3C4
    var long: UInt64 = 0xD1D2_D3D4_D5D6_D7D8
    var flag = true
    var text = "aé€😀"
    var blob: [UInt8] = [9, 8]
    var fixed: [UInt8] = [7, 6, 5]
    var some: UInt16? = 1
    var none: UInt16?
    var list = ["", "b"]

    static let bytes: [UInt8] =
        [0xA1, 0xB2, 0xB1, 0xC4, 0xC3, 0xC2, 0xC1, 0xD8, 0xD7, 0xD6, 0xD5, 0xD4, 0xD3, 0xD2, 0xD1, 1]
        + [10, 0, 0, 0] + Array("aé€😀".utf8)
        + [2, 0, 0, 0, 9, 8] + [7, 6, 5] + [1, 1, 0] + [0]
        + [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x62]

    init() {}

    init(from reader: inout BorshReader) throws(QuorumError) {
        byte = try reader.u8()
        short = try reader.u16()
        word = try reader.u32()
        long = try reader.u64()
        flag = try reader.bool()
        text = try reader.string()
        blob = try reader.bytes()
        fixed = try reader.fixed(3)
        some = try reader.optional { (reader) throws(QuorumError) in try reader.u16() }
        none = try reader.optional { (reader) throws(QuorumError) in try reader.u16() }
        list = try reader.array(minimumBytes: 4) { (reader) throws(QuorumError) in try reader.string() }
    }

    func write(to writer: inout BorshWriter) {
        writer.u8(byte)
        writer.u16(short)
        writer.u32(word)
        writer.u64(long)
        writer.bool(flag)
        writer.string(text)
        writer.bytes(blob)
        writer.fixed(fixed)
        writer.optional(some) { $0.u16($1) }
        writer.optional(none) { $0.u16($1) }
        writer.array(list) { $0.string($1) }
    }
}

@Suite("Borsh")
struct BorshTests {
    @Test("every type is written as it must be, and read back")
    func roundTrip() throws {
        #expect(written { Record().write(to: &$0) } == Record.bytes)
        let record = try read(Record.bytes) { (reader) throws(QuorumError) in try Record(from: &reader) }
        #expect(record == Record())
    }

    @Test("a record that is cut off at any byte is refused")
    func truncated() {
        for length in Record.bytes.indices {
            #expect(throws: QuorumError.malformedBorsh, "\(length) bytes") {
                try read(Array(Record.bytes[..<length])) { (reader) throws(QuorumError) in try Record(from: &reader) }
            }
        }
    }

    @Test("bytes after the value are refused")
    func trailing() {
        #expect(throws: QuorumError.malformedBorsh) {
            try read(Record.bytes + [0]) { (reader) throws(QuorumError) in try Record(from: &reader) }
        }
        #expect(throws: QuorumError.malformedBorsh) { try BorshReader([0]).finish() }
        #expect(throws: Never.self) { try BorshReader([]).finish() }
    }

    @Test("a bool and the first byte of an optional value are 0 or 1", arguments: 2...255 as ClosedRange<UInt8>)
    func bool(_ byte: UInt8) {
        #expect(throws: QuorumError.malformedBorsh) {
            try read([byte]) { (reader) throws(QuorumError) in try reader.bool() }
        }
        #expect(throws: QuorumError.malformedBorsh) {
            try read([byte, 0]) { (reader) throws(QuorumError) in
                try reader.optional { (reader) throws(QuorumError) in try reader.u8() }
            }
        }
    }

    @Test(
        "text that is not UTF-8 is refused",
        arguments: [[0x80], [0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xFF]]
            as [[UInt8]])
    func encoding(_ text: [UInt8]) {
        #expect(throws: QuorumError.malformedBorsh) {
            try read([UInt8(text.count), 0, 0, 0] + text) { (reader) throws(QuorumError) in try reader.string() }
        }
    }

    @Test("text keeps its bytes: zeros, and both spellings of é")
    func textBytes() throws {
        for text in ["\0", "\u{E9}", "e\u{301}", "\u{FEFF}"] {
            let bytes = written { $0.string(text) }
            let again = try read(bytes) { (reader) throws(QuorumError) in try reader.string() }
            #expect(Array(again.utf8) == Array(text.utf8))
        }
    }
}

// MARK: Lengths

extension BorshTests {
    @Test("a length above the bytes left is refused", arguments: [3, 0x7FFF_FFFF, 0x8000_0000, UInt32.max])
    func length(_ length: UInt32) {
        let bytes = written { $0.u32(length) } + [0x61, 0x62]
        #expect(throws: QuorumError.malformedBorsh) {
            try read(bytes) { (reader) throws(QuorumError) in try reader.bytes() }
        }
        #expect(throws: QuorumError.malformedBorsh) {
            try read(bytes) { (reader) throws(QuorumError) in try reader.string() }
        }
    }

    @Test("a count that the bytes left cannot hold is refused before an element is read", arguments: [0, 1, 4])
    func count(minimumBytes: Int) {
        let limit = 8 / max(minimumBytes, 1)
        for count in [UInt32(limit) + 1, .max] {
            var wasRead = false
            #expect(throws: QuorumError.malformedBorsh) {
                try read(written { $0.u32(count) } + [UInt8](repeating: 0, count: 8)) { (reader) throws(QuorumError) in
                    try reader.array(minimumBytes: minimumBytes) { (reader) throws(QuorumError) in
                        wasRead = true
                        return try reader.u8()
                    }
                }
            }
            #expect(!wasRead)
        }
    }

    @Test("a count that the bytes left just hold is read")
    func exactCount() throws {
        let elements = try read([2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]) { (reader) throws(QuorumError) in
            try reader.array(minimumBytes: 4) { (reader) throws(QuorumError) in try reader.u32() }
        }
        #expect(elements == [1, 2])
    }

    @Test("fixed bytes are within what is left", arguments: [-1, Int.min, 3, Int.max])
    func fixed(_ count: Int) {
        var reader = BorshReader([1, 2])
        #expect(throws: QuorumError.malformedBorsh) { try reader.fixed(count) }
        #expect(reader.remaining == 2)
    }

    @Test("random bytes are refused or read, and then written as they were", arguments: 0..<50 as Range<UInt64>)
    func random(seed: UInt64) {
        var generator = DocumentGenerator(seed: seed)
        for count in 0..<100 {
            let bytes = generator.bytes(count: count, of: [0, 0, 0, 1, 2, 0x61, 0xFF])
            guard
                let record = try? read(bytes, { (reader) throws(QuorumError) in try Record(from: &reader) })
            else { continue }
            #expect(written { record.write(to: &$0) } == bytes)
        }
    }
}
