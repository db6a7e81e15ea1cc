// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Decides whether a document is what a policy asks for.
///
/// It takes the time of a handful of signatures by P-384, keeps nothing, and asks nobody: AWS prescribes that lists of
/// revoked certificates are left alone, and gives a document's own certificate three hours instead.
public struct AttestationVerifier: Sendable {
    private let policy: AttestationPolicy

    /// Verifies under a policy.
    public init(policy: AttestationPolicy) {
        self.policy = policy
    }

    /// When the certificates must be valid, and the time that a document's age is counted to.
    public enum Instant: Equatable, Sendable {
        /// When the document says it was made: for one that is kept as evidence. It is then of no age, and not from
        /// the future.
        case documentTime
        /// Milliseconds since 1970: for one that is to speak of the present.
        case at(milliseconds: Int64)
    }

    /// Verifies a document.
    ///
    /// In this order: its form and limits, its signature, its certificates up to one of the policy's roots, their
    /// validity, and then the policy: age, nonce, measurements.
    ///
    /// - Parameter bytes: the whole document as it was received.
    /// - Throws: the first thing that is not as it must be; never `badPolicy` or `badRootFile`.
    public func verify(_ bytes: [UInt8], at instant: Instant) async throws(AttestationError) -> VerifiedAttestation {
        let candidate = try Candidate(bytes, at: instant, roots: policy.roots)
        return try conclude(candidate, at: instant, await candidate.flawInSignatures())
    }

    /// Verifies a document as ``verify(_:at:)`` does, and on the calling thread from beginning to end: for a process
    /// that has no other threads and may not make any.
    package func verifyHere(
        _ bytes: [UInt8], at instant: Instant
    ) throws(AttestationError) -> VerifiedAttestation {
        let candidate = try Candidate(bytes, at: instant, roots: policy.roots)
        // Without an answer nothing was verified.
        let flaw = CallingThread.run { await candidate.flawInSignatures() } ?? .badChain
        return try conclude(candidate, at: instant, flaw)
    }
}

// MARK: Steps

extension AttestationVerifier {
    /// A document whose own signature holds, and whose certificates could lead to a root by all but their signatures.
    private struct Candidate: Sendable {
        let document: AttestationDocument
        let root: RootFingerprint
        let validity: ClosedRange<Int64>
        /// When it is to be verified, in milliseconds since 1970.
        let time: Int64
        private let chain: CertificateChain

        init(_ bytes: [UInt8], at instant: Instant, roots: [RootFingerprint]) throws(AttestationError) {
            let signed = try SignedDocument(parsing: bytes)
            document = signed.document
            chain = try CertificateChain(of: document)
            guard let key = chain.documentKey else { throw .untrusted(.algorithm) }
            guard signed.isSigned(by: key) else { throw .badSignature }
            root = try Self.root(of: document, among: roots)
            if let flaw = chain.flaw { throw .untrusted(flaw) }
            time =
                switch instant {
                case .documentTime: Int64(clamping: document.timestamp)
                case .at(let milliseconds): milliseconds
                }
            validity = try chain.validity(orErrorAt: time)
        }

        private static func root(
            of document: AttestationDocument, among roots: [RootFingerprint]
        ) throws(AttestationError) -> RootFingerprint {
            guard let certificate = document.certificateBundle.first else { throw .malformed(.certificateBundle) }
            let root = RootFingerprint(ofCertificate: certificate)
            guard roots.contains(root) else { throw .untrusted(.otherRoot) }
            return root
        }

        /// Where the certificates are not valid at the time, they are verified for the nearest at which they are: that
        /// it is out of their time is only worth saying of certificates that are otherwise good.
        func flawInSignatures() async -> AttestationError.Flaw? {
            await chain.flawInSignatures(at: min(max(time, validity.lowerBound), validity.upperBound))
        }
    }

    /// What is left when it is known whether the certificates' signatures hold.
    private func conclude(
        _ candidate: Candidate, at instant: Instant, _ flaw: AttestationError.Flaw?
    ) throws(AttestationError) -> VerifiedAttestation {
        if let flaw { throw .untrusted(flaw) }
        guard candidate.time <= candidate.validity.upperBound else { throw .expired }
        guard candidate.time >= candidate.validity.lowerBound else { throw .notYetValid }
        try policy.check(candidate.document, at: instant)
        return VerifiedAttestation(
            document: candidate.document, root: candidate.root, validity: candidate.validity)
    }
}
