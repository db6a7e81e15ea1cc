// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing
import VectorKit

@Suite("P-256 signatures")
struct P256SignatureTests {
    /// RFC 6979 A.2.5, with SHA-256.
    private static let scalar = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
    private static let point =
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
        + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"

    @Test(
        "RFC 6979's signatures are made and verified",
        arguments: [
            (
                "sample",
                "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                    + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
            ),
            (
                "test",
                "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                    + "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"
            ),
        ])
    func published(message: String, signature: String) throws {
        let scalar = try Samples.hex(Self.scalar)
        let point = try P256.publicPoint(of: scalar.span)
        #expect(Hex.encode(point) == Self.point)
        let digest = SHA256.digest(Array(message.utf8))
        let made = try P256.sign(digest: digest, scalar: scalar.span)
        #expect(Hex.encode(made) == signature)
        #expect(try P256.verify(made, digest: digest, point: point) == .valid)
    }

    /// Digests that are reduced modulo n before the nonce is made, and the smallest and largest scalars; by another
    /// implementation.
    private static let edgeCases = [
        (
            "0000000000000000000000000000000000000000000000000000000000000001",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "bb39491f7fef3e14da8f0431d525575c587c358b05e71e2e5e3c0199bb9ec798"
                + "53508ccce16e222da12f2a2c012d2240b7f6f8f6d43d5b1a452719a3b6846300"
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000001",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            "0e6b3bb68d65aa645104de3abb94cbc6f568e2d55ea511d0e6d300e177002159"
                + "167afc0b518bd63853ccc1b5292e27024c557c8924ca3dec81d59651b9021794"
        ),
        (
            "0000000000000000000000000000000000000000000000000000000000000001",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0e6b3bb68d65aa645104de3abb94cbc6f568e2d55ea511d0e6d300e177002159"
                + "167afc0b518bd63853ccc1b5292e27024c557c8924ca3dec81d59651b9021794"
        ),
        (
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "77b47b05c7efc7af6da228f99727ae7cf6fc3aa80c36663ec4a56b2f7aa32f89"
                + "bc70ca0c1e8f4530ed6ecf3088a1f47dad8bcf10fd61e1ff727dd77b147810b5"
        ),
        (
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            "668805e94b02193f59cb7b33dd8ae4195cfb767fd46b58893926cc19497f1dc3"
                + "1d883e8bfba9f070c9fb808695c304d1427c899ae8e988dc067b3b9113aa67f2"
        ),
        (
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "668805e94b02193f59cb7b33dd8ae4195cfb767fd46b58893926cc19497f1dc3"
                + "1d883e8bfba9f070c9fb808695c304d1427c899ae8e988dc067b3b9113aa67f2"
        ),
        (
            "0000000000000000000000000000000000000000000000000000000123456789",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "454f0b848493cba5ef47882d22ca38ca3041e48a77200c9d80f9a934677a4f73"
                + "c3eba0ec25257e9297edab57676e395acf2d2a0c4f81ae69add2a44362aa7587"
        ),
        (
            "0000000000000000000000000000000000000000000000000000000123456789",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            "8515f2178cabfa59d7a3adc82bef6c79ee23e2356e8d6c6eee48064e6e9c2e27"
                + "4646566412d86b9cc3ed661d089b46c7c66adc9497d47da926eb757dd02b2bae"
        ),
        (
            "0000000000000000000000000000000000000000000000000000000123456789",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "8515f2178cabfa59d7a3adc82bef6c79ee23e2356e8d6c6eee48064e6e9c2e27"
                + "4646566412d86b9cc3ed661d089b46c7c66adc9497d47da926eb757dd02b2bae"
        ),
    ]

    @Test("digests beyond the order and scalars at its ends give what is known", arguments: edgeCases)
    func edges(scalar: String, digest: String, signature: String) throws {
        let (scalar, digest) = (try Samples.hex(scalar), try Samples.hex(digest))
        let made = try P256.sign(digest: digest, scalar: scalar.span)
        #expect(Hex.encode(made) == signature)
        let point = try P256.publicPoint(of: scalar.span)
        #expect(try P256.verify(made, digest: digest, point: point) == .valid)
    }

