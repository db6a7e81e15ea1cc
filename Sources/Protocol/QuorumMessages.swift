// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A member as it stands in requests and answers.
package struct MemberRecord: Codable, Equatable, Sendable {
    /// 1 to ``Limits/aliasBytes`` bytes of UTF-8.
    package let alias: String
    /// 130 bytes: encryption point, then signing point.
    package let publicKey: [UInt8]

    package init(alias: String, publicKey: [UInt8]) {
        self.alias = alias
        self.publicKey = publicKey
    }
}

/// What every later enclave needs to judge a share alone, signed by the quorum key before it is forgotten.
package struct CommitmentsRecord: Codable, Equatable, Sendable {
    /// One member's share, by its hash.
    package struct Entry: Codable, Equatable, Sendable {
        /// The share's x, 1 to 255.
        package let identifier: UInt8
        package let member: MemberRecord
        /// SHA-512 of the share, 64 bytes.
        package let shareHash: [UInt8]

        package init(identifier: UInt8, member: MemberRecord, shareHash: [UInt8]) {
            self.identifier = identifier
            self.member = member
            self.shareHash = shareHash
        }
    }

    package let namespaceName: String
    package let namespaceNonce: UInt32
    /// 32 bytes.
    package let manifestHash: [UInt8]
    /// 130 bytes.
    package let quorumPublicKey: [UInt8]
    package let threshold: UInt32
    package let epoch: UInt32
    /// By x.
    package let shares: [Entry]
    /// r ‖ s, 64 bytes.
    package let signature: [UInt8]

    package init(
        namespaceName: String,
        namespaceNonce: UInt32,
        manifestHash: [UInt8],
        quorumPublicKey: [UInt8],
        threshold: UInt32,
        epoch: UInt32,
        shares: [Entry],
        signature: [UInt8]
    ) {
        self.namespaceName = namespaceName
        self.namespaceNonce = namespaceNonce
        self.manifestHash = manifestHash
        self.quorumPublicKey = quorumPublicKey
        self.threshold = threshold
        self.epoch = epoch
        self.shares = shares
        self.signature = signature
    }
}

/// Boots an enclave from a manifest that exists.
package struct BootStandardRequest: Codable, Equatable, Sendable {
    /// JSON text as the client sent it; only the enclave reads it.
    package let manifestEnvelope: [UInt8]
    package let commitments: CommitmentsRecord?

    package init(manifestEnvelope: [UInt8], commitments: CommitmentsRecord?) {
        self.manifestEnvelope = manifestEnvelope
        self.commitments = commitments
    }
}

/// The manifest is held, and shares are awaited.
package struct BootStandardResult: Codable, Equatable, Sendable {
    package let phase: Phase
    /// 130 bytes; members seal their shares to it.
    package let ephemeralKey: [UInt8]
    /// 32 bytes.
    package let manifestHash: [UInt8]
    /// Shares that rebuild the key.
    package let threshold: UInt32
    /// Members of the manifest set whose approval holds.
    package let approvalsCounted: UInt32

    package init(
        phase: Phase,
        ephemeralKey: [UInt8],
        manifestHash: [UInt8],
        threshold: UInt32,
        approvalsCounted: UInt32
    ) {
        self.phase = phase
        self.ephemeralKey = ephemeralKey
        self.manifestHash = manifestHash
        self.threshold = threshold
        self.approvalsCounted = approvalsCounted
    }
}

/// The manifest that the enclave holds, with the approvals that it has.
package struct HeldManifest: Codable, Equatable, Sendable {
    /// JSON text.
    package let manifestEnvelope: [UInt8]
    /// 32 bytes.
    package let manifestHash: [UInt8]
    package let commitments: CommitmentsRecord?

    package init(manifestEnvelope: [UInt8], manifestHash: [UInt8], commitments: CommitmentsRecord?) {
        self.manifestEnvelope = manifestEnvelope
        self.manifestHash = manifestHash
        self.commitments = commitments
    }
}
