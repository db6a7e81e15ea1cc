// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import Quorum

/// Bytes that are no public key, made of a good one.
struct RefusedPublicKey: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let error: QuorumError
    let change: @Sendable ([UInt8]) -> [UInt8]

    static let all = [
        RefusedPublicKey(testDescription: "nothing", error: .publicKeyTooShort) { _ in [] },
        RefusedPublicKey(testDescription: "one point", error: .publicKeyTooShort) { Array($0.prefix(65)) },
        RefusedPublicKey(testDescription: "129 bytes", error: .publicKeyTooShort) { $0.dropLast() },
        RefusedPublicKey(testDescription: "131 bytes", error: .publicKeyTooLong) { $0 + [0] },
        RefusedPublicKey(testDescription: "two keys", error: .publicKeyTooLong) { $0 + $0 },
        RefusedPublicKey(testDescription: "zeros", error: .badPublicKey) { $0.map { _ in 0 } },
        RefusedPublicKey(testDescription: "encryption point untagged", error: .badPublicKey) { [0] + $0.dropFirst() },
        RefusedPublicKey(testDescription: "a compressed tag", error: .badPublicKey) { [2] + $0.dropFirst() },
        RefusedPublicKey(testDescription: "a hybrid tag", error: .badPublicKey) { [6] + $0.dropFirst() },
        RefusedPublicKey(testDescription: "encryption point off the curve", error: .badPublicKey) { flip($0, at: 64) },
        RefusedPublicKey(testDescription: "signing point untagged", error: .badPublicKey) { flip($0, at: 65) },
        RefusedPublicKey(testDescription: "signing point off the curve", error: .badPublicKey) { flip($0, at: 129) },
        RefusedPublicKey(testDescription: "coordinates of all ones", error: .badPublicKey) {
            [4] + [UInt8](repeating: 0xFF, count: 64) + $0.dropFirst(65)
        },
    ]

    private static func flip(_ bytes: [UInt8], at index: Int) -> [UInt8] {
        var bytes = bytes
        bytes[index] ^= 1
        return bytes
    }
}

@Suite("A public key")
struct QuorumPublicKeyTests {
    @Test("is refused with its reason", arguments: RefusedPublicKey.all)
    func refused(key: RefusedPublicKey) throws {
        let good = try KeySamples.pair().publicKey.bytes
        #expect(throws: key.error) { try QuorumPublicKey(key.change(good)) }
    }

    @Test("is the encryption point, then the signing point")
    func parts() throws {
        let key = try KeySamples.pair().publicKey
        #expect(key.bytes.count == QuorumPublicKey.byteCount)
        #expect(key.encryptionPoint + key.signingPoint == key.bytes)
        #expect(key.encryptionPoint[1] == 0x6E)
        #expect(key.signingPoint[1] == 0x75)
    }

    @Test("has the SHA-256 of its bytes as fingerprint")
    func fingerprint() throws {
        let key = try KeySamples.pair().publicKey
        #expect(key.fingerprint == SHA256.digest(key.bytes))
        #expect(key.fingerprint != (try KeySamples.pair(numbered: 1).publicKey.fingerprint))
    }
}
