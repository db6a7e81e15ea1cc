// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A document that was verified under a policy. Only ``AttestationVerifier`` makes one.
public struct VerifiedAttestation: Equatable, Sendable {
    /// What the document says.
    public let document: AttestationDocument
    /// The root that it is signed under, one of the policy's.
    public let root: RootFingerprint
    /// When all certificates are valid together, in milliseconds since 1970: from the latest beginning to the earliest
    /// end, both whole seconds and both within. For a document of AWS it is the three hours of its own certificate.
    public let validity: ClosedRange<Int64>

    init(document: AttestationDocument, root: RootFingerprint, validity: ClosedRange<Int64>) {
        self.document = document
        self.root = root
        self.validity = validity
    }
}
