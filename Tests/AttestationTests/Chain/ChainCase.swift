// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto
import SwiftASN1
import Testing
import X509

@testable import Attestation

/// Certificates that break one rule.
struct ChainCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let flaw: AttestationError.Flaw
    let change: @Sendable (inout [CertificatePlan]) throws -> Void

    init(
        _ description: String, _ flaw: AttestationError.Flaw,
        _ change: @escaping @Sendable (inout [CertificatePlan]) throws -> Void
    ) {
        testDescription = description
        self.flaw = flaw
        self.change = change
    }

    static let all = usages + authorities + algorithms + names + forms

    private static let places = [ChainPlan.root, ChainPlan.region, ChainPlan.instance]

    // MARK: What keys are for

    private static let usages: [ChainCase] =
        places.flatMap { place in
            [
                ChainCase("authority \(place) is for no certificates", .keyUsage) {
                    $0[place].usage = KeyUsage(digitalSignature: true, cRLSign: true)
                },
                ChainCase("authority \(place) does not say what it is for", .keyUsage) { $0[place].usage = nil },
            ]
        } + [
            ChainCase("the leaf is for no signatures", .keyUsage) {
                $0[ChainPlan.leaf].usage = KeyUsage(nonRepudiation: true)
            },
            ChainCase("the leaf does not say what it is for", .keyUsage) { $0[ChainPlan.leaf].usage = nil },
            ChainCase("the leaf is for certificates too", .keyUsage) {
                $0[ChainPlan.leaf].usage = KeyUsage(digitalSignature: true, keyCertSign: true)
            },
        ]

    // MARK: Who is an authority

    private static let authorities: [ChainCase] =
        places.flatMap { place in
            [
                ChainCase("authority \(place) is none", .constraints) {
                    $0[place].constraints = .notCertificateAuthority
                },
                ChainCase("authority \(place) does not say that it is one", .constraints) {
                    $0[place].constraints = nil
                },
            ]
        } + [
            ChainCase("the leaf is an authority", .constraints) {
                $0[ChainPlan.leaf].constraints = .isCertificateAuthority(maxPathLength: nil)
            },
            ChainCase("the leaf is an authority over nobody", .constraints) {
                $0[ChainPlan.leaf].constraints = .isCertificateAuthority(maxPathLength: 0)
            },
            ChainCase("the path is longer than the root allows", .constraints) {
                $0[ChainPlan.root].constraints = .isCertificateAuthority(maxPathLength: 1)
            },
            ChainCase("the path is longer than an authority allows", .constraints) {
                $0[ChainPlan.region].constraints = .isCertificateAuthority(maxPathLength: 0)
            },
            ChainCase("the leaf has constraints that cannot be read", .constraints) {
                $0[ChainPlan.leaf].constraints = nil
                $0[ChainPlan.leaf].others = [unreadable(.X509ExtensionID.basicConstraints)]
            },
            ChainCase("an authority has a key usage that cannot be read", .keyUsage) {
                $0[ChainPlan.region].usage = nil
                $0[ChainPlan.region].others = [unreadable(.X509ExtensionID.keyUsage)]
            },
            ChainCase("a name is one that an authority may not give", .constraints) {
                $0[ChainPlan.region].others = [
                    try Certificate.Extension(NameConstraints(permittedDNSDomains: ["example.com"]), critical: true)
                ]
                $0[ChainPlan.leaf].others = [
                    try Certificate.Extension(
                        SubjectAlternativeNames([.dnsName("example.org")]), critical: false)
                ]
            },
        ]
        + [ChainPlan.root, ChainPlan.region, ChainPlan.instance, ChainPlan.leaf].map { place in
            ChainCase("certificate \(place) has a critical extension that nobody knows", .constraints) {
                $0[place].others = [Certificate.Extension(oid: [1, 2, 3, 4], critical: true, value: [0x05, 0x00])]
            }
        }

    private static func unreadable(_ identifier: ASN1ObjectIdentifier) -> Certificate.Extension {
        Certificate.Extension(oid: identifier, critical: true, value: [0x05, 0x00])
    }

    // MARK: Algorithms

    private static let algorithms: [ChainCase] =
        [ChainPlan.root, ChainPlan.region, ChainPlan.instance, ChainPlan.leaf].map { place in
            ChainCase("certificate \(place) is signed with SHA-256", .algorithm) {
                $0[place].algorithm = .ecdsaWithSHA256
            }
        } + [
            ChainCase("an authority has a key on P-256", .algorithm) {
                let key = Certificate.PrivateKey(try SampleKeys.p256(7))
                $0[ChainPlan.instance].key = key
                $0[ChainPlan.leaf].issuerKey = key
                $0[ChainPlan.leaf].algorithm = .ecdsaWithSHA256
            },
            ChainCase("the root has a key on P-521", .algorithm) {
                let key = Certificate.PrivateKey(P521.Signing.PrivateKey())
                $0[ChainPlan.root].key = key
                $0[ChainPlan.root].issuerKey = key
                $0[ChainPlan.region].issuerKey = key
                $0[ChainPlan.root].algorithm = .ecdsaWithSHA512
                $0[ChainPlan.region].algorithm = .ecdsaWithSHA512
            },
            ChainCase("an authority has a key on Ed25519", .algorithm) {
                let key = Certificate.PrivateKey(Curve25519.Signing.PrivateKey())
                $0[ChainPlan.instance].key = key
                $0[ChainPlan.leaf].issuerKey = key
                $0[ChainPlan.leaf].algorithm = .ed25519
            },
            ChainCase("the leaf has a key on P-256", .algorithm) {
                $0[ChainPlan.leaf].key = Certificate.PrivateKey(try SampleKeys.p256(7))
            },
        ]

    // MARK: Names and signatures

    private static let names: [ChainCase] =
        [ChainPlan.root, ChainPlan.region, ChainPlan.instance, ChainPlan.leaf].flatMap { place in
            [
                ChainCase("certificate \(place) is signed by somebody else", .badChain) {
                    $0[place].issuerKey = Certificate.PrivateKey(try SampleKeys.p384(99))
                },
                ChainCase("certificate \(place) names another issuer", .badChain) {
                    $0[place].issuer = "somebody else"
                },
            ]
        } + [
            ChainCase("the leaf is issued by the root although others stand between", .badChain) {
                $0[ChainPlan.leaf].issuer = $0[ChainPlan.root].subject
                $0[ChainPlan.leaf].issuerKey = $0[ChainPlan.root].key
            },
            ChainCase("two authorities have one name", .badChain) {
                $0[ChainPlan.instance].subject = $0[ChainPlan.region].subject
                $0[ChainPlan.leaf].issuer = $0[ChainPlan.region].subject
            },
            ChainCase("the bundle is in another order", .badChain) { $0.swapAt(ChainPlan.region, ChainPlan.instance) },
            ChainCase("one is missing", .badChain) { $0.remove(at: ChainPlan.instance) },
            ChainCase("all between are missing", .badChain) {
                $0.removeSubrange(ChainPlan.region...ChainPlan.instance)
            },
            ChainCase("one is there twice", .badChain) { $0.insert($0[ChainPlan.region], at: ChainPlan.region) },
            ChainCase("the root is there twice", .badChain) { $0.insert($0[ChainPlan.root], at: ChainPlan.region) },
            ChainCase("the leaf is in the bundle too", .badChain) {
                $0.insert($0[ChainPlan.leaf], at: ChainPlan.leaf)
            },
            ChainCase("another root is there as well", .badChain) {
                $0.insert(try otherRoot(), at: ChainPlan.region)
            },
            ChainCase("a stranger is there as well", .badChain) {
                $0.insert(try otherRoot(), at: ChainPlan.leaf)
            },
        ]

    /// One that has nothing to do with the others.
    private static func otherRoot() throws -> CertificatePlan {
        var root = try ChainPlan().certificates[ChainPlan.root]
        root.subject = "another root"
        root.issuer = "another root"
        root.key = Certificate.PrivateKey(try SampleKeys.p384(98))
        root.issuerKey = root.key
        return root
    }

    // MARK: Forms

    private static let forms: [ChainCase] = [ChainPlan.root, ChainPlan.instance, ChainPlan.leaf].map { place in
        ChainCase("certificate \(place) is of version 1", .certificateForm) { $0[place].version = .v1 }
    }
}
