// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import SecretMemory
import Testing

@testable import EnclaveCore

/// How an enclave came to wait for shares.
enum Beginning: CaseIterable {
    case genesis
    case recovery
    case recoveryWithoutCommitments

    /// Three of three shares are needed.
    func scene() throws -> Scene {
        switch self {
        case .genesis: return try HeldGenesis(3, of: 3).scene
        case .recovery:
            let quorum = try KnownQuorum(3, of: 3)
            return try quorum.scene(commitments: try quorum.commitments())
        case .recoveryWithoutCommitments: return try KnownQuorum(3, of: 3).scene()
        }
    }
}

/// A share of the first member that is not to be accepted.
struct FlawedShare: Sendable, CustomTestStringConvertible {
    typealias Flaw = InjectSharesResult.Flaw

    let testDescription: String
    let flaw: Flaw
    /// Whether it can be recognised without commitments.
    let isPlain: Bool
    let make: @Sendable (Scene) throws -> BroughtShare

    init(
        _ name: String, _ flaw: Flaw, needsCommitments: Bool = false,
        make: @escaping @Sendable (Scene) throws -> BroughtShare
    ) {
        testDescription = name
        self.flaw = flaw
        isPlain = !needsCommitments
        self.make = make
    }

    static let all = members + bytes + others + ciphertexts + approvals

    private static let members = [
        FlawedShare("of nobody", .unknownMember) { try $0.plain($0.shares[0], as: "nobody") },
        FlawedShare("of no name", .unknownMember) { try $0.plain($0.shares[0], as: "") },
        FlawedShare("of an alias in upper case", .unknownMember) { try $0.plain($0.shares[0], as: "HOLDER1") },
        FlawedShare("of an alias with a blank", .unknownMember) { try $0.plain($0.shares[0], as: "holder1 ") },
        FlawedShare("of an approver, who holds none", .unknownMember) { try $0.plain($0.shares[0], as: "approver1") },
        FlawedShare("of nobody, sealed", .unknownMember) { try $0.sealed($0.shares[0], as: "nobody") },
    ]

    private static let bytes =
        [1, 16, 32].map { place in
            FlawedShare("with a wrong bit in byte \(place)", .badShare, needsCommitments: true) {
                try $0.plain(flipped($0.shares[0], at: place), as: $0.members[0].alias)
            }
        }
        + [0, 1, 16, 32].map { count in
            FlawedShare("cut to \(count) bytes", .badShare) {
                try $0.plain(Array($0.shares[0].prefix(count)), as: $0.members[0].alias)
            }
        }
        + [1, 2, 31, 95].map { count in
            FlawedShare("with \(count) bytes behind it", .badShare) {
                try $0.plain($0.shares[0] + [UInt8](repeating: 0, count: count), as: $0.members[0].alias)
            }
        }
        + [0, 4, 255].map { (x: UInt8) in
            FlawedShare("with x = \(x)", .badShare) {
                try $0.plain([x] + $0.shares[0].dropFirst(), as: $0.members[0].alias)
            }
        }

    private static let others = [
        FlawedShare("of zeros", .badShare) { try $0.plain([UInt8](repeating: 0, count: 33), as: $0.members[0].alias) },
        FlawedShare("of another member", .badShare, needsCommitments: true) {
            try $0.plain($0.shares[1], as: $0.members[0].alias)
        },
        FlawedShare("of another member with a changed x", .badShare, needsCommitments: true) {
            try $0.plain([1] + $0.shares[1].dropFirst(), as: $0.members[0].alias)
        },
        FlawedShare("with another member's x", .badShare, needsCommitments: true) {
            try $0.plain([2] + $0.shares[0].dropFirst(), as: $0.members[0].alias)
        },
        FlawedShare("of an earlier genesis", .badShare, needsCommitments: true) {
            try $0.plain(try HeldGenesis(3, of: 3).scene.shares[0], as: $0.members[0].alias)
        },
        FlawedShare("of another quorum", .badShare, needsCommitments: true) {
            let other = try KnownQuorum(3, of: 3, seed: String(repeating: "11", count: 32))
            return try $0.plain(other.shares[0], as: $0.members[0].alias)
        },
        FlawedShare("of the same key, split anew", .badShare, needsCommitments: true) {
            try $0.plain(try KnownQuorum(3, of: 3).shares[0], as: $0.members[0].alias)
        },
    ]

