// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import FoundationEssentials
import SwiftASN1
import X509

/// Who signs certificates: a root, or an authority below one.
struct CertificateIssuer {
    let name: DistinguishedName
    let key: P384.Signing.PrivateKey
    /// What the certificates below say of this key.
    let keyIdentifier: ArraySlice<UInt8>

    init(name: DistinguishedName, key: P384.Signing.PrivateKey) {
        self.name = name
        self.key = key
        keyIdentifier = SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey)).keyIdentifier
    }

    /// - Throws: what parsing throws, where one of the two is malformed.
    init(_ root: AttestationRoot) throws {
        let certificate = try Certificate(derEncoded: root.certificate)
        name = certificate.subject
        key = try P384.Signing.PrivateKey(rawRepresentation: root.privateKeyScalar)
        keyIdentifier = try certificate.extensions.subjectKeyIdentifier?.keyIdentifier ?? []
    }

    /// A certificate under this issuer, DER, with a random serial number.
    ///
    /// - Parameters:
    ///   - validity: seconds since 1970, both of them within it.
    /// - Throws: what the libraries throw where they cannot sign.
    func certificate(
        for name: DistinguishedName,
        key: P384.Signing.PublicKey,
        validity: ClosedRange<Int64>,
        extensions: Certificate.Extensions
    ) throws -> [UInt8] {
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: Certificate.PublicKey(key),
            notValidBefore: Date(timeIntervalSince1970: TimeInterval(validity.lowerBound)),
            notValidAfter: Date(timeIntervalSince1970: TimeInterval(validity.upperBound)),
            issuer: self.name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA384,
            extensions: extensions,
            issuerPrivateKey: Certificate.PrivateKey(self.key)
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}
