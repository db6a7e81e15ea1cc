// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing

@testable import Quorum

/// A file that was made by another implementation of Argon2id and AES-GCM.
struct GoldenKeyFile: Sendable, CustomTestStringConvertible {
    let passphrase: String
    let operations: UInt32
    let memoryKiB: UInt32
    let text: String

    var testDescription: String { passphrase }

    /// The seed is 00…1f, the salt a0…af and the nonce 00…0b.
    static let all = [
        GoldenKeyFile(
            passphrase: "correct horse battery staple",
            operations: 1,
            memoryKiB: 8,
            text: "72656e636c6176652d7365637265742d7631000100000008000000a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
                + "000102030405060708090a0b2f17384d0e756ed1ed428e64308d8b5ab049df951381c1a7d701e48873e79080"
                + "127b85d15744c4cfdfe6172bd733d3b4"
        ),
        GoldenKeyFile(
            passphrase: "p\u{E4}ssw\u{F6}rd",
            operations: 3,
            memoryKiB: 65536,
            text: "72656e636c6176652d7365637265742d7631000300000000000100a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
                + "000102030405060708090a0b46e2ba72e936eedad369b1aeb03197d63d784e96f850a47fe9629c8252d08af9"
                + "236ac2bb139a66f35d3d9825a6aa76ec"
        ),
    ]
}

@Suite("An encrypted secret file")
struct EncryptedKeyFileTests {
    private let passphrase = Array("correct horse battery staple".utf8)
    private let golden = Array(GoldenKeyFile.all[0].text.utf8)

    private func error(of text: [UInt8]) -> QuorumError? {
        KeySamples.error { () throws(QuorumError) in
            _ = try EncryptedKeyFile.open(text.span, passphrase: passphrase.span)
        }
    }

    /// The golden file with some bytes replaced.
    private func golden(_ bytes: [UInt8], at offset: Int) throws -> [UInt8] {
        var file = try KeySamples.hex(GoldenKeyFile.all[0].text)
        file.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        return Array(Hex.encode(file).utf8)
    }

    @Test("is made as another implementation makes it, and opened", arguments: GoldenKeyFile.all)
    func sealed(file: GoldenKeyFile) throws {
        let passphrase = Array(file.passphrase.utf8)
        let text = try EncryptedKeyFile.seal(
            try KeySamples.pair(),
            passphrase: passphrase.span,
            cost: try PassphraseCost(operations: file.operations, memoryKiB: file.memoryKiB),
            salt: (0xA0...0xAF).map { $0 },
            nonce: (0...11).map { $0 }
        )
        #expect(String(decoding: text, as: UTF8.self) == file.text)
        #expect(text.count == EncryptedKeyFile.textBytes)
        #expect(KeySamples.isEncrypted(text))
        let pair = try EncryptedKeyFile.open(text.span, passphrase: passphrase.span)
        #expect(pair.withSeed { KeySamples.copy($0) } == KeySamples.seed)
    }

    @Test("costs 3 passes over 64 MiB unless told otherwise, under a fresh salt and nonce")
    func standard() throws {
        let entropy = EntropySource()
        let pair = try KeySamples.pair()
        let first = try EncryptedKeyFile.seal(pair, passphrase: passphrase.span, entropy: entropy)
        let second = try EncryptedKeyFile.seal(pair, passphrase: passphrase.span, entropy: entropy)
        let head = Hex.encode(Array("renclave-secret-v1\0".utf8)) + "0300000000000100"
        #expect(String(decoding: first, as: UTF8.self).hasPrefix(head))
        #expect(first != second)
        let opened = try EncryptedKeyFile.open(first.span, passphrase: passphrase.span)
        #expect(opened.publicKey == pair.publicKey)
        #expect(PassphraseCost.standard == (try PassphraseCost(operations: 3, memoryKiB: 65536)))
    }

