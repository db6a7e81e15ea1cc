// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@Suite("hexadecimal")
struct HexTests {
    private static let all = (0...255).map { UInt8($0) }

    /// By the standard library.
    private static let allText = all.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()

    private func read(_ text: [UInt8], count: Int) -> (bytes: [UInt8], isRead: Bool) {
        var isRead = false
        let bytes = Samples.filled(count) { isRead = Hex.decode(text.span, into: &$0) }
        return (bytes, isRead)
    }

    @Test("every byte is written in lower case and read in either")
    func everyByte() {
        #expect(Hex.encode(Self.all) == Self.allText)
        #expect(Samples.filled(512) { Hex.encode(Self.all.span, into: &$0) } == Array(Self.allText.utf8))
        for text in [Self.allText, Self.allText.uppercased(), "0x" + Self.allText, "0x" + Self.allText.uppercased()] {
            #expect(Hex.decode(text) == Self.all)
            #expect(read(Array(text.utf8), count: 256) == (Self.all, true))
        }
    }

    @Test("a pair is read where both are digits, whatever else there is")
    func everyPair() {
        let digits = Array("0123456789abcdefABCDEF".utf8)
        for first in Self.all {
            for second in Self.all {
                let known =
                    digits.contains(first) && digits.contains(second)
                    ? UInt8(String(decoding: [first, second], as: UTF8.self), radix: 16) : nil
                let (bytes, isRead) = read([first, second], count: 1)
                if isRead != (known != nil) || bytes != [known ?? 0] {
                    Issue.record("\(first), \(second)")
                }
            }
        }
    }

    @Test("nothing is the text of nothing", arguments: ["", "0x"])
    func empty(text: String) {
        #expect(Hex.encode([]).isEmpty)
        #expect(Hex.decode(text) == [])
        #expect(read(Array(text.utf8), count: 0).isRead)
    }

    @Test(
        "anything else is refused",
        arguments: [
            "0", "x", "0x0", "abc", "0X00", "0x0x00", "x000", " 00", "00 ", "0 0", "+a", "-1", "0g", "00\n", "é",
            "\0\0",
            "0١", "00:00",
        ])
    func refused(text: String) {
        #expect(Hex.decode(text) == nil)
        let (bytes, isRead) = read(Array(text.utf8), count: text.utf8.count / 2)
        #expect(!isRead)
        #expect(bytes.allSatisfy { $0 == 0 })
    }

    @Test("a text for another number of bytes is refused", arguments: [0, 1, 3, 4])
    func length(count: Int) {
        for text in ["abcd", "0xabcd"] {
            let (bytes, isRead) = read(Array(text.utf8), count: count)
            #expect(!isRead)
            #expect(bytes == [UInt8](repeating: 0, count: count))
        }
    }
}
