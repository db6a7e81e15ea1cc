// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import SecretMemory
import Testing

/// A genesis that has been held, with what its members saved of it.
///
/// Members are meant by their place in the order, from 0.
struct Ceremony: Sendable {
    let gateway: RunningGateway
    let order: GenesisOrder
    /// The answer to the genesis.
    let genesis: JSON
    let manifestHash: [UInt8]
    let quorumKey: QuorumPublicKey
    /// What members seal their shares to: of the genesis, or of the boot since.
    var ephemeralKey: QuorumPublicKey

    /// Holds a genesis among members numbered from 1, who are both sets.
    static func begin(_ gateway: RunningGateway, _ threshold: Int, of count: Int) throws -> Ceremony {
        try begin(gateway, GenesisOrder(threshold, of: try Member.group(of: count)))
    }

    /// Holds a genesis.
    static func begin(_ gateway: RunningGateway, _ order: GenesisOrder) throws -> Ceremony {
        let answer = try gateway.post("/enclave/genesis-boot", order.flat.text)
        return try Ceremony(gateway: gateway, order: order, genesis: expectSuccess(answer))
    }

    /// - Parameter genesis: the answer to it.
    init(gateway: RunningGateway, order: GenesisOrder, genesis: JSON) throws {
        self.gateway = gateway
        self.order = order
        self.genesis = genesis
        manifestHash = try #require(genesis["manifest_hash"]?.bytes)
        quorumKey = try QuorumPublicKey(try #require(genesis["quorum_public_key"]?.bytes))
        ephemeralKey = try QuorumPublicKey(try #require(genesis["ephemeral_key"]?.bytes))
    }

    var threshold: Int { order.shareThreshold }

    // MARK: Shares

    /// A member's share as the genesis answer has it: sealed to the member.
    func encryptedShare(_ place: Int) throws -> [UInt8] {
        try #require(genesis["encrypted_shares"]?[place]?["encrypted_quorum_key_share"]?.bytes)
    }

    /// A member's share, decrypted from the saved genesis answer.
    func share(_ place: Int) throws -> [UInt8] {
        try order.shareMembers[place].open(try encryptedShare(place))
    }

    /// A decrypted share as it is sent.
    func plain(_ place: Int, form: ByteForm = .list) throws -> JSON {
        Self.plain(order.shareMembers[place].alias, try share(place), form: form)
    }

    /// Any bytes as a decrypted share.
    static func plain(_ alias: String, _ share: [UInt8], form: ByteForm = .list) -> JSON {
        ["member_alias": .string(alias), "decrypted_share": form.json(share)]
    }

    /// A share sealed to the enclave as it is sent, with its member's approval.
    func sealed(_ place: Int, form: ByteForm = .hex) throws -> JSON {
        let member = order.shareMembers[place]
        let ciphertext = try member.seal(try share(place), to: ephemeralKey)
        let message = ShareApproval.message(
            manifestHash: manifestHash, ephemeralKey: ephemeralKey, sealedShare: ciphertext)
        return [
            "member_alias": .string(member.alias), "sealed_share": form.json(ciphertext),
            "approval": ["signature": form.json(try member.key.sign(message))],
        ]
    }

    /// The body that brings shares.
    func body(_ shares: [JSON]) -> JSON {
        [
            "namespace_name": .string(order.namespaceName), "namespace_nonce": .number(Double(order.namespaceNonce)),
            "shares": .array(shares),
        ]
    }

    /// Brings shares.
    func inject(_ shares: [JSON]) throws -> HTTPAnswer {
        try gateway.post("/enclave/inject-shares", body(shares).text)
    }

    /// Brings the first shares that are needed, in one call, which makes the enclave ready.
    func provision() throws {
        let answer = try inject(try (0..<threshold).map { try plain($0) })
        #expect(try expectSuccess(answer)["state"] == "ApplicationReady")
    }

    /// The key pair that the shares give, put together outside any enclave.
    func key() throws -> QuorumKeyPair {
        var shares = try ShareCollection(capacity: threshold, shareBytes: ShareCollection.seedShareBytes)
        for place in 0..<threshold {
            let share = try share(place)
            try shares.append(share.span)
        }
        return try shares.combined(memory: .guarded).withBytes { seed throws(QuorumError) in
            try QuorumKeyPair(seed: seed)
        }
    }

    // MARK: Manifest

    /// The saved manifest, with approvals of some members of the manifest set.
    func manifest(approvedBy places: [Int] = []) throws -> JSON {
        let approvals = try places.map { place in
            let member = order.manifestMembers[place]
            return try JSON(Approval(of: manifestHash, alias: member.alias, key: member.key).encoded())
        }
        let envelope = try #require(genesis["manifest_envelope"])
        return envelope.replacing(["manifestSetApprovals"], with: .array(approvals))
    }

    /// The body that boots from the saved manifest.
    func bootBody(approvedBy places: [Int] = [], hasCommitments: Bool = true) throws -> JSON {
        let body: JSON = ["manifest_envelope": try manifest(approvedBy: places)]
        return hasCommitments ? body.replacing(["share_commitments"], with: genesis["share_commitments"]) : body
    }

    /// Boots from the saved manifest, and takes on the new key to seal to.
    mutating func boot(approvedBy places: [Int] = [], hasCommitments: Bool = true) throws -> JSON {
        let body = try bootBody(approvedBy: places, hasCommitments: hasCommitments)
        let booted = try expectSuccess(gateway.post("/enclave/boot-standard", body.text))
        ephemeralKey = try QuorumPublicKey(try #require(booted["ephemeral_key"]?.bytes))
        return booted
    }
}
