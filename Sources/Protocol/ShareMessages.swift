// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Brings shares of the quorum key.
package struct InjectSharesRequest: Codable, Equatable, Sendable {
    /// One share, in one of its two forms.
    package struct OfferedShare: Codable, Equatable, Sendable {
        package let memberAlias: String
        /// The share itself, 33 bytes if it is one.
        package let plain: SecretField?
        /// The share in an envelope to the enclave's ephemeral key, 130 bytes if it is one.
        package let sealed: [UInt8]?
        /// The member's signature, beside a sealed share.
        package let approval: [UInt8]?

        /// A share that its member decrypted.
        package init(memberAlias: String, plain: SecretField) {
            self.memberAlias = memberAlias
            self.plain = plain
            sealed = nil
            approval = nil
        }

        /// A share that its member encrypted to the enclave.
        package init(memberAlias: String, sealed: [UInt8], approval: [UInt8]?) {
            self.memberAlias = memberAlias
            plain = nil
            self.sealed = sealed
            self.approval = approval
        }
    }

    package let namespaceName: String
    package let namespaceNonce: UInt32
    /// At most ``Limits/members``.
    package let shares: [OfferedShare]

    package init(namespaceName: String, namespaceNonce: UInt32, shares: [OfferedShare]) {
        self.namespaceName = namespaceName
        self.namespaceNonce = namespaceNonce
        self.shares = shares
    }
}

/// What became of the shares of one call.
package struct InjectSharesResult: Codable, Equatable, Sendable {
    /// Why one share was not taken, by the names of the contract.
    package enum Flaw: String, Codable, CaseIterable, Sendable {
        case unknownMember = "unknown_member"
        case badShare = "bad_share"
        case shareStillEncrypted = "share_still_encrypted"
        case sealedShareRequired = "sealed_share_required"
        case approvalRequired = "approval_required"
        case badApproval = "bad_approval"
    }

    /// The judgement of one share, in the order of the call.
    package struct Judgement: Codable, Equatable, Sendable {
        package let memberAlias: String
        /// Absent where the share was accepted.
        package let flaw: Flaw?

        package init(memberAlias: String, flaw: Flaw?) {
            self.memberAlias = memberAlias
            self.flaw = flaw
        }
    }

    /// The state afterwards.
    package let phase: Phase
    /// Distinct shares held; where the key was rebuilt, those that it was rebuilt from.
    package let sharesReceived: UInt32
    package let threshold: UInt32
    package let judgements: [Judgement]
    /// 130 bytes, where the key was rebuilt.
    package let quorumPublicKey: [UInt8]?
    /// Whether the shares gave another key than the manifest's; they have been dropped.
    package let isOtherKey: Bool

    package init(
        phase: Phase,
        sharesReceived: UInt32,
        threshold: UInt32,
        judgements: [Judgement],
        quorumPublicKey: [UInt8]?,
        isOtherKey: Bool
    ) {
        self.phase = phase
        self.sharesReceived = sharesReceived
        self.threshold = threshold
        self.judgements = judgements
        self.quorumPublicKey = quorumPublicKey
        self.isOtherKey = isOtherKey
    }
}
