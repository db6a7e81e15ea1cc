// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Crypto

@testable import Attestation

/// Certificates that were made.
struct IssuedChain {
    /// DER, root first and the document's own last.
    var certificates: [[UInt8]]

    var root: RootFingerprint { RootFingerprint(ofCertificate: certificates[ChainPlan.root]) }

    /// The key that a `ChainPlan` gives the last of so many certificates.
    var documentKey: P384.Signing.PrivateKey {
        get throws { try SampleKeys.p384(UInt8(certificates.count)) }
    }

    /// A document to be made under these certificates.
    var plan: DocumentPlan { DocumentPlan(certificates: certificates) }

    /// A document that is signed by the key of the last certificate.
    func document() throws -> [UInt8] {
        try plan.document(signedBy: try documentKey)
    }

    /// Verifies a document under these certificates, with the first as the only root.
    ///
    /// - Parameter milliseconds: by default a time at which a `ChainPlan` is valid and its document was just made.
    func verify(
        _ document: [UInt8]? = nil, at milliseconds: Int64 = Int64(DocumentPlan.timestamp)
    ) async throws -> VerifiedAttestation {
        let verifier = AttestationVerifier(policy: AttestationPolicy(roots: [root]))
        return try await verifier.verify(try document ?? self.document(), at: .at(milliseconds: milliseconds))
    }
}