    private static let ciphertexts = [
        FlawedShare("still encrypted to its member", .shareStillEncrypted) {
            try $0.plain(try sealed($0.shares[0], to: $0.members[0].key.publicKey), as: $0.members[0].alias)
        },
        FlawedShare("encrypted to the enclave where a plain one should be", .shareStillEncrypted) {
            try $0.plain(try sealed($0.shares[0], to: $0.setupKey), as: $0.members[0].alias)
        },
        FlawedShare("sealed to its member", .badShare) {
            try $0.sealed($0.shares[0], as: $0.members[0].alias, to: $0.members[0].key.publicKey)
        },
        FlawedShare("sealed to the setup key of another boot", .badShare) {
            try $0.sealed($0.shares[0], as: $0.members[0].alias, to: try HeldGenesis().scene.setupKey)
        },
        FlawedShare("sealed in pieces", .badShare) {
            try $0.ciphertext(try sealed($0.shares[0], to: $0.setupKey).dropLast(), as: 0)
        },
        FlawedShare("sealed and changed", .badShare) {
            try $0.ciphertext(flipped(try sealed($0.shares[0], to: $0.setupKey), at: 100), as: 0)
        },
        FlawedShare("sealed, with a point off the curve", .badShare) {
            try $0.ciphertext(flipped(try sealed($0.shares[0], to: $0.setupKey), at: 40), as: 0)
        },
        FlawedShare("in the plain where a sealed one should be", .badShare) { try $0.ciphertext($0.shares[0], as: 0) },
        FlawedShare("sealed and empty", .badShare) { try $0.sealed([], as: $0.members[0].alias) },
        FlawedShare("no ciphertext", .badShare) { try $0.ciphertext([], as: 0) },
        FlawedShare("sealed and cut", .badShare) {
            try $0.sealed($0.shares[0].dropLast(), as: $0.members[0].alias)
        },
        FlawedShare("sealed and wrong", .badShare, needsCommitments: true) {
            try $0.sealed(flipped($0.shares[0], at: 7), as: $0.members[0].alias)
        },
        FlawedShare("wrong, sealed and approved", .badShare, needsCommitments: true) {
            try $0.approved(flipped($0.shares[0], at: 7), by: 0)
        },
        FlawedShare("sealed twice", .badShare) {
            try $0.sealed(try sealed($0.shares[0], to: $0.setupKey), as: $0.members[0].alias)
        },
    ]

    private static let approvals = [
        FlawedShare("approved by another member", .badApproval) { scene in
            try scene.sealed(0) { try scene.approval(of: $0, by: 1) }
        },
        FlawedShare("approved for another ciphertext of the same share", .badApproval) { scene in
            try scene.sealed(0) { _ in try scene.approval(of: sealed(scene.shares[0], to: scene.setupKey), by: 0) }
        },
        FlawedShare("approved under another manifest", .badApproval) { scene in
            try scene.sealed(0) {
                try scene.members[0].key.sign(
                    ShareApproval.message(
                        manifestHash: [UInt8](repeating: 3, count: 32), ephemeralKey: scene.setupKey, sealedShare: $0))
            }
        },
        FlawedShare("approved for another setup key", .badApproval) { scene in
            try scene.sealed(0) {
                try scene.members[0].key.sign(
                    ShareApproval.message(
                        manifestHash: scene.manifestHash, ephemeralKey: scene.members[1].key.publicKey,
                        sealedShare: $0))
            }
        },
        FlawedShare("approved by no bytes", .badApproval) { try $0.sealed(0) { _ in [] } },
        FlawedShare("approved by 63 bytes", .badApproval) { scene in
            try scene.sealed(0) { try scene.approval(of: $0, by: 0).dropLast() }
        },
        FlawedShare("approved by zeros", .badApproval) { try $0.sealed(0) { _ in [UInt8](repeating: 0, count: 64) } },
        FlawedShare("approved by a changed signature", .badApproval) { scene in
            try scene.sealed(0) { flipped(try scene.approval(of: $0, by: 0), at: 63) }
        },
        FlawedShare("approved in QuorumOS's form by another member", .badApproval) { scene in
            try scene.sealed(0) { _ in try scene.members[1].key.sign(scene.manifestHash) }
        },
        FlawedShare("approved in QuorumOS's form under another manifest", .badApproval) { scene in
            try scene.sealed(0) { _ in try scene.members[0].key.sign([UInt8](repeating: 3, count: 32)) }
        },
        FlawedShare("wrong, and approved wrongly", .badApproval) { scene in
            let ciphertext = try sealed(flipped(scene.shares[0], at: 7), to: scene.setupKey)
            return BroughtShare(
                memberAlias: scene.members[0].alias,
                form: .sealed(ciphertext, approval: try scene.approval(of: ciphertext, by: 1)))
        },
    ]

    private static func flipped(_ bytes: [UInt8], at place: Int) -> [UInt8] {
        var bytes = bytes
        bytes[place] ^= 0x10
        return bytes
    }
}

@Suite("shares with a flaw")
struct ShareFlawTests {
    /// Each in every beginning in which it can be told.
    private static let cases: [(Beginning, FlawedShare)] = Beginning.allCases.flatMap { beginning in
        FlawedShare.all.filter { $0.isPlain || beginning != .recoveryWithoutCommitments }.map { (beginning, $0) }
    }

    @Test("one alone is refused with its own flaw, and changes nothing", arguments: cases)
    func alone(beginning: Beginning, share: FlawedShare) throws {
        let scene = try beginning.scene()
        let before = scene.enclave.appearance
        try scene.expect([try share.make(scene)], [share.flaw], held: 0)
        #expect(scene.enclave.appearance == before)
        #expect(scene.enclave.arena.slotsLent == 0)
    }

