// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Protocol
import SecretMemory
import Testing

@testable import EnclaveCore

@Suite("primitives")
struct PrimitivesTests {
    @Test("every white space of Unicode is white space, and nothing else is")
    func whiteSpace() {
        for value in 0...0x10FFFF as ClosedRange<UInt32> {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let point = UnicodeText.CodePoint(value: value, byteCount: 1)
            guard point.isWhiteSpace != scalar.properties.isWhitespace else { continue }
            Issue.record("U+\(String(value, radix: 16))")
        }
    }

    @Test("a code point is read with its length", arguments: ["a", "é", "€", "🔑", "\0", "\u{10FFFF}", "\u{D7FF}"])
    func codePoint(text: String) {
        let bytes = Array("x\(text)x".utf8)
        let point = UnicodeText.codePoint(in: bytes.span, at: 1)
        #expect(point?.value == text.unicodeScalars.first?.value)
        #expect(point?.byteCount == text.utf8.count)
    }

    @Test(
        "what is not UTF-8 has no code point and is not valid",
        arguments: [
            [0x80], [0xBF, 0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x80, 0x80], [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFE], [0xFF],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let point = UnicodeText.codePoint(in: bytes.span, at: 0)
        #expect(point?.value == nil)
        #expect(!isValid(bytes))
        #expect(!isValid([0x61] + bytes))
        #expect(!isValid(bytes + [0x61]))
    }

    private func isValid(_ bytes: [UInt8]) -> Bool {
        UnicodeText.isValid(bytes.span)
    }

    private func normalized(_ bytes: [UInt8], scratch count: Int, at offset: Int = 0) -> [UInt8]? {
        var scratch = [UInt8](repeating: 0, count: count)
        var span = scratch.mutableSpan
        guard let length = UnicodeText.normalize(bytes.span, into: &span, at: offset) else { return nil }
        return Array(scratch[offset..<(offset + length)])
    }

    @Test("every code point has Foundation's NFKD, in the room that is promised to be enough")
    func everyCodePoint() {
        // Foundation may know a newer Unicode; what was unassigned has no decomposition in either.
        for value in 0...0x2FFFF as ClosedRange<UInt32> {
            guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else { continue }
            let text = String(scalar)
            let bytes = Array(text.utf8)
            let found = normalized(bytes, scratch: UnicodeText.scratchBytes(for: bytes.count))
            if found != Array(text.decomposedStringWithCompatibilityMapping.utf8) {
                Issue.record("U+\(String(value, radix: 16))")
            }
        }
    }

    @Test(
        "marks are put in their order", arguments: ["a\u{0301}\u{0323}", "a\u{0323}\u{0301}", "ạ\u{0301}", "á\u{0323}"])
    func order(text: String) {
        let bytes = Array(text.utf8)
        #expect(
            normalized(bytes, scratch: UnicodeText.scratchBytes(for: bytes.count)) == Array("a\u{0323}\u{0301}".utf8))
    }

    @Test("too little room is refused, behind an offset as well")
    func room() {
        let bytes = Array("abc".utf8)
        let needed = UnicodeText.scratchBytes(for: 3)
        #expect(normalized(bytes, scratch: needed) == bytes)
        #expect(normalized(bytes, scratch: needed - 1) == nil)
        #expect(normalized(bytes, scratch: needed + 8, at: 8) == bytes)
        #expect(normalized(bytes, scratch: needed + 7, at: 8) == nil)
        #expect(normalized([], scratch: needed) == [])
        #expect(normalized([0xFF], scratch: needed) == nil)
    }
}
