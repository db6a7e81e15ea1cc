// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Quorum
import Testing

@testable import EnclaveCore

@Suite("commitments that are not believed")
struct CommitmentsTests {
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (KnownQuorum) throws -> CommitmentsRecord

        init(_ name: String, make: @escaping @Sendable (KnownQuorum) throws -> CommitmentsRecord) {
            testDescription = name
            self.make = make
        }

        /// Commitments with one part changed, signed anew where that is asked for.
        init(_ name: String, signed: Bool, change: @escaping @Sendable (inout Parts) -> Void) {
            self.init(name) { quorum in
                var parts = Parts(try quorum.commitments())
                change(&parts)
                if signed {
                    parts.signature = try quorum.key.sign(ShareCommitments(parts.record).message())
                }
                return parts.record
            }
        }
    }

    struct Parts: Sendable {
        var namespaceName: String
        var namespaceNonce: UInt32
        var manifestHash: [UInt8]
        var quorumPublicKey: [UInt8]
        var threshold: UInt32
        var epoch: UInt32
        var shares: [CommitmentsRecord.Entry]
        var signature: [UInt8]

        init(_ record: CommitmentsRecord) {
            namespaceName = record.namespaceName
            namespaceNonce = record.namespaceNonce
            manifestHash = record.manifestHash
            quorumPublicKey = record.quorumPublicKey
            threshold = record.threshold
            epoch = record.epoch
            shares = record.shares
            signature = record.signature
        }

        var record: CommitmentsRecord {
            CommitmentsRecord(
                namespaceName: namespaceName, namespaceNonce: namespaceNonce, manifestHash: manifestHash,
                quorumPublicKey: quorumPublicKey, threshold: threshold, epoch: epoch, shares: shares,
                signature: signature)
        }

        mutating func changeEntry(
            _ place: Int, identifier: UInt8? = nil, alias: String? = nil, key: [UInt8]? = nil, hash: [UInt8]? = nil
        ) {
            let entry = shares[place]
            shares[place] = .init(
                identifier: identifier ?? entry.identifier,
                member: MemberRecord(
                    alias: alias ?? entry.member.alias, publicKey: key ?? entry.member.publicKey),
                shareHash: hash ?? entry.shareHash)
        }
    }

    /// What even the quorum key could not make good.
    private static let contradictions: [Damage] = [
        Damage("for another namespace", signed: true) { $0.namespaceName = "other" },
        Damage("for another threshold", signed: true) { $0.threshold = 3 },
        Damage("of another epoch", signed: true) { $0.epoch = 1 },
        Damage("of a hash of 31 bytes", signed: true) { $0.manifestHash.removeLast() },
        Damage("for another key", signed: true) { $0.quorumPublicKey[5] ^= 1 },
        Damage("without one share", signed: true) { $0.shares.removeLast() },
        Damage("without shares", signed: true) { $0.shares = [] },
        Damage("with one share twice", signed: true) { $0.shares.append($0.shares[0]) },
        Damage("with shares in another order", signed: true) { $0.shares.swapAt(0, 1) },
        Damage("with another x", signed: true) { $0.changeEntry(1, identifier: 3) },
        Damage("with an x of zero", signed: true) { $0.changeEntry(0, identifier: 0) },
        Damage("with another alias", signed: true) { $0.changeEntry(1, alias: "other") },
        Damage("with another member's key", signed: true) { $0.changeEntry(1, key: $0.shares[0].member.publicKey) },
        Damage("with a hash of 63 bytes", signed: true) { $0.changeEntry(2, hash: [UInt8](repeating: 1, count: 63)) },
        Damage("with a hash of no bytes", signed: true) { $0.changeEntry(2, hash: []) },
    ]

    private static let forgeries: [Damage] = [
        Damage("with another hash", signed: false) { $0.changeEntry(0, hash: [UInt8](repeating: 1, count: 64)) },
        Damage("with two hashes exchanged", signed: false) {
            let hashes = $0.shares.map(\.shareHash)
            $0.changeEntry(0, hash: hashes[1])
            $0.changeEntry(1, hash: hashes[0])
        },
        Damage("with another nonce", signed: false) { $0.namespaceNonce = 8 },
        Damage("of another manifest", signed: false) { $0.manifestHash[0] ^= 1 },
        Damage("unsigned", signed: false) { $0.signature = [] },
        Damage("signed by zeros", signed: false) { $0.signature = [UInt8](repeating: 0, count: 64) },
        Damage("with a changed signature", signed: false) { $0.signature[63] ^= 1 },
        Damage("with a signature of 65 bytes", signed: false) { $0.signature.append(0) },
        Damage("signed by another key") { quorum in
            var parts = Parts(try quorum.commitments())
            parts.signature = try quorum.holders[0].key.sign(ShareCommitments(parts.record).message())
            return parts.record
        },
        Damage("of another quorum's genesis") { _ in
            try KnownQuorum(seed: String(repeating: "33", count: 32)).commitments()
        },
    ]

    @Test("each is a bad commitment, and changes nothing", arguments: contradictions + forgeries)
    func damaged(damage: Damage) throws {
        let quorum = try KnownQuorum()
        let commitments = try damage.make(quorum)
        let enclave = try TestEnclave()
        enclave.expect(EnclaveError(.badCommitments, field: "share_commitments")) {
            try enclave.enclave.bootStandard(try quorum.boot(commitments: commitments))
        }
        // Nor where the manifest is held already.
        let scene = try quorum.scene(on: enclave)
        enclave.expect(EnclaveError(.badCommitments, field: "share_commitments")) {
            try enclave.enclave.bootStandard(try quorum.boot(commitments: commitments))
        }
        try scene.provision(2)
    }

    @Test("those of the genesis hold for a later manifest of the same quorum")
    func laterManifest() throws {
        let quorum = try KnownQuorum()
        let later = try quorum.changed {
            $0.namespaceNonce = 9
            $0.manifestSet.threshold = 1
        }
        let scene = try later.scene(commitments: try quorum.commitments())
        try scene.expect(
            [try scene.plain([1] + [UInt8](repeating: 7, count: 32), as: "holder1")], [.badShare], held: 0)
        try scene.provision(2)
    }
}
