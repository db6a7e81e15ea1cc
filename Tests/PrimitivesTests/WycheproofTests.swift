// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing
import VectorKit

@Suite("Wycheproof's cases", .enabled(if: Vectors.areAvailable, Vectors.need))
struct WycheproofTests {
    private struct Sealing: WycheproofGroup {
        struct Case: WycheproofCase {
            let tcId: Int
            let comment: String
            let result: WycheproofResult
            let key: String
            let iv: String
            let aad: String
            let msg: String
            let ct: String
            let tag: String
        }

        let keySize: Int
        let ivSize: Int
        let tagSize: Int
        let tests: [Case]
    }

    @Test("AES-256-GCM seals and opens what is valid, and leaves nothing of what is not")
    func sealing() throws {
        // The others have shorter keys, or nonces or tags of other lengths, which this library does not do.
        try WycheproofFile<Sealing>("aes_gcm_test.json").run(
            others: 250,
            where: { $0.keySize == 256 && $0.ivSize == 96 && $0.tagSize == 128 },
            accepts: { _, test in
                let (key, nonce) = (try Samples.hex(test.key), try Samples.hex(test.iv))
                let (data, plain) = (try Samples.hex(test.aad), try Samples.hex(test.msg))
                let sealed = try Samples.hex(test.ct + test.tag)
                var isOpen = false
                let opened = try Samples.filled(plain.count) { output throws(PrimitiveError) in
                    isOpen = try AES256GCM.open(
                        sealed, key: key.span, nonce: nonce, authenticating: data, into: &output)
                }
                #expect(isOpen || opened.allSatisfy { $0 == 0 }, "case \(test.tcId)")
                let made = try AES256GCM.seal(plain.span, key: key.span, nonce: nonce, authenticating: data)
                #expect((made == sealed) == isOpen, "case \(test.tcId)")
                return isOpen && opened == plain
            })
    }

    private struct Agreement: WycheproofGroup {
        struct Case: WycheproofCase {
            let tcId: Int
            let comment: String
            let result: WycheproofResult
            let `public`: String
            let `private`: String
            let shared: String
        }

        let tests: [Case]
    }

    @Test("P-256 agrees on what is valid, and refuses every other point, compressed ones as well")
    func agreement() throws {
        try WycheproofFile<Agreement>("ecdh_secp256r1_ecpoint_test.json").run { _, test in
            let point = try Samples.hex(test.public)
            let scalar = try Samples.number(test.private, count: P256.scalarBytes)
            #expect(P256.isPoint(point) == (test.result == .valid), "case \(test.tcId)")
            do throws(PrimitiveError) {
                return try Samples.agreed(scalar, point) == (Hex.decode(test.shared) ?? [])
            } catch {
                #expect(error == .badPoint, "case \(test.tcId)")
                return false
            }
        }
    }

    private struct Verification: WycheproofGroup {
        struct Key: Decodable {
            let uncompressed: String
        }

        struct Case: WycheproofCase {
            let tcId: Int
            let comment: String
            let result: WycheproofResult
            let msg: String
            let sig: String
        }

        let publicKey: Key
        let tests: [Case]

        func accepts(_ signature: [UInt8], of test: Case) throws -> Bool {
            try P256.verify(
                signature,
                digest: SHA256.digest(Samples.hex(test.msg)),
                point: Samples.hex(publicKey.uncompressed)
            ) == .valid
        }
    }

    @Test("r ‖ s is verified")
    func signatures() throws {
        try WycheproofFile<Verification>("ecdsa_secp256r1_sha256_p1363_test.json").run { group, test in
            try group.accepts(Samples.hex(test.sig), of: test)
        }
    }

    @Test("a signature in strict DER is verified as its r ‖ s; every valid one is strict")
    func encodedSignatures() throws {
        try WycheproofFile<Verification>("ecdsa_secp256r1_sha256_test.json").run { group, test in
            guard let signature = EncodedSignature.plain(try Samples.hex(test.sig)) else { return false }
            return try group.accepts(signature, of: test)
        }
    }

    private struct Derivation: WycheproofGroup {
        struct Case: WycheproofCase {
            let tcId: Int
            let comment: String
            let result: WycheproofResult
            let ikm: String
            let salt: String
            let info: String
            let size: Int
            let okm: String
        }

        let tests: [Case]
    }

    @Test("HKDF-SHA512 derives up to the longest output")
    func derivation() throws {
        try WycheproofFile<Derivation>("hkdf_sha512_test.json").run { _, test in
            guard test.size <= HKDFSHA512.longestOutput else { return false }
            let (salt, info) = (try Samples.hex(test.salt), try Samples.hex(test.info))
            let derived = Samples.derived(salt: salt, secret: try Samples.hex(test.ikm), info: info, count: test.size)
            return derived == (try Samples.hex(test.okm))
        }
    }

    private struct Authentication: WycheproofGroup {
        struct Case: WycheproofCase {
            let tcId: Int
            let comment: String
            let result: WycheproofResult
            let key: String
            let msg: String
            let tag: String
        }

        /// In bits.
        let tagSize: Int
        let tests: [Case]
    }

    @Test("HMAC-SHA512 authenticates; a shorter tag is the beginning of the whole one")
    func authentication() throws {
        try WycheproofFile<Authentication>("hmac_sha512_test.json").run { group, test in
            let (key, message) = (try Samples.hex(test.key), try Samples.hex(test.msg))
            let code = Samples.filled(HMACSHA512.byteCount) {
                HMACSHA512.authenticate(message, key: key.span, into: &$0)
            }
            return Array(code.prefix(group.tagSize / 8)) == (try Samples.hex(test.tag))
        }
    }
}
