// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Crypto
import EmulatedAttestation
import Glibc

/// Attestation documents, and signatures on P-384 of the kind that each document has six of: its own, one of each
/// certificate below the root, and the root's of itself.
struct DocumentInputs {
    private struct Signature {
        let key: P384.Signing.PublicKey
        let digest: SHA384Digest
        let signature: P384.Signing.ECDSASignature
    }

    private static let count = 16

    private let signatures: [Signature]
    private let documents: [[UInt8]]
    private let verifier: AttestationVerifier

    init() throws {
        signatures = try (0..<Self.count).map { number in
            let key = P384.Signing.PrivateKey()
            let digest = SHA384.hash(data: [UInt8(number)])
            return Signature(key: key.publicKey, digest: digest, signature: try key.signature(for: digest))
        }
        let module = try EmulatedSecurityModule(
            root: .development,
            registers: EmulatedRegisters(executableDigest: Array(repeating: 1, count: 48), policy: [], version: ""),
            now: { Int64(time(nil)) * 1000 }
        )
        documents = try (0..<Self.count).map { number in
            try module.attest(
                userData: Array(repeating: UInt8(number), count: 32), nonce: Array(repeating: 3, count: 32),
                publicKey: Array(repeating: 4, count: 130))
        }
        let root = RootFingerprint(ofCertificate: module.rootCertificate)
        verifier = AttestationVerifier(policy: AttestationPolicy(roots: [root]))
    }

    /// One signature, over a digest.
    func verifySignature(_ number: Int) -> Bool {
        let each = signatures[number % signatures.count]
        return each.key.isValidSignature(each.signature, for: each.digest)
    }

    /// A document as an enclave verifies it before it gives its key away: on one thread, from the bytes on.
    func verifyDocument(_ number: Int) throws -> Bool {
        let document = documents[number % documents.count]
        return try verifier.verifyHere(document, at: .documentTime).document.nonce?.count == 32
    }
}
