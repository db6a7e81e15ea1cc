// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import FoundationEssentials
import Glibc
import SwiftASN1
import X509

// MARK: - Reading

extension AttestationRoot {
    /// The most bytes of a certificate that a document can carry.
    private static let certificateLimit = 1024
    /// How many authorities stand between the root and the key that signs documents.
    private static let authoritiesBelow = 3

    /// Reads what a file holds: in PEM, the certificate and the private key, in any order.
    ///
    /// - Throws: `malformed`, `badCertificate`, `notP384`, `notARoot` or `keyMismatch`.
    init(reading bytes: [UInt8]) throws(RootFileError) {
        guard let text = String(validating: bytes, as: UTF8.self),
            let blocks = try? PEMDocument.parseMultiple(pemString: text), blocks.count == 2,
            let certificate = blocks.first(where: { $0.discriminator == "CERTIFICATE" })?.derBytes,
            let keyBlock = blocks.first(where: { ["PRIVATE KEY", "EC PRIVATE KEY"].contains($0.discriminator) })
        else { throw .malformed }
        guard let key = try? P384.Signing.PrivateKey(derRepresentation: keyBlock.derBytes) else { throw .notP384 }
        try Self.check(certificate, against: key)
        self.init(certificate: certificate, privateKeyScalar: Array(key.rawRepresentation))
    }

    private static func check(_ bytes: [UInt8], against key: P384.Signing.PrivateKey) throws(RootFileError) {
        guard bytes.count <= certificateLimit, let certificate = try? Certificate(derEncoded: bytes) else {
            throw .badCertificate
        }
        guard certificate.publicKey == Certificate.PublicKey(key.publicKey) else { throw .keyMismatch }
        guard certificate.signatureAlgorithm == .ecdsaWithSHA384 else { throw .notP384 }
        guard certificate.subject == certificate.issuer, hasAuthority(certificate),
            certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
        else { throw .notARoot }
    }

    private static func hasAuthority(_ certificate: Certificate) -> Bool {
        guard case .isCertificateAuthority(let length) = try? certificate.extensions.basicConstraints,
            let usage = try? certificate.extensions.keyUsage
        else { return false }
        return usage.keyCertSign && (length ?? authoritiesBelow) >= authoritiesBelow
    }
}

// MARK: - Making

extension AttestationRoot {
    /// How long a new root is valid: 30 years, and a day before, for instances whose clocks are behind.
    private static let years: Int64 = 30
    private static let day: Int64 = 24 * 3600

    /// What a new file holds: a root of its own, with a random key and serial number.
    ///
    /// - Throws: `failed`.
    static func newFileText() throws(RootFileError) -> [UInt8] {
        do {
            let root = try make(at: Int64(time(nil)))
            let certificate = PEMDocument(type: "CERTIFICATE", derBytes: root.certificate)
            return Array("\(certificate.pemString)\n\(root.key.pemRepresentation)\n".utf8)
        } catch {
            throw .failed
        }
    }

    private static func make(at second: Int64) throws -> (certificate: [UInt8], key: P384.Signing.PrivateKey) {
        let name = try DistinguishedName {
            CommonName("renclave private development trial root - no hardware")
            OrganizationName("renclave")
        }
        let root = CertificateIssuer(name: name, key: P384.Signing.PrivateKey())
        let certificate = try root.certificate(
            for: name,
            key: root.key.publicKey,
            validity: second - day...second + years * 365 * day,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(keyIdentifier: root.keyIdentifier)
            }
        )
        return (certificate, root.key)
    }
}
