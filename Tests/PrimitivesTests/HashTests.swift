// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@Suite("hash functions")
struct HashTests {
    private static let twoBlocks =
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"

    // FIPS 180-4's examples.
    @Test(
        "SHA-256 gives the published digests",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(message: String, digest: String) {
        #expect(Hex.encode(SHA256.digest(Array(message.utf8))) == digest)
        #expect(Hex.encode(SHA256.digest(Array(message.utf8).span)) == digest)
    }

    @Test(
        "SHA-384 gives the published digests",
        arguments: [
            (
                "",
                "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
                    + "274edebfe76f65fbd51ad2f14898b95b"
            ),
            (
                "abc",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                    + "8086072ba1e7cc2358baeca134c825a7"
            ),
            (
                twoBlocks,
                "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712"
                    + "fcc7c71a557e2db966c3e9fa91746039"
            ),
        ])
    func sha384(message: String, digest: String) {
        #expect(Hex.encode(SHA384.digest(Array(message.utf8))) == digest)
        #expect(Hex.encode(SHA384.digest(Array(message.utf8).span)) == digest)
    }

    @Test(
        "SHA-512 gives the published digests",
        arguments: [
            (
                "",
                "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                    + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
            ),
            (
                "abc",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
            (
                twoBlocks,
                "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
                    + "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"
            ),
        ])
    func sha512(message: String, digest: String) {
        #expect(Hex.encode(SHA512.digest(Array(message.utf8))) == digest)
        #expect(Hex.encode(SHA512.digest(Array(message.utf8).span)) == digest)
    }

    @Test("digests are as long as is said")
    func lengths() {
        #expect(SHA256.digest([]).count == SHA256.byteCount)
        #expect(SHA384.digest([]).count == SHA384.byteCount)
        #expect(SHA512.digest([]).count == SHA512.byteCount)
    }

    @Test("only the first byte of a digest is written, and only inside")
    func firstByte() {
        var bytes: [UInt8] = Array("abc".utf8) + [0, 7]
        var span = bytes.mutableSpan
        SHA256.appendFirstByte(ofDigestOf: 3, in: &span)
        #expect(bytes == Array("abc".utf8) + [0xBA, 7])
        var full = Array("abc".utf8)
        var fullSpan = full.mutableSpan
        SHA256.appendFirstByte(ofDigestOf: 3, in: &fullSpan)
        #expect(full == Array("abc".utf8))
    }
}
