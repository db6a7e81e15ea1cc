// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import SecretMemory

/// The primitives of the quorum key, through its own formats where QuorumOS has published their answers.
extension SelfTest {
    /// FIPS 180-4's one-block example, RFC 4231's second, and a key of QuorumOS.
    static var hashAnswers: [KnownAnswer] {
        [
            KnownAnswer("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") { _ in
                Hex.encode(SHA256.digest(Array("abc".utf8)))
            },
            KnownAnswer(
                "SHA-384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
            ) { _ in Hex.encode(SHA384.digest(Array("abc".utf8))) },
            KnownAnswer(
                "SHA-512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ) { _ in Hex.encode(SHA512.digest(Array("abc".utf8))) },
            KnownAnswer(
                "HMAC-SHA512",
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                    + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
            ) { _ in
                let key = Array("Jefe".utf8)
                let message = Array("what do ya want for nothing?".utf8)
                return Hex.encode(
                    filled(HMACSHA512.byteCount) { HMACSHA512.authenticate(message, key: key.span, into: &$0) })
            },
            KnownAnswer("HKDF-SHA512", Example.symmetricKey) { _ in
                let salt = Array("qos_aes_gcm_encrypt".utf8)
                return Hex.encode(
                    filled(AES256GCM.keyBytes) {
                        HKDFSHA512.derive(salt: salt, secret: Example.seed.span, info: [], into: &$0)
                    })
            },
        ]
    }

    /// A pair of keys that everybody knows, and what QuorumOS makes with it.
    private enum Example {
        /// 00 01 02 … 1f.
        static let seed = (0..<32).map { UInt8($0) }
        static let symmetricKey = "b4b64de4ed5e6fe74e0b1ef44ac39478a15743e334fb5752cf31b63bcedc6e5f"
        static let nonce = (0..<12).map { UInt8($0) }
        static let plaintext = Array("rust test message".utf8)
        static let ciphertext = "ac02c4866a193f90c281516cb9edb76e84194ee148bece85b50872b883f0e02255"
        static let encryptionPoint =
            "046eae4d17a1a7aea6f2adc6baad7cba061d20e263aa27783c8d77af2af6301f30"
            + "f493367756b8eb3141f87d5ac3c163c8eb3e116ebc2dd016dd3719f6cf09ea0b"
        static let signingPoint =
            "047516371d03733b46d880508616d359e38d86812d2c2a360bef997a9a7f88449a"
            + "97ac341074043cdd3572cbc73cc2cee9338b294a32115413a054c6b8be6b133a"
        static let signature =
            "99e6b8452a55c3ff1571a05f1308c051c26aad05a3c5c7313967f38ad1b3face"
            + "b7829ca8f06edaf169c0782e199ac2e34a7ae28ef3953797edb6f12deb069a75"
        static let senderScalar = "ce1c1cec254947fd4b80acdc75ccc3865881f7faf3329092e89186816e05ee6e"
        static let sharedX = "7048004a3cc8a36171dbc05dcfa3215ba83d08f853321e72faf597aa162cff97"
        static let sealedShare =
            "000102030405060708090a0b049fa29ca1b868b1dcf37217c5f13cc35882e01206687b5ac3a0fde1dfba3129c9"
            + "431ef38d30a12f6f5d41aacd6ec3d599446b6dbfc15ba9f9c6953e000e0fae0331000000095fa62fe77bfc16"
            + "b33713d5d35b5bc2d33cba8ac6b067961918f8059acccd02e4f99039bf19706aa1c2c22a4bd6202991"
        static let share = "0141fa8d724a58895460ce0d29be2d0a223fed9595bcfb9295d3826a319dc9e263"

        static func pair() throws -> QuorumKeyPair { try QuorumKeyPair(seed: seed.span) }
    }

    static var keyAnswers: [KnownAnswer] {
        [
            KnownAnswer("AES-256-GCM", "\(Example.ciphertext) \(Hex.encode(Example.plaintext)) refused") { _ in
                try authenticatedEncryption()
            },
            KnownAnswer("P-256 points", Example.encryptionPoint + Example.signingPoint) { _ in
                Hex.encode(try Example.pair().publicKey.bytes)
            },
            KnownAnswer("P-256 agreement", Example.sharedX) { _ in
                let scalar = try bytes(Example.senderScalar)
                let point = try bytes(Example.encryptionPoint)
                return Hex.encode(
                    try filled(P256.scalarBytes) { x throws(PrimitiveError) in
                        try P256.agree(scalar: scalar.span, point: point, into: &x)
                    })
            },
            KnownAnswer("envelope", Example.share) { means in
                text(try Example.pair().open(try bytes(Example.sealedShare), memory: .arena(means.arena)))
            },
            KnownAnswer("ECDSA signature", Example.signature) { _ in
                Hex.encode(try Example.pair().sign(Array("abc".utf8)))
            },
            KnownAnswer("ECDSA verification", "valid, invalid, invalid") { _ in try verification() },
            KnownAnswer("key check", "605858f2cf1e770c") { _ in
                Hex.encode(try Example.pair().keyCheck(namespaceName: "namespace"))
            },
            KnownAnswer(
                "derived seed", "9ab4279049a1c76fd104aaf8281b2486eee37a704bd0102deb83e41492d8351d"
            ) { _ in
                let seeds = try SeedDerivation(from: Example.pair(), namespaceName: "namespace")
                return Hex.encode(filled(32) { seeds.derive(type: "wallet", data: "account 0", into: &$0) })
            },
        ]
    }

    private static func authenticatedEncryption() throws -> String {
        let key = try bytes(Example.symmetricKey)
        let data = Array("qos_aes_gcm_256_hmac_sha512".utf8)
        var sealed = try AES256GCM.seal(
            Example.plaintext.span, key: key.span, nonce: Example.nonce, authenticating: data)
        var answer = Hex.encode(sealed)
        for _ in 0..<2 {
            var isOpened = false
            let opened = try filled(Example.plaintext.count) { output throws(PrimitiveError) in
                isOpened = try AES256GCM.open(
                    sealed, key: key.span, nonce: Example.nonce, authenticating: data, into: &output)
            }
            answer += isOpened ? " \(Hex.encode(opened))" : " refused"
            sealed[0] ^= 1
        }
        return answer
    }

    private static func verification() throws -> String {
        let signature = try bytes(Example.signature)
        let point = try bytes(Example.signingPoint)
        let cases = [("abc", point), ("abd", point), ("abc", try bytes(Example.encryptionPoint))]
        return try cases.map { message, point in
            let digest = SHA256.digest(Array(message.utf8))
            return "\(try P256.verify(signature, digest: digest, point: point))"
        }.joined(separator: ", ")
    }

    static var sharingAnswers: [KnownAnswer] {
        [
            KnownAnswer("GF(256)", "1b01cafe00") { _ in
                Hex.encode([
                    GaloisField256.product(0x02, 0x80), GaloisField256.product(0x53, 0xCA),
                    GaloisField256.inverse(of: 0x53), GaloisField256.product(0xFE, 1), GaloisField256.inverse(of: 0),
                ])
            },
            KnownAnswer("share splitting", "01f33370735fefdb6f5c 024aed807311603b7124 03d4a7d0732bec927b0c") { _ in
                let coefficients = try bytes("9e4a50003a8ca90a28")
                let shares = try ShareCollection.splitting(
                    Array("my secret".utf8).span, count: 3, coefficients: coefficients.span)
                return (0..<3).map { index in
                    shares.withShare(at: index) { share in Hex.encode(share.indices.map { share[$0] }) }
                }.joined(separator: " ")
            },
            KnownAnswer(
                "share combining", "41fa8d724a58895460ce0d29be2d0a223fed9595bcfb9295d3826a319dc9e263 consistent"
            ) { try combination($0.arena) },
        ]
    }

    /// Three of five shares give the secret; a fourth lies on their polynomials.
    private static func combination(_ arena: SecretArena) throws -> String {
        let all = try [
            "052c1bd73423e37adffd1b0223445d8d5411289cb9cea1861e02113a245aa1c529",
            "013c8785b6322260d5d1508dcec4fa6a594eabd95b33606007beaed2f14173dcb6",
            "036111826b18281c318dfbd9015c9f498465eea58e640d1252187945b70a1e02df",
            "021c6c8aaf6052f5b03c6559e6264829ff14a8e940eb96e0c07555fd77d6a43c0a",
        ].map { try bytes($0) }
        var shares = try ShareCollection(capacity: all.count, shareBytes: ShareCollection.seedShareBytes)
        for share in all.prefix(3) { try shares.append(share.span) }
        let combined = try shares.combined(memory: .arena(arena))
        let secret = text(combined)
        for share in all.dropFirst(3) { try shares.append(share.span) }
        return secret + (shares.areConsistent(threshold: 3) ? " consistent" : " inconsistent")
    }

    private struct NoHexadecimal: Error {}

    private static func bytes(_ text: String) throws -> [UInt8] {
        guard let bytes = Hex.decode(text) else { throw NoHexadecimal() }
        return bytes
    }
}
