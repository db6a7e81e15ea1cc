// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import Foundation
import SwiftASN1
import X509

@testable import Attestation

/// Keys that are the same in each run.
enum SampleKeys {
    static func p384(_ number: UInt8) throws -> P384.Signing.PrivateKey {
        try P384.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: number, count: 48))
    }

    static func p256(_ number: UInt8) throws -> P256.Signing.PrivateKey {
        try P256.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: number, count: 32))
    }
}

/// A certificate to be made: as AWS makes them, but for what a test changes.
struct CertificatePlan {
    var subject: String
    var issuer: String
    var key: Certificate.PrivateKey
    var issuerKey: Certificate.PrivateKey
    var version = Certificate.Version.v3
    /// Seconds since 1970.
    var beginning: Int64
    var end: Int64
    var constraints: BasicConstraints?
    var usage: KeyUsage?
    var algorithm = Certificate.SignatureAlgorithm.ecdsaWithSHA384
    var others: [Certificate.Extension] = []

    func certificate() throws -> Certificate {
        var extensions = Certificate.Extensions()
        if let constraints { try extensions.append(Certificate.Extension(constraints, critical: true)) }
        if let usage { try extensions.append(Certificate.Extension(usage, critical: true)) }
        for other in others { try extensions.append(other) }
        return try Certificate(
            version: version, serialNumber: Certificate.SerialNumber(bytes: [1]), publicKey: key.publicKey,
            notValidBefore: Date(timeIntervalSince1970: TimeInterval(beginning)),
            notValidAfter: Date(timeIntervalSince1970: TimeInterval(end)),
            issuer: try Self.name(issuer), subject: try Self.name(subject), signatureAlgorithm: algorithm,
            extensions: extensions, issuerPrivateKey: issuerKey
        )
    }

    func der() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(try certificate())
        return serializer.serializedBytes
    }

    private static func name(_ common: String) throws -> DistinguishedName {
        try DistinguishedName {
            CommonName(common)
            OrganizationName("Test")
        }
    }
}

/// The certificates of a document to be made, root first and the document's own last.
struct ChainPlan {
    /// Four of them: a root, two between, and the document's own.
    var certificates: [CertificatePlan]

    static let root = 0
    static let region = 1
    static let instance = 2
    static let leaf = 3

    /// When the document's own certificate is valid, in seconds since 1970; those above are valid longer.
    static let leafValidity: ClosedRange<Int64> = 1_767_225_600...1_767_236_400

    /// One that is as it must be.
    ///
    /// - Parameter count: how many there are, the root and the document's own with them.
    init(count: Int = 4) throws {
        let keys = try (0..<count).map { Certificate.PrivateKey(try SampleKeys.p384(UInt8(1 + $0))) }
        certificates = (0..<count).map { index in
            let margin = Int64(count - 1 - index) * 86_400
            return CertificatePlan(
                subject: "certificate \(index)", issuer: "certificate \(max(index - 1, 0))", key: keys[index],
                issuerKey: keys[max(index - 1, 0)], beginning: Self.leafValidity.lowerBound - margin,
                end: Self.leafValidity.upperBound + margin, constraints: .isCertificateAuthority(maxPathLength: nil),
                usage: KeyUsage(keyCertSign: true)
            )
        }
        certificates[count - 1].constraints = .notCertificateAuthority
        certificates[count - 1].usage = KeyUsage(digitalSignature: true, nonRepudiation: true)
    }

    /// Makes the certificates: others each time, as their signatures are.
    func issue() throws -> IssuedChain {
        IssuedChain(certificates: try certificates.map { try $0.der() })
    }
}