    @Test("a scalar that is zero, the order or above, or of another length signs nothing")
    func badScalar() throws {
        let digest = [UInt8](repeating: 1, count: 32)
        for scalar in [
            [UInt8](repeating: 0, count: 32), try Samples.order(less: 0), [UInt8](repeating: 0xFF, count: 32), [],
            [UInt8](repeating: 1, count: 31), [UInt8](repeating: 1, count: 33),
        ] {
            #expect(throws: PrimitiveError.scalarOutOfRange) {
                try P256.sign(digest: digest, scalar: scalar.span)
            }
        }
    }

    @Test("a digest of another length is neither signed nor verified", arguments: [0, 31, 33, 64])
    func digestLength(count: Int) throws {
        let digest = [UInt8](repeating: 1, count: count)
        let scalar = try Samples.hex(Self.scalar)
        let point = try Samples.hex(Self.point)
        #expect(throws: PrimitiveError.failed) { try P256.sign(digest: digest, scalar: scalar.span) }
        #expect(throws: PrimitiveError.failed) {
            try P256.verify([UInt8](repeating: 1, count: 64), digest: digest, point: point)
        }
    }

    @Test("r or s of zero, the order or above is malformed, and so is another length")
    func malformed() throws {
        let (point, digest) = (try Samples.hex(Self.point), SHA256.digest([]))
        let one = [UInt8](repeating: 0, count: 31) + [1]
        let (zero, order) = ([UInt8](repeating: 0, count: 32), try Samples.order(less: 0))
        let highest = [UInt8](repeating: 0xFF, count: 32)
        let largest = try Samples.order(less: 1)
        for signature in [
            one + zero, zero + one, one + order, order + one, highest + one, one + highest, [], one, one + one + [0],
        ] {
            #expect(try P256.verify(signature, digest: digest, point: point) == .malformed)
        }
        for signature in [one + one, largest + one, one + largest] {
            #expect(try P256.verify(signature, digest: digest, point: point) == .invalid)
        }
    }

    @Test("a key that is no point verifies nothing")
    func badPoint() throws {
        let signature = [UInt8](repeating: 1, count: 64)
        var off = try Samples.hex(Self.point)
        off[64] ^= 1
        for point in [off, [], Array(off.dropLast()), [UInt8](repeating: 0, count: 65)] {
            #expect(throws: PrimitiveError.badPoint) {
                try P256.verify(signature, digest: SHA256.digest([]), point: point)
            }
        }
    }

    @Test("many threads sign and verify at once")
    func threads() async throws {
        let scalar = try Samples.hex(Self.scalar)
        let point = try Samples.hex(Self.point)
        let digests = (0..<64).map { SHA256.digest([UInt8($0)]) }
        let alone = try digests.map { try P256.sign(digest: $0, scalar: scalar.span) }
        let together = try await withThrowingTaskGroup { group in
            for (index, digest) in digests.enumerated() {
                group.addTask {
                    let signature = try P256.sign(digest: digest, scalar: scalar.span)
                    #expect(try P256.verify(signature, digest: digest, point: point) == .valid)
                    return (index, signature)
                }
            }
            return try await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
        }
        for index in alone.indices { #expect(together[index] == alone[index]) }
    }
}

@Suite("QuorumOS's signatures")
struct QuorumSignatureVectors {
    struct File: Decodable, Sendable {
        struct Signing: Decodable, Sendable {
            let masterSeed: String
            let message: String
            let signature: String

            private enum CodingKeys: String, CodingKey {
                case masterSeed = "master_seed"
                case message, signature
            }
        }

        struct Verification: Decodable, Sendable, CustomTestStringConvertible {
            let name: String
            let publicKey: String
            let message: String
            let signature: String
            let valid: Bool

            var testDescription: String { name }

            private enum CodingKeys: String, CodingKey {
                case publicKey = "public_key"
                case name, message, signature, valid
            }
        }

        let sign: [Signing]
        let verify: [Verification]

        static func read() throws -> File {
            try Vectors.decodeOwn(File.self, from: "qos/signatures.json")
        }
    }

    @Test("the scalar of a master seed signs as QuorumOS does", arguments: try File.read().sign)
    func signing(row: File.Signing) throws {
        let scalar = Samples.derived(
            salt: Array("qos_p256_sign".utf8), secret: try Samples.hex(row.masterSeed), info: [], count: 32)
        let digest = SHA256.digest(try Samples.hex(row.message))
        #expect(Hex.encode(try P256.sign(digest: digest, scalar: scalar.span)) == row.signature)
    }

    @Test("signatures are accepted and refused as by QuorumOS", arguments: try File.read().verify)
    func verification(row: File.Verification) throws {
        let key = try Samples.hex(row.publicKey)
        let verdict = try P256.verify(
            Samples.hex(row.signature),
            digest: SHA256.digest(Samples.hex(row.message)),
            point: Array(key.suffix(P256.pointBytes))
        )
        let isWellFormed = !["DER instead of r||s", "63 bytes", "65 bytes", "r = 0", "s = n"].contains(row.name)
        #expect(verdict == (row.valid ? .valid : isWellFormed ? .invalid : .malformed))
    }
}
