// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

/// Integers with their encodings, of RFC 8949, appendix A, and at the ends of each length.
private let integers: [(value: UInt64, hexadecimal: String)] = [
    (0, "00"), (1, "01"), (10, "0a"), (23, "17"), (24, "1818"), (25, "1819"), (100, "1864"), (255, "18ff"),
    (256, "190100"), (1000, "1903e8"), (65_535, "19ffff"), (65_536, "1a00010000"), (1_000_000, "1a000f4240"),
    (0xFFFF_FFFF, "1affffffff"), (0x1_0000_0000, "1b0000000100000000"), (1_000_000_000_000, "1b000000e8d4a51000"),
    (UInt64.max, "1bffffffffffffffff"),
]

@Suite("CBOR")
struct CBORTests {
    @Test("integers have their published form", arguments: integers)
    func integer(value: UInt64, hexadecimal: String) throws {
        #expect(Hexadecimal.encode(CBOR.unsigned(value)) == hexadecimal)
        var reader = try reader(hexadecimal)
        #expect(try reader.unsigned() == value)
        try reader.finish()
    }

    @Test("strings have their published form")
    func strings() throws {
        var writer = CBORWriter()
        writer.bytes([])
        writer.bytes([1, 2, 3, 4])
        writer.text("")
        writer.text("IETF")
        writer.text("\u{00FC}")
        writer.text("\u{10151}")
        #expect(Hexadecimal.encode(writer.bytes) == "4044010203046064" + "49455446" + "62c3bc" + "64f0908591")
        var reader = CBORReader(writer.bytes)
        #expect(try reader.bytes() == [])
        #expect(try reader.bytes(4...4) == [1, 2, 3, 4])
        #expect(try reader.text() == "")
        #expect(try reader.text(1...4) == "IETF")
        #expect(try reader.text() == "\u{00FC}")
        #expect(try reader.text() == "\u{10151}")
        try reader.finish()
    }

    @Test("simple values and tags are one of their kind")
    func simpleValues() throws {
        var writer = CBORWriter()
        writer.bool(false)
        writer.bool(true)
        writer.null()
        writer.tag(18)
        writer.tag(1000)
        #expect(Hexadecimal.encode(writer.bytes) == "f4f5f6d2d903e8")
        var reader = CBORReader(writer.bytes)
        let isNullFirst = reader.takeNull()
        let values = (try reader.bool(), try reader.bool())
        #expect(!isNullFirst && values == (false, true))
        #expect(throws: CBORError.malformed) { try reader.bool() }
        let isThere = (tag: reader.takeTag(18), null: reader.takeNull(), again: reader.takeNull())
        #expect(isThere == (false, true, false))
        let tags = [17, 18, 18, 1000, 0].map { reader.takeTag($0) }
        #expect(tags == [false, true, false, true, false])
        try reader.finish()
    }

    @Test("an array gives its elements and a map its entries, of either length")
    func items() throws {
        for (hexadecimal, isMap) in [("83010203", false), ("a201020304", true), ("bf01020304ff", true)] {
            var reader = try reader(hexadecimal)
            var items = isMap ? try reader.map(mayBeIndefinite: true) : try reader.array()
            var values: [UInt64] = []
            while try reader.next(of: &items) {
                values.append(try reader.unsigned())
                if isMap { values.append(try reader.unsigned()) }
            }
            #expect(values == [1, 2, 3] + (isMap ? [4] : []), "\(hexadecimal)")
            let isMore = try reader.next(of: &items)
            #expect(!isMore)
            try reader.finish()
        }
    }

    @Test(
        "a long form of a number, and a length that has no number, are refused",
        arguments: [
            "1800", "1817", "190000", "1900ff", "1a00000000", "1a0000ffff", "1b0000000000000000", "1b00000000ffffffff",
            "1c", "1d", "1e", "1f", "18", "19ff", "1affffff", "1bffffffffffffff", "", "20", "40", "60", "80", "a0",
            "c0", "f4",
            "f6", "f90000", "ff",
        ])
    func badIntegers(hexadecimal: String) throws {
        var reader = try reader(hexadecimal)
        #expect(throws: CBORError.malformed) { try reader.unsigned() }
    }

    @Test(
        "a string in pieces, cut off, in a long form or of a wrong length is refused",
        arguments: [
            "5f", "5f4101ff", "5fff", "41", "4201", "5801", "580101", "5900", "5bffffffffffffffff",
            "5b7fffffffffffffff01",
            "4401020304", "40", "61", "6161", "f6", "01",
        ])
    func badBytes(hexadecimal: String) throws {
        var reader = try reader(hexadecimal)
        #expect(throws: CBORError.malformed) { try reader.bytes(1...3) }
    }

    @Test(
        "text in pieces or not in UTF-8 is refused",
        arguments: [
            "7f", "7f6161ff", "61ff", "62c328", "63eda080", "62c1bf", "64f4908080", "61c3", "40", "780161",
        ])
    func badText(hexadecimal: String) throws {
        var reader = try reader(hexadecimal)
        #expect(throws: CBORError.malformed) { try reader.text() }
    }

    @Test(
        "more elements than bytes, an indefinite array and a map that may not be indefinite are refused",
        arguments: [
            "81", "9b7fffffffffffffff01", "9bffffffffffffffff", "9f", "9fff", "9f01ff", "9801", "a0", "bf", "bfff",
            "01",
        ])
    func badArrays(hexadecimal: String) throws {
        var array = try reader(hexadecimal)
        #expect(throws: CBORError.malformed) { try array.array() }
        var map = try reader(hexadecimal)
        #expect(throws: CBORError.malformed) { try map.map(1...100) }
    }

    @Test("an indefinite map that does not end is refused when it should")
    func endless() throws {
        var reader = try reader("bf0102")
        var entries = try reader.map(mayBeIndefinite: true)
        let isMore = try reader.next(of: &entries)
        #expect(isMore)
        _ = try (reader.unsigned(), reader.unsigned())
        #expect(throws: CBORError.malformed) { try reader.next(of: &entries) }
    }

    @Test("bytes after the last value are refused")
    func trailing() throws {
        var reader = try reader("0100")
        _ = try reader.unsigned()
        #expect(reader.remaining == 1)
        #expect(throws: CBORError.malformed) { try reader.finish() }
    }

    private func reader(_ hexadecimal: String) throws -> CBORReader {
        CBORReader(try #require(Hexadecimal.decode(hexadecimal.utf8)))
    }
}
