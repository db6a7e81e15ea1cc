// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

// Values that stand in several answers about the quorum.

extension JSONObject {
    /// A member, as QuorumOS names its fields.
    mutating func member(_ name: StaticString, _ member: MemberRecord) {
        object(name) { object in
            object.string("alias", member.alias)
            object.byteArray("pub_key", member.publicKey)
        }
    }

    /// Share commitments, as requests take them again.
    mutating func commitments(_ name: StaticString, _ record: CommitmentsRecord) {
        object(name) { object in
            object.string("namespace_name", record.namespaceName)
            object.integer("namespace_nonce", record.namespaceNonce)
            object.byteArray("manifest_hash", record.manifestHash)
            object.byteArray("quorum_public_key", record.quorumPublicKey)
            object.integer("threshold", record.threshold)
            object.integer("epoch", record.epoch)
            object.objects("shares", record.shares) { object, entry in
                object.integer("x", entry.identifier)
                object.string("alias", entry.member.alias)
                object.byteArray("pub_key", entry.member.publicKey)
                object.byteArray("share_hash", entry.shareHash)
            }
            object.byteArray("signature", record.signature)
        }
    }

    /// What became of each share of a call.
    mutating func judgements(_ name: StaticString, _ judgements: [InjectSharesResult.Judgement]) {
        objects(name, judgements) { object, judgement in
            object.string("member_alias", judgement.memberAlias)
            object.bool("accepted", judgement.flaw == nil)
            if let flaw = judgement.flaw { object.string("reason", flaw.rawValue) }
        }
    }
}