    @Test("one among good ones disturbs neither those beside it nor those held before", arguments: cases)
    func mixed(beginning: Beginning, share: FlawedShare) throws {
        let scene = try beginning.scene()
        try scene.expect([try scene.approved(2)], [nil], held: 1)
        try scene.expect([try share.make(scene), try scene.plain(1)], [share.flaw, nil], held: 2)
        try scene.expect([try share.make(scene)], [share.flaw], held: 2)
        try scene.expectReady([try scene.sealed(0)], of: 3)
        #expect(scene.enclave.arena.slotsLent == 0)
    }

    @Test("one in the call that makes the key whole does not keep it from being whole", arguments: cases)
    func completing(beginning: Beginning, share: FlawedShare) throws {
        let scene = try beginning.scene()
        try scene.expect([try scene.plain(1), try scene.plain(2)], [nil, nil], held: 2)
        let result = try scene.inject([try share.make(scene), try scene.plain(0), try share.make(scene)])
        #expect(result.phase == .applicationReady)
        #expect(result.sharesReceived == 3)
        #expect(result.judgements.first?.flaw == share.flaw)
        #expect(result.judgements.dropFirst().first?.flaw == nil)
    }

    @Test("all of them in one call have each its own flaw", arguments: Beginning.allCases)
    func together(beginning: Beginning) throws {
        let scene = try beginning.scene()
        let shares = Self.cases.filter { $0.0 == beginning }.map(\.1)
        try scene.expect(try shares.map { try $0.make(scene) }, shares.map(\.flaw), held: 0)
        try scene.provision(3)
        #expect(scene.enclave.arena.slotsLent == 0)
    }

    @Test("the genesis's own ciphertext in the sealed field is named as still encrypted")
    func genesisCiphertext() throws {
        let genesis = try HeldGenesis(2, of: 3)
        let scene = genesis.scene
        for place in 0..<3 {
            let ciphertext = genesis.answer.encryptedShares[place].ciphertext
            try scene.expect([try scene.ciphertext(ciphertext, as: place)], [.shareStillEncrypted], held: 0)
            try scene.expect(
                [try scene.plain(ciphertext, as: scene.members[place].alias)], [.shareStillEncrypted], held: 0)
        }
        // Whoever else brings it has not decrypted it either.
        try scene.expect(
            [try scene.ciphertext(genesis.answer.encryptedShares[1].ciphertext, as: 0)], [.shareStillEncrypted], held: 0
        )
    }

    @Test("an enclave that did not hold the genesis cannot open its ciphertext")
    func genesisCiphertextElsewhere() throws {
        let genesis = try HeldGenesis(2, of: 3)
        let fresh = try TestEnclave()
        let booted = try fresh.enclave.bootStandard(try genesis.boot())
        let scene = Scene(
            enclave: fresh, members: genesis.scene.members, shares: genesis.scene.shares,
            setupKey: try QuorumPublicKey(booted.ephemeralKey), manifestHash: booted.manifestHash)
        let ciphertext = genesis.answer.encryptedShares[0].ciphertext
        try scene.expect([try scene.ciphertext(ciphertext, as: 0)], [.badShare], held: 0)
        try scene.expect([try scene.plain(ciphertext, as: "holder1")], [.shareStillEncrypted], held: 0)
    }

    @Test("a share that was sealed to the setup key before the manifest was booted again is refused")
    func oldSetupKey() throws {
        let quorum = try KnownQuorum(2, of: 3)
        let first = try quorum.scene()
        let old = try first.approved(0)
        let other = try quorum.changed { $0.namespaceNonce = 8 }
        _ = try other.scene(on: first.enclave)
        let again = try quorum.scene(on: first.enclave)
        #expect(again.setupKey != first.setupKey)
        // The approval names the old key, too; without it the ciphertext remains.
        try again.expect([old], [.badApproval], held: 0)
        try again.expect([try first.sealed(0)], [.badShare], held: 0)
        try again.provision(2)
    }

    @Test("another namespace, another nonce or another spelling of the name refuses the whole call")
    func namespace() throws {
        let quorum = try KnownQuorum(2, of: 3).changed { $0.namespaceName = "e\u{301}" }
        let scene = try quorum.scene()
        for (name, nonce, field) in [
            ("other", 7, "namespace_name"), ("", 7, "namespace_name"), ("\u{E9}", 7, "namespace_name"),
            ("e\u{301}", 8, "namespace_nonce"), ("e\u{301}", 0, "namespace_nonce"), ("other", 8, "namespace_name"),
        ] as [(String, UInt32, StaticString)] {
            var stranger = scene
            stranger.namespace = .init(name: name, nonce: nonce)
            let shares = try [scene.plain(0), scene.plain(1)]
            let before = scene.enclave.appearance
            #expect(throws: EnclaveError(.namespaceMismatch, field: field)) { try stranger.inject(shares) }
            #expect(scene.enclave.appearance == before)
        }
        try scene.provision(2)
    }
}
