// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Lets the quorum key be born.
package struct GenesisBootRequest: Codable, Equatable, Sendable {
    /// ``Limits/namespaceNameBytes`` bytes of UTF-8.
    package let namespaceName: String
    package let namespaceNonce: UInt32
    /// Those who approve manifests, in the order sent.
    package let manifestMembers: [MemberRecord]
    package let manifestThreshold: UInt32
    /// Those who get shares; the place in this list, from 1, is a share's x.
    package let shareMembers: [MemberRecord]
    package let shareThreshold: UInt32
    /// 32 bytes; absent or zeros for the hash of the enclave that answers.
    package let pivotHash: [UInt8]?
    package let pivotArguments: [String]
    /// 130 bytes: the disaster recovery key, to which the master seed is also encrypted.
    package let recoveryKey: [UInt8]?
    /// At most ``Limits/attestationNonceBytes`` bytes, for the genesis document.
    package let nonce: [UInt8]?

    package init(
        namespaceName: String,
        namespaceNonce: UInt32,
        manifestMembers: [MemberRecord],
        manifestThreshold: UInt32,
        shareMembers: [MemberRecord],
        shareThreshold: UInt32,
        pivotHash: [UInt8]?,
        pivotArguments: [String],
        recoveryKey: [UInt8]?,
        nonce: [UInt8]?
    ) {
        self.namespaceName = namespaceName
        self.namespaceNonce = namespaceNonce
        self.manifestMembers = manifestMembers
        self.manifestThreshold = manifestThreshold
        self.shareMembers = shareMembers
        self.shareThreshold = shareThreshold
        self.pivotHash = pivotHash
        self.pivotArguments = pivotArguments
        self.recoveryKey = recoveryKey
        self.nonce = nonce
    }
}

/// What the ceremony gives out; nothing in it is secret, and it is kept until the key is provisioned.
package struct GenesisAnswer: Codable, Equatable, Sendable {
    /// One member's share, encrypted to that member.
    package struct EncryptedShare: Codable, Equatable, Sendable {
        package let member: MemberRecord
        /// An envelope of 130 bytes around the share of 33.
        package let ciphertext: [UInt8]
        /// SHA-512 of the share, 64 bytes.
        package let shareHash: [UInt8]

        package init(member: MemberRecord, ciphertext: [UInt8], shareHash: [UInt8]) {
            self.member = member
            self.ciphertext = ciphertext
            self.shareHash = shareHash
        }
    }

    /// 130 bytes.
    package let quorumPublicKey: [UInt8]
    /// 130 bytes; members seal their shares to it.
    package let ephemeralKey: [UInt8]
    /// JSON text.
    package let manifestEnvelope: [UInt8]
    /// 32 bytes.
    package let manifestHash: [UInt8]
    /// Shares that rebuild the key.
    package let threshold: UInt32
    /// In the order of the share members.
    package let encryptedShares: [EncryptedShare]
    package let commitments: CommitmentsRecord
    /// QuorumOS's `genesis_output` in Borsh.
    package let genesisOutput: [UInt8]
    /// An envelope of 129 bytes around the master seed, where a recovery key was given.
    package let recoveryWrappedKey: [UInt8]?
    /// A document about `genesisOutput`: its user data is SHA-256 of that.
    package let attestationDocument: [UInt8]?

    package init(
        quorumPublicKey: [UInt8],
        ephemeralKey: [UInt8],
        manifestEnvelope: [UInt8],
        manifestHash: [UInt8],
        threshold: UInt32,
        encryptedShares: [EncryptedShare],
        commitments: CommitmentsRecord,
        genesisOutput: [UInt8],
        recoveryWrappedKey: [UInt8]?,
        attestationDocument: [UInt8]?
    ) {
        self.quorumPublicKey = quorumPublicKey
        self.ephemeralKey = ephemeralKey
        self.manifestEnvelope = manifestEnvelope
        self.manifestHash = manifestHash
        self.threshold = threshold
        self.encryptedShares = encryptedShares
        self.commitments = commitments
        self.genesisOutput = genesisOutput
        self.recoveryWrappedKey = recoveryWrappedKey
        self.attestationDocument = attestationDocument
    }
}
