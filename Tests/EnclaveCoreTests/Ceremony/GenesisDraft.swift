// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

/// A request for a genesis that a test can change before it is made.
struct GenesisDraft: Sendable {
    var namespaceName = "namespace"
    var namespaceNonce: UInt32 = 7
    var manifestMembers: [MemberRecord]
    var manifestThreshold: UInt32
    var shareMembers: [MemberRecord]
    var shareThreshold: UInt32
    var pivotHash: [UInt8]?
    var pivotArguments: [String] = []
    var recoveryKey: [UInt8]?
    var nonce: [UInt8]?

    /// Two of three approvers, and `threshold` of `count` share members.
    init(_ threshold: UInt32 = 2, of count: Int = 3) throws {
        manifestMembers = try Member.all("approver", 3).map(\.record)
        manifestThreshold = 2
        shareMembers = try Member.all("holder", count).map(\.record)
        shareThreshold = threshold
    }

    var request: GenesisBootRequest {
        GenesisBootRequest(
            namespaceName: namespaceName,
            namespaceNonce: namespaceNonce,
            manifestMembers: manifestMembers,
            manifestThreshold: manifestThreshold,
            shareMembers: shareMembers,
            shareThreshold: shareThreshold,
            pivotHash: pivotHash,
            pivotArguments: pivotArguments,
            recoveryKey: recoveryKey,
            nonce: nonce
        )
    }
}

/// A genesis that was held, and the shares as their members decrypted them.
struct HeldGenesis: Sendable {
    let scene: Scene
    let answer: GenesisAnswer

    init(_ threshold: UInt32 = 2, of count: Int = 3, on enclave: TestEnclave? = nil) throws {
        let enclave = try enclave ?? TestEnclave()
        answer = try enclave.enclave.genesisBoot(try GenesisDraft(threshold, of: count).request)
        let members = try Member.all("holder", count)
        scene = Scene(
            enclave: enclave,
            members: members,
            shares: try zip(members, answer.encryptedShares).map { try $0.open($1.ciphertext) },
            setupKey: try QuorumPublicKey(answer.ephemeralKey),
            manifestHash: answer.manifestHash
        )
    }

    /// What a later enclave is booted with.
    func boot(_ approvers: [Member] = [], commitments: Bool = true) throws -> BootStandardRequest {
        var envelope = try ManifestEnvelope.decode(answer.manifestEnvelope)
        envelope.manifestSetApprovals = try approvers.map { try $0.approval(of: answer.manifestHash) }
        return BootStandardRequest(
            manifestEnvelope: envelope.encoded(), commitments: commitments ? answer.commitments : nil)
    }
}
