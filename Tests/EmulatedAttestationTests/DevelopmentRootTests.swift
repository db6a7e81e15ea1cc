// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import EmulatedAttestation

/// What `openssl x509 -text -fingerprint -sha256` and `openssl ec -pubout` said of the root when it was made.
@Suite("development root")
struct DevelopmentRootTests {
    private static let fingerprint = "483e1a19f190596e6bad579552eaf6eae4b4262602b2194e25a75d1ca3cce390"
    private static let scalarDigest = "428470b9a5cc41ebf9ebe4e709bfb4cce15ceeb1d0c46d335d8a3313561fa3b5"
    private static let subject = "renclave INSECURE development root - its key is public"

    /// Parts of the certificate in DER, each with how often it is there.
    private static let parts: [(name: String, hexadecimal: String, count: Int)] = [
        ("algorithm ecdsa-with-SHA384, inside and outside of what is signed", "300a06082a8648ce3d040303", 2),
        (
            "from 2026-01-01 00:00:00 UTC to 2056-01-01 00:00:00 UTC",
            "3020170d3236303130313030303030305a180f32303536303130313030303030305a", 1
        ),
        (
            "public key on secp384r1, the point of the private key",
            "301006072a8648ce3d020106052b8104002203620004"
                + "85d66fbcb8ea73fe03b7ac2a5566a4ce4f20a5547e5e5857d3bdd3b455771942f3c53483c187b8bc3d67d82772e467cf"
                + "469f315ffc2443caff0602655da1a7f28d7708f75eae7f4a95e19c33444eebc463b04de4949f2cbc1c55b7c2f81d7c86", 1
        ),
        ("basic constraints, critical: CA", "300f0603551d130101ff040530030101ff", 1),
        ("key usage, critical: keyCertSign and cRLSign", "300e0603551d0f0101ff040403020106", 1),
        ("subject key identifier", "301d0603551d0e041604146f3ba7d7216045eade6308f4a2d9ca450ff3c2f2", 1),
    ]

    /// How often `part` occurs in the certificate.
    private func occurrences(of part: [UInt8]) -> Int {
        let certificate = DevelopmentRoot.certificate
        guard !part.isEmpty, part.count <= certificate.count else { return 0 }
        return (0...(certificate.count - part.count)).count { certificate[$0...].starts(with: part) }
    }

    @Test("the certificate is the one that was made, byte for byte")
    func certificate() {
        #expect(DevelopmentRoot.certificate.count == 559)
        #expect(Hex.encode(SHA256.digest(DevelopmentRoot.certificate)) == Self.fingerprint)
    }

    @Test("issuer and subject both say that it is insecure and why")
    func subject() throws {
        let name = try #require(Hex.decode("3054313f303d06035504030c36"))
        let organization = try #require(Hex.decode("3111300f060355040a0c0872656e636c617665"))
        #expect(occurrences(of: name + Array(Self.subject.utf8) + organization) == 2)
    }

    @Test("the certificate has the algorithm, the years, the key and the extensions of a root", arguments: parts)
    func part(name: String, hexadecimal: String, count: Int) throws {
        let part = try #require(Hex.decode(hexadecimal))
        #expect(occurrences(of: part) == count, "\(name)")
    }

    @Test("the private key is the one that belongs to the certificate")
    func privateKey() {
        #expect(DevelopmentRoot.privateKeyScalar.count == 48)
        #expect(Hex.encode(SHA256.digest(DevelopmentRoot.privateKeyScalar)) == Self.scalarDigest)
    }
}