    @Test("is read with white space around it, a prefix, and in upper case")
    func spelling() throws {
        let text = GoldenKeyFile.all[0].text
        for spelling in [text + "\n", " \t" + text + "\r\n", "0x" + text, "0x" + text.uppercased(), text.uppercased()] {
            let bytes = Array(spelling.utf8)
            #expect(KeySamples.isEncrypted(bytes))
            let pair = try EncryptedKeyFile.open(bytes.span, passphrase: passphrase.span)
            #expect(pair.publicKey == (try KeySamples.pair().publicKey))
        }
    }

    @Test(
        "is not opened by another passphrase",
        arguments: ["", "correct horse battery stapl", "correct horse battery staple ", "Correct horse battery staple"]
    )
    func wrongPassphrase(other: String) {
        let other = Array(other.utf8)
        #expect(throws: QuorumError.cannotDecrypt) {
            _ = try EncryptedKeyFile.open(golden.span, passphrase: other.span)
        }
    }

    @Test("takes an empty passphrase")
    func emptyPassphrase() throws {
        let none: [UInt8] = []
        let text = try EncryptedKeyFile.seal(
            try KeySamples.pair(),
            passphrase: none.span,
            cost: try PassphraseCost(operations: 1, memoryKiB: 8),
            entropy: EntropySource()
        )
        _ = try EncryptedKeyFile.open(text.span, passphrase: none.span)
        #expect(error(of: text) == .cannotDecrypt)
    }

    @Test("is refused at any shorter length")
    func truncated() {
        for count in golden.indices {
            #expect(error(of: Array(golden.prefix(count))) == .malformedEnvelope, "\(count)")
        }
    }

    @Test("is refused with something behind it")
    func longer() {
        #expect(error(of: golden + Array("00".utf8)) == .malformedEnvelope)
        #expect(error(of: golden + golden) == .malformedEnvelope)
    }

    @Test("is refused when it is not hexadecimal")
    func notHexadecimal() {
        for index in 38..<golden.count {
            var text = golden
            text[index] = UInt8(ascii: "g")
            #expect(error(of: text) == .malformedHex, "\(index)")
        }
    }

    @Test("is not taken for one when any byte of its beginning differs")
    func otherBeginning() {
        for index in 0..<38 {
            var text = golden
            text[index] = UInt8(ascii: "f")
            #expect(!KeySamples.isEncrypted(text), "\(index)")
            #expect(error(of: text) == .malformedEnvelope, "\(index)")
        }
    }

    @Test("is refused when salt, nonce, ciphertext or tag is changed")
    func changed() throws {
        let file = try KeySamples.hex(GoldenKeyFile.all[0].text)
        for index in 27..<file.count {
            #expect(error(of: try golden([file[index] ^ 1], at: index)) == .cannotDecrypt, "\(index)")
        }
    }

    @Test("is refused under another cost that is allowed")
    func otherCost() throws {
        #expect(error(of: try golden([2], at: 19)) == .cannotDecrypt)
        #expect(error(of: try golden([9], at: 23)) == .cannotDecrypt)
    }

    @Test(
        "is refused before anything is derived when its cost is absurd",
        arguments: [
            (0, 8), (17, 8), (UInt32.max, 8), (1, 0), (1, 7), (1, (1 << 20) + 1), (1, UInt32.max), (0, 0),
            (UInt32.max, UInt32.max),
        ] as [(UInt32, UInt32)]
    )
    func absurdCost(operations: UInt32, memoryKiB: UInt32) throws {
        let cost = [operations, memoryKiB].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
        #expect(error(of: try golden(cost, at: 19)) == .malformedEnvelope)
        #expect(throws: QuorumError.malformedEnvelope) {
            try PassphraseCost(operations: operations, memoryKiB: memoryKiB)
        }
    }

    @Test("may cost as little and as much as the limits say")
    func limits() throws {
        _ = try PassphraseCost(operations: 1, memoryKiB: 8)
        _ = try PassphraseCost(operations: 16, memoryKiB: 1 << 20)
    }

    @Test("is refused when it is a plain one")
    func plain() {
        let plain = Array("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n".utf8)
        #expect(error(of: plain) == .malformedEnvelope)
    }
}
