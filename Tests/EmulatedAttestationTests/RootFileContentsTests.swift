// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import EmulatedAttestation

@Suite("contents of the file of a private development root")
struct RootFileContentsTests {
    private static let development: [UInt8] = DevelopmentRoot.certificate

    /// A self-signed certificate, but for what is asked otherwise.
    private static func certificate(
        _ key: P384.Signing.PrivateKey,
        signedBy signer: Certificate.PrivateKey? = nil,
        issuer: String = "root",
        algorithm: Certificate.SignatureAlgorithm = .ecdsaWithSHA384,
        constraints: BasicConstraints = .isCertificateAuthority(maxPathLength: 3),
        usage: KeyUsage = KeyUsage(keyCertSign: true),
        nameLength: Int = 1
    ) throws -> String {
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: 0),
            notValidAfter: Date(timeIntervalSince1970: 4_000_000_000),
            issuer: DistinguishedName {
                CommonName(issuer)
                for _ in 0..<nameLength { OrganizationName("renclave") }
            },
            subject: DistinguishedName {
                CommonName("root")
                for _ in 0..<nameLength { OrganizationName("renclave") }
            },
            signatureAlgorithm: algorithm,
            extensions: Certificate.Extensions {
                Critical(constraints)
                Critical(usage)
            },
            issuerPrivateKey: signer ?? Certificate.PrivateKey(key)
        )
        return try certificate.serializeAsPEM().pemString + "\n"
    }

    private func read(_ text: String) throws(RootFileError) -> AttestationRoot {
        try AttestationRoot(reading: Array(text.utf8))
    }

    private let key = P384.Signing.PrivateKey()

    private var keyText: String { key.pemRepresentation + "\n" }

    @Test("the two blocks may come in any order, and the key in either of its forms")
    func forms() throws {
        let certificate = try Self.certificate(key)
        let sec1 = try sec1Text(of: key)
        for text in [certificate + keyText, keyText + certificate, certificate + sec1] {
            let root = try read(text)
            #expect(root.privateKeyScalar == Array(key.rawRepresentation))
            #expect(try PEMDocument(pemString: certificate).derBytes == root.certificate)
        }
    }

    /// RFC 5915, section 3.
    private func sec1Text(of key: P384.Signing.PrivateKey) throws -> String {
        let der: [UInt8] =
            [0x30, 0x3e, 0x02, 0x01, 0x01, 0x04, 0x30] + Array(key.rawRepresentation)
            + [0xa0, 0x07, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22]
        return PEMDocument(type: "EC PRIVATE KEY", derBytes: der).pemString + "\n"
    }

    @Test("the built-in root would be one")
    func development() throws {
        let scalar = DevelopmentRoot.privateKeyScalar
        let key = try P384.Signing.PrivateKey(rawRepresentation: scalar)
        let certificate = PEMDocument(type: "CERTIFICATE", derBytes: Self.development)
        let root = try read("\(certificate.pemString)\n\(key.pemRepresentation)\n")
        #expect(root.certificate == Self.development && root.privateKeyScalar == scalar)
    }

    @Test("what is not one certificate and one key in PEM is refused")
    func malformed() throws {
        let certificate = try Self.certificate(key)
        let texts = [
            "", "root", certificate, keyText, certificate + certificate, keyText + keyText,
            certificate + keyText + certificate, String(certificate.dropLast(30)) + keyText,
            certificate + keyText.replacing("PRIVATE KEY", with: "PUBLIC KEY"),
        ]
        for text in texts { #expect(throws: RootFileError.malformed, "\(text)") { try read(text) } }
        #expect(throws: RootFileError.malformed) { try AttestationRoot(reading: [0xff] + Array(certificate.utf8)) }
    }

    @Test("a certificate that is none, or that no document can carry, is refused")
    func badCertificate() throws {
        let none = PEMDocument(type: "CERTIFICATE", derBytes: [0x30, 0x00]).pemString + "\n"
        #expect(throws: RootFileError.badCertificate) { try read(none + keyText) }
        let long = try Self.certificate(key, nameLength: 30)
        #expect(throws: RootFileError.badCertificate) { try read(long + keyText) }
    }

    @Test("a key of another certificate is refused")
    func mismatch() throws {
        let certificate = try Self.certificate(P384.Signing.PrivateKey())
        #expect(throws: RootFileError.keyMismatch) { try read(certificate + keyText) }
    }

    @Test("a key on another curve and a signature with another digest are refused")
    func otherAlgorithm() throws {
        let certificate = try Self.certificate(key)
        let other = P256.Signing.PrivateKey().pemRepresentation + "\n"
        #expect(throws: RootFileError.notP384) { try read(certificate + other) }
        let weaker = try Self.certificate(key, algorithm: .ecdsaWithSHA256)
        #expect(throws: RootFileError.notP384) { try read(weaker + keyText) }
    }

    @Test("a certificate that is no root's is refused")
    func noRoot() throws {
        let other = Certificate.PrivateKey(P384.Signing.PrivateKey())
        let certificates = [
            try Self.certificate(key, issuer: "another"),
            try Self.certificate(key, signedBy: other),
            try Self.certificate(key, constraints: .notCertificateAuthority),
            try Self.certificate(key, constraints: .isCertificateAuthority(maxPathLength: 2)),
            try Self.certificate(key, usage: KeyUsage(digitalSignature: true, cRLSign: true)),
        ]
        for certificate in certificates {
            #expect(throws: RootFileError.notARoot) { try read(certificate + keyText) }
        }
    }
}
