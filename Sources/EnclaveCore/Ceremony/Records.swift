// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum

extension QuorumMember {
    /// The member of a message.
    init(_ record: MemberRecord) {
        self.init(alias: record.alias, publicKey: record.publicKey)
    }

    /// Whether the alias is text that a person can be shown in a line, without what hides, moves or reorders others.
    var hasAlias: Bool {
        Limits.aliasBytes.contains(alias.utf8.count)
            && alias.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            }
    }
}

extension MemberRecord {
    /// A member for a message.
    init(_ member: QuorumMember) {
        self.init(alias: member.alias, publicKey: member.publicKey)
    }
}

extension InjectSharesRequest {
    /// What the shares are said to be of.
    var namespace: EnclaveInfo.Namespace { .init(name: namespaceName, nonce: namespaceNonce) }
}

extension ShareCommitments {
    /// The commitments of a message, not yet checked.
    init(_ record: CommitmentsRecord) {
        self.init(
            namespaceName: record.namespaceName,
            namespaceNonce: record.namespaceNonce,
            manifestHash: record.manifestHash,
            quorumPublicKey: record.quorumPublicKey,
            threshold: record.threshold,
            epoch: record.epoch,
            shares: record.shares.map {
                Entry(identifier: $0.identifier, member: QuorumMember($0.member), shareHash: $0.shareHash)
            },
            signature: record.signature
        )
    }
}

extension CommitmentsRecord {
    /// Commitments for a message.
    init(_ commitments: ShareCommitments) {
        self.init(
            namespaceName: commitments.namespaceName,
            namespaceNonce: commitments.namespaceNonce,
            manifestHash: commitments.manifestHash,
            quorumPublicKey: commitments.quorumPublicKey,
            threshold: commitments.threshold,
            epoch: commitments.epoch,
            shares: commitments.shares.map {
                Entry(identifier: $0.identifier, member: MemberRecord($0.member), shareHash: $0.shareHash)
            },
            signature: commitments.signature
        )
    }
}
