// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

/// An enclave that waits for shares, and the members who have them.
struct Scene: Sendable {
    let enclave: TestEnclave
    let members: [Member]
    /// Plain, in the order of the members.
    let shares: [[UInt8]]
    let setupKey: QuorumPublicKey
    let manifestHash: [UInt8]
    var namespace = EnclaveInfo.Namespace(name: "namespace", nonce: 7)

    // MARK: What members bring

    /// Any bytes under a member's alias.
    func plain(_ bytes: [UInt8], as alias: String) throws -> BroughtShare {
        BroughtShare(memberAlias: alias, form: .plain(LentSecret(try enclave.arena.secret(bytes))))
    }

    func plain(_ place: Int) throws -> BroughtShare {
        try plain(shares[place], as: members[place].alias)
    }

    /// Any bytes under a member's alias, sealed to the setup key or another one.
    func sealed(_ bytes: [UInt8], as alias: String, to key: QuorumPublicKey? = nil) throws -> BroughtShare {
        let ciphertext = try EnclaveCoreTests.sealed(bytes, to: key ?? setupKey)
        return BroughtShare(memberAlias: alias, form: .sealed(ciphertext, approval: nil))
    }

    func sealed(_ place: Int) throws -> BroughtShare {
        try sealed(shares[place], as: members[place].alias)
    }

    /// A member's approval of a ciphertext under this manifest.
    func approval(of ciphertext: [UInt8], by place: Int) throws -> [UInt8] {
        try members[place].key.sign(
            ShareApproval.message(manifestHash: manifestHash, ephemeralKey: setupKey, sealedShare: ciphertext))
    }

    /// A member's share, sealed and approved.
    func approved(_ place: Int) throws -> BroughtShare {
        try approved(shares[place], by: place)
    }

    /// Any bytes, sealed and approved by a member.
    func approved(_ bytes: [UInt8], by place: Int) throws -> BroughtShare {
        let ciphertext = try EnclaveCoreTests.sealed(bytes, to: setupKey)
        return BroughtShare(
            memberAlias: members[place].alias,
            form: .sealed(ciphertext, approval: try approval(of: ciphertext, by: place)))
    }

    /// A member's share, sealed, with another approval, which is made from the ciphertext.
    func sealed(_ place: Int, approval: ([UInt8]) throws -> [UInt8]) throws -> BroughtShare {
        let ciphertext = try EnclaveCoreTests.sealed(shares[place], to: setupKey)
        return BroughtShare(
            memberAlias: members[place].alias, form: .sealed(ciphertext, approval: try approval(ciphertext)))
    }

    /// Bytes that stand where a sealed share should.
    func ciphertext(_ bytes: [UInt8], as place: Int) throws -> BroughtShare {
        BroughtShare(memberAlias: members[place].alias, form: .sealed(bytes, approval: nil))
    }

    // MARK: What comes of it

    func inject(_ shares: [BroughtShare]) throws(EnclaveError) -> InjectSharesResult {
        try enclave.enclave.injectShares(namespace: namespace, shares)
    }

    /// Brings shares of which each has its flaw or none, and expects how many are then held.
    func expect(
        _ shares: [BroughtShare], _ flaws: [InjectSharesResult.Flaw?], held: UInt32,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try inject(shares)
        #expect(result.judgements.map(\.flaw) == flaws, sourceLocation: sourceLocation)
        #expect(result.judgements.map(\.memberAlias) == shares.map(\.memberAlias), sourceLocation: sourceLocation)
        #expect(result.phase == .waitingForQuorumShards, sourceLocation: sourceLocation)
        #expect(result.sharesReceived == held, sourceLocation: sourceLocation)
        #expect(!result.isOtherKey, sourceLocation: sourceLocation)
        #expect(enclave.enclave.info().quorum?.sharesReceived == held, sourceLocation: sourceLocation)
        #expect(enclave.phase == .waitingForQuorumShards, sourceLocation: sourceLocation)
    }

    /// Brings shares that make the key whole.
    func expectReady(
        _ shares: [BroughtShare], of held: UInt32, sourceLocation: SourceLocation = #_sourceLocation
    )
        throws
    {
        let result = try inject(shares)
        #expect(result.phase == .applicationReady, sourceLocation: sourceLocation)
        #expect(result.sharesReceived == held, sourceLocation: sourceLocation)
        #expect(result.judgements.allSatisfy { $0.flaw == nil }, sourceLocation: sourceLocation)
        let info = enclave.enclave.info()
        #expect(info.phase == .applicationReady, sourceLocation: sourceLocation)
        #expect(result.quorumPublicKey == info.quorum?.publicKey, sourceLocation: sourceLocation)
        #expect(info.quorum?.keyCheck?.count == 8, sourceLocation: sourceLocation)
    }

    /// Brings the shares of the first members, in the plain.
    func provision(_ count: Int) throws {
        try expectReady((0..<count).map { try plain($0) }, of: UInt32(count))
    }
}
