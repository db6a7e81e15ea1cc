// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory
import Testing

@testable import MemberCommands

@Suite("A share as people keep it")
struct PlainShareTests {
    private static let share = Array(UInt8(200)..<233)
    private static let array = JSONValue.byteArray(share).line

    private func read(_ bytes: [UInt8]) throws -> [UInt8]? {
        guard let share = try PlainShare.read(bytes.span) else { return nil }
        return share.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    @Test(
        "raw bytes, hexadecimal and a JSON array are read, with white space around the text",
        arguments: [
            share, Array(Hex.encode(share).utf8), Array(("\n 0x" + Hex.encode(share).uppercased() + "\r\n").utf8),
            Array(array.utf8), Array(("\t" + array.replacing(",", with: " ,\n ") + "\n").utf8),
            Array(array.replacing("[", with: "[ ").replacing("]", with: " ]").utf8),
        ]
    )
    func forms(bytes: [UInt8]) throws {
        #expect(try read(bytes) == Self.share)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "[", "[]", "[1]", String(array.dropLast()), array + "]", array.replacing("200", with: "256"),
            array.replacing("200", with: "1000"), array.replacing("200", with: "020"),
            array.replacing("200", with: "-1"),
            array.replacing("200", with: ""), array.replacing(",201", with: ""), array.replacing("232", with: "232,1"),
            String(Hex.encode(share).dropLast(2)), Hex.encode(share) + "00",
            Hex.encode(share).replacing("c8", with: "zz"),
        ]
    )
    func refused(text: String) throws {
        #expect(try read(Array(text.utf8)) == nil)
    }

    @Test("a share is written as it is read")
    func written() throws {
        let (json, hexadecimal) = (PlainShare.json(Self.share.span), try PlainShare.hex(Self.share.span))
        #expect(json == Self.array)
        #expect(hexadecimal == Hex.encode(Self.share))
    }
}
