// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import FoundationEssentials
import SwiftASN1
@_spi(FixedExpiryValidationTime) import X509

/// The certificates of a document, in the order in which the document lists them, which is the only one they may have.
struct CertificateChain: Sendable {
    /// The document's own first, the root last: two at least.
    private let certificates: [Certificate]

    /// Decodes the certificates of a document.
    ///
    /// - Throws: `untrusted(.certificateForm)` where one is none.
    init(of document: AttestationDocument) throws(AttestationError) {
        var certificates: [Certificate] = []
        for der in [document.certificate] + document.certificateBundle.reversed() {
            guard let certificate = try? Certificate(derEncoded: der), CertificateTimes.areOfTheClock(der) else {
                throw .untrusted(.certificateForm)
            }
            certificates.append(certificate)
        }
        self.certificates = certificates
    }

    /// The key of the document's own certificate; `nil` where it is not on P-384.
    var documentKey: P384.Signing.PublicKey? {
        certificates.first.flatMap { P384.Signing.PublicKey($0.publicKey) }
    }
}

// MARK: Validity

extension CertificateChain {
    /// When all certificates are valid together, in milliseconds since 1970.
    ///
    /// - Parameter instant: the moment that decides what is wrong where they never are.
    /// - Throws: `expired` or `notYetValid` where there is no such time.
    func validity(orErrorAt instant: Int64) throws(AttestationError) -> ClosedRange<Int64> {
        let beginning = certificates.map { Self.milliseconds($0.notValidBefore) }.max() ?? .max
        let end = certificates.map { Self.milliseconds($0.notValidAfter) }.min() ?? .min
        guard beginning <= end else { throw instant > end ? .expired : .notYetValid }
        return beginning...end
    }

    /// The years of a certificate have four digits, so this cannot overflow.
    private static func milliseconds(_ date: Date) -> Int64 {
        Int64(date.timeIntervalSince1970 * 1000)
    }
}

// MARK: Trust

extension CertificateChain {
    /// What `NitroChainPolicy` finds without a look at a signature; `nil` where that is nothing.
    var flaw: AttestationError.Flaw? {
        NitroChainPolicy.flaw(in: certificates)
    }

    /// Verifies the signatures from the root to the document's certificate, and the rules of RFC 5280.
    ///
    /// `flaw` must have been found to be `nil` before. It sees to it that each certificate has one possible issuer, so
    /// that looking for a way takes no more than one signature for each of them, whatever a bundle holds.
    ///
    /// - Parameter instant: when all are valid, in milliseconds since 1970.
    func flawInSignatures(at instant: Int64) async -> AttestationError.Flaw? {
        guard let leaf = certificates.first, let root = certificates.last,
            root.publicKey.isValidSignature(root.signature, for: root)
        else { return .badChain }
        let time = Date(timeIntervalSince1970: (Double(instant) / 1000).rounded(.down))
        var verifier = Verifier(rootCertificates: CertificateStore([root])) {
            RFC5280Policy(fixedExpiryValidationTime: time)
            NitroChainPolicy(listed: certificates)
        }
        let between = CertificateStore(certificates.dropFirst().dropLast())
        switch await verifier.validate(leaf: leaf, intermediates: between) {
        case .validCertificate: return nil
        // No way to the root, or one that breaks a rule.
        case .couldNotValidate(let failures): return failures.isEmpty ? .badChain : .constraints
        }
    }
}
