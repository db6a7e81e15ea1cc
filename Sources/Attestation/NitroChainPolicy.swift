// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import SwiftASN1
import X509

/// What AWS asks of a document's certificates and `RFC5280Policy` leaves out: one algorithm throughout, the order of
/// the bundle and nothing in it that is not used, who is an authority, and what each key is for.
struct NitroChainPolicy: VerifierPolicy, Sendable {
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.keyUsage]

    /// The certificates as the document lists them, its own first, the root last.
    private let listed: [Certificate]

    init(listed: [Certificate]) {
        self.listed = listed
    }

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) async -> PolicyEvaluationResult {
        guard chain.elementsEqual(listed) else {
            return .failsToMeetPolicy(reason: "the chain is not the one that is listed")
        }
        guard Self.flaw(in: listed) == nil else {
            return .failsToMeetPolicy(reason: "the chain is not as AWS prescribes")
        }
        return .meetsPolicy
    }

    /// The first rule that certificates break, without a look at their signatures and at the time; `nil` for none.
    ///
    /// - Parameter chain: the document's own first, the root last.
    static func flaw(in chain: [Certificate]) -> AttestationError.Flaw? {
        guard let leaf = chain.first else { return .badChain }
        let authorities = chain.dropFirst()
        if !chain.allSatisfy({ $0.version == .v3 }) { return .certificateForm }
        if !chain.allSatisfy(hasPrescribedAlgorithm) { return .algorithm }
        if !isInOrder(chain) { return .badChain }
        if !chain.allSatisfy(isUnderstood) || !isNoAuthority(leaf) { return .constraints }
        // An authority's place is how many others stand between it and the document's certificate.
        for (place, authority) in authorities.enumerated() where !isAuthority(authority, over: place) {
            return .constraints
        }
        guard isForDocuments(leaf), authorities.allSatisfy(isForCertificates) else { return .keyUsage }
        return nil
    }
}

// MARK: Algorithm

extension NitroChainPolicy {
    /// DER of the algorithm ecdsa-with-SHA384.
    private static let algorithm: [UInt8] = [
        0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03,
    ]

    /// Whether the key is on P-384 and the signature ECDSA with SHA-384, in both of the places that name it.
    private static func hasPrescribedAlgorithm(_ certificate: Certificate) -> Bool {
        guard P384.Signing.PublicKey(certificate.publicKey) != nil, certificate.signatureAlgorithm == .ecdsaWithSHA384,
            let body = try? DER.parse(certificate.tbsCertificateBytes), case .constructed(let parts) = body.content
        else { return false }
        // After the version, which is there as it is not the first, and the serial number.
        return parts.dropFirst(2).first { _ in true }?.encodedBytes.elementsEqual(algorithm) ?? false
    }
}

// MARK: Order

extension NitroChainPolicy {
    /// Whether each is issued by the next and the last by itself, going by the names, of which none occurs twice.
    private static func isInOrder(_ chain: [Certificate]) -> Bool {
        guard let root = chain.last, root.issuer == root.subject else { return false }
        let isIssuedByNext = zip(chain, chain.dropFirst()).allSatisfy { $0.issuer == $1.subject }
        return isIssuedByNext && Set(chain.map(\.subject)).count == chain.count
    }
}

// MARK: Extensions

extension NitroChainPolicy {
    /// The extensions that are looked at here or by `RFC5280Policy`.
    private static let understood: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.nameConstraints,
    ]

    private static func isUnderstood(_ certificate: Certificate) -> Bool {
        certificate.extensions.allSatisfy { !$0.critical || understood.contains($0.oid) }
    }

    private static func isNoAuthority(_ certificate: Certificate) -> Bool {
        guard let constraints = try? certificate.extensions.basicConstraints else {
            // Absent, or there and not to be read.
            return certificate.extensions[oid: .X509ExtensionID.basicConstraints] == nil
        }
        return constraints == .notCertificateAuthority
    }

    private static func isAuthority(_ certificate: Certificate, over pathLength: Int) -> Bool {
        guard case .isCertificateAuthority(let most)? = try? certificate.extensions.basicConstraints else {
            return false
        }
        return most.map { $0 >= pathLength } ?? true
    }

    private static func isForDocuments(_ certificate: Certificate) -> Bool {
        guard let usage = try? certificate.extensions.keyUsage else { return false }
        return usage.digitalSignature && !usage.keyCertSign
    }

    private static func isForCertificates(_ certificate: Certificate) -> Bool {
        guard let usage = try? certificate.extensions.keyUsage else { return false }
        return usage.keyCertSign
    }
}
