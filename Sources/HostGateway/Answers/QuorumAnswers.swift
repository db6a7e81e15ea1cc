// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

extension Answer {
    /// What a genesis gave, or gives once more.
    static func genesis(_ answer: GenesisAnswer) -> Answer {
        .json(capacity: answer.estimatedJSONBytes) { object in
            object.byteArray("quorum_public_key", answer.quorumPublicKey)
            object.byteArray("ephemeral_key", answer.ephemeralKey)
            object.raw("manifest_envelope", answer.manifestEnvelope)
            object.byteArray("manifest_hash", answer.manifestHash)
            object.string("waiting_state", Phase.waitingForQuorumShards.rawValue)
            object.integer("threshold", answer.threshold)
            object.objects("encrypted_shares", answer.encryptedShares) { object, share in
                object.member("share_set_member", share.member)
                object.byteArray("encrypted_quorum_key_share", share.ciphertext)
                object.byteArray("share_hash", share.shareHash)
            }
            object.commitments("share_commitments", answer.commitments)
            object.byteArray("genesis_output", answer.genesisOutput)
            if let wrapped = answer.recoveryWrappedKey { object.byteArray("dr_key_wrapped_quorum_key", wrapped) }
            if let document = answer.attestationDocument { object.byteArray("attestation_doc", document) }
        }
    }

    /// A manifest has been taken.
    static func booted(_ result: BootStandardResult) -> Answer {
        .json(capacity: 1024) { object in
            object.string("state", result.phase.rawValue)
            object.byteArray("ephemeral_key", result.ephemeralKey)
            object.byteArray("manifest_hash", result.manifestHash)
            object.integer("threshold", result.threshold)
            object.integer("approvals_counted", result.approvalsCounted)
        }
    }

    /// The manifest that is held.
    static func manifest(_ held: HeldManifest) -> Answer {
        let capacity = 1024 + held.manifestEnvelope.count + (held.commitments?.estimatedJSONBytes ?? 0)
        return .json(capacity: capacity) { object in
            object.raw("manifest_envelope", held.manifestEnvelope)
            object.byteArray("manifest_hash", held.manifestHash)
            if let commitments = held.commitments { object.commitments("share_commitments", commitments) }
        }
    }
}

// MARK: Sizes

/// What a byte takes at most where bytes are an array of integers.
private let jsonBytesPerByte = 4
/// More than what a share takes besides its bytes: the names of its fields and an alias.
private let jsonBytesPerShare = 256

extension GenesisAnswer {
    /// About what the answer takes, so that it is written without being moved.
    fileprivate var estimatedJSONBytes: Int {
        let share = encryptedShares.first.map { $0.member.publicKey.count + $0.ciphertext.count + $0.shareHash.count }
        let keys = quorumPublicKey.count + ephemeralKey.count + manifestHash.count + (recoveryWrappedKey?.count ?? 0)
        let documents = genesisOutput.count + (attestationDocument?.count ?? 0)
        return 1024 + manifestEnvelope.count + commitments.estimatedJSONBytes + jsonBytesPerByte * (keys + documents)
            + encryptedShares.count * (jsonBytesPerByte * (share ?? 0) + jsonBytesPerShare)
    }
}

extension CommitmentsRecord {
    fileprivate var estimatedJSONBytes: Int {
        let share = shares.first.map { $0.member.publicKey.count + $0.shareHash.count } ?? 0
        return 2048 + shares.count * (jsonBytesPerByte * share + jsonBytesPerShare)
    }
}
