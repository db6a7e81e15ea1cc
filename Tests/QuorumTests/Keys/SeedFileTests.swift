// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing

@testable import Quorum

@Suite("A plain secret file")
struct SeedFileTests {
    private static let text = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

    private static let readable: [String] = [
        text, "\(text)\n", "\r\n\t \(text) \u{0B}\u{0C}\r\n", "0x\(text)", text.uppercased(),
        " 0x\(text.uppercased())\n",
    ]

    @Test("is read with white space around it, a prefix, and in either case", arguments: readable)
    func read(text: String) throws {
        let bytes = Array(text.utf8)
        let pair = try SeedFile.read(bytes.span)
        #expect(pair.withSeed { KeySamples.copy($0) } == KeySamples.seed)
        #expect(!KeySamples.isEncrypted(bytes))
    }

    private static let unreadable: [String] = [
        "", " ", "\n", "0x", "00", "\(text)0", "\(text)00", "\(text.prefix(63))", "\(text.prefix(62))",
        "\(text.prefix(63))g", "+\(text.dropFirst())", "0X\(text)", "0x0x\(text)", "\u{A0}\(text)", "\0\(text)",
        "\(text.prefix(32)) \(text.suffix(32))", "\(text.prefix(32))\n\(text.suffix(31))",
    ]

    @Test("is refused when it is not 64 hexadecimal characters", arguments: unreadable)
    func refused(text: String) {
        let bytes = Array(text.utf8)
        #expect(throws: QuorumError.malformedHex) { _ = try SeedFile.read(bytes.span) }
    }

    @Test("is written in lower case without a line end")
    func written() throws {
        let text = try SeedFile.text(of: try KeySamples.pair(), memory: .guarded)
        #expect(text.count == SeedFile.textBytes)
        #expect(String(decoding: KeySamples.copy(text), as: UTF8.self) == Self.text)
    }

    @Test("says what it was written from", arguments: 0..<16)
    func roundTrip(number: Int) throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        let pair = try KeySamples.pair(numbered: number)
        let text = try SeedFile.text(of: pair, memory: .arena(arena))
        #expect(try text.withBytes { try SeedFile.read($0) }.publicKey == pair.publicKey)
    }

    @Test("is not written where there is no memory for it")
    func noMemory() throws {
        let arena = try SecretArena([.init(bytes: 32, slots: 1)])
        let pair = try KeySamples.pair()
        #expect(throws: QuorumError.memory(.tooLarge)) { _ = try SeedFile.text(of: pair, memory: .arena(arena)) }
    }
}
