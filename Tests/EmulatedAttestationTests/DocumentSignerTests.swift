// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Foundation
import SwiftASN1
import Testing
import X509

@testable import EmulatedAttestation

@Suite("certificates of an emulated module")
struct DocumentSignerTests {
    private let certificates: [Certificate]
    private let name: String

    /// The root, three authorities, and the certificate of the signing key.
    init() throws {
        let document = try EmulatedSecurityModule.sample().document()
        name = document.moduleID
        certificates = try (document.certificateBundle + [document.certificate]).map { try Certificate(derEncoded: $0) }
        #expect((document.certificateBundle + [document.certificate]).allSatisfy { $0.count <= 1024 })
    }

    @Test("each is signed by the one before it, with P-384 and SHA-384, as X.509 v3")
    func signatures() {
        #expect(certificates.count == 5)
        for (above, below) in zip(certificates, certificates.dropFirst()) {
            #expect(below.issuer == above.subject)
            #expect(above.publicKey.isValidSignature(below.signature, for: below))
            #expect(below.signatureAlgorithm == .ecdsaWithSHA384)
            #expect(below.version == .v3)
        }
        #expect(Set(certificates.map(\.serialNumber)).count == 5)
        #expect(Set(certificates.map(\.publicKey)).count == 5)
    }

    @Test("path lengths and uses of the keys are those of AWS")
    func constraints() throws {
        let constraints = try certificates.map { try #require(try $0.extensions.basicConstraints) }
        #expect(
            constraints == [
                .isCertificateAuthority(maxPathLength: nil), .isCertificateAuthority(maxPathLength: 2),
                .isCertificateAuthority(maxPathLength: 1), .isCertificateAuthority(maxPathLength: 0),
                .notCertificateAuthority,
            ]
        )
        let usages = try certificates.dropFirst().map { try #require(try $0.extensions.keyUsage) }
        let authority = KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true)
        #expect(
            usages == [
                authority, authority, KeyUsage(keyCertSign: true),
                KeyUsage(digitalSignature: true, nonRepudiation: true),
            ]
        )
        for certificate in certificates {
            #expect(certificate.extensions[oid: .X509ExtensionID.basicConstraints]?.critical == true)
        }
        #expect(
            certificates.map { $0.extensions[oid: .X509ExtensionID.keyUsage]?.critical } == [
                true, true, true, true, false,
            ]
        )
    }

    @Test("each authority names its key and the one above")
    func keyIdentifiers() throws {
        for (above, below) in zip(certificates, certificates.dropFirst().dropLast()) {
            let own = try #require(try above.extensions.subjectKeyIdentifier)
            #expect(try below.extensions.authorityKeyIdentifier?.keyIdentifier == own.keyIdentifier)
        }
    }

    @Test("all are valid three seconds before and as long as those of AWS")
    func validity() {
        let start = Date(timeIntervalSince1970: TimeInterval(ManualClock.start / 1000))
        let hour: TimeInterval = 3600
        for (certificate, hours) in zip(certificates.dropFirst(), [480, 144, 24, 3] as [TimeInterval]) {
            #expect(certificate.notValidBefore == start - 3)
            #expect(certificate.notValidAfter == start + hours * hour)
        }
    }

    @Test("every subject says that it is emulated, and none speaks of AWS")
    func subjects() {
        for certificate in certificates.dropFirst() {
            let subject = certificate.subject.description
            #expect(subject.contains("O=renclave") && subject.contains("emulated without hardware"))
            // RFC 5280, appendix A.1, and the attribute's own name before it.
            #expect(!subject.split(separator: ",").contains { $0.count > 64 + "CN=".count })
            #expect(!subject.lowercased().contains("aws") && !subject.lowercased().contains("amazon"))
        }
        #expect(certificates[4].subject.description.contains(name))
    }
}
