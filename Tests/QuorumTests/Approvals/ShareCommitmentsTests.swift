// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Testing

@testable import Quorum

@Suite("Share commitments")
struct ShareCommitmentsTests {
    private let hashes = (0..<3).map { [UInt8](repeating: 0xA1 + UInt8($0), count: 64) }

    private func commitments(_ manifest: CheckedManifest) throws -> ShareCommitments {
        try ShareCommitments(to: hashes, of: manifest, key: KeySamples.pair())
    }

    @Test("sign the purpose and the Borsh of all that they say")
    func message() throws {
        let members = try CeremonySamples.three()
        var expected: [UInt8] = []
        expected += Array("renclave/share-commitments/v1".utf8) + [0]
        expected += [9, 0, 0, 0] + Array("prod/zo".utf8) + [0xC3, 0xAB]
        expected += [4, 3, 2, 1]
        expected += try KeySamples.hex(CeremonySamples.manifestHash)
        expected += [130, 0, 0, 0] + (try KeySamples.pair().publicKey.bytes)
        expected += [2, 0, 0, 0] + [0, 0, 0, 0] + [3, 0, 0, 0]
        expected += [1, 5, 0, 0, 0] + Array("alice".utf8) + [130, 0, 0, 0] + members[0].publicKey + hashes[0]
        expected += [2, 3, 0, 0, 0] + Array("bob".utf8) + [130, 0, 0, 0] + members[1].publicKey + hashes[1]
        expected += [3, 4, 0, 0, 0] + Array("zo".utf8) + [0xC3, 0xAB] + [130, 0, 0, 0] + members[2].publicKey
        expected += hashes[2]
        let message = try commitments(CeremonySamples.checked()).message()
        #expect(message == expected)
        #expect(message.count == 846)
        #expect(
            Hex.encode(SHA256.digest(message))
                == "ba6223bd68ec15229609b0be4295dbb74801c999517edb445f5338d0c16b6d19")
    }

    @Test("have the signature that another program makes")
    func signature() throws {
        let commitments = try commitments(CeremonySamples.checked())
        #expect(
            commitments.signature
                == (try KeySamples.hex(
                    "2c6a23cc273df8e38d804d23c762ccab136685fdc72a73acba3f40435bb72a82"
                        + "2c81f359079e6619aad901e6c020e8b1b47fd04b2e2fd175ba899a4f94d6937a")))
        try KeySamples.pair().publicKey.verify(commitments.signature, of: commitments.message())
    }

    @Test("say what the manifest says")
    func fields() throws {
        let checked = try CeremonySamples.checked()
        let commitments = try commitments(checked)
        #expect(commitments.namespaceName == "prod/zo\u{EB}")
        #expect(commitments.namespaceNonce == 0x0102_0304)
        #expect(commitments.manifestHash == checked.hash)
        #expect(commitments.quorumPublicKey == checked.quorumKey.bytes)
        #expect(commitments.threshold == 2)
        #expect(commitments.epoch == 0)
        #expect(commitments.shares.map(\.identifier) == [1, 2, 3])
        #expect(commitments.shares.map(\.member) == checked.shareSet.set.members)
        #expect(commitments.shares.map(\.shareHash) == hashes)
        try commitments.check(against: checked)
    }

    @Test("are made of a hash for each member, and by the manifest's key")
    func making() throws {
        let checked = try CeremonySamples.checked()
        var short = hashes
        short[1].removeLast()
        for hashes in [[], Array(hashes.dropLast()), hashes + [hashes[0]], short] {
            #expect(throws: QuorumError.badCommitments) {
                try ShareCommitments(to: hashes, of: checked, key: KeySamples.pair())
            }
        }
        #expect(throws: QuorumError.badCommitments) {
            try ShareCommitments(to: hashes, of: checked, key: KeySamples.pair(numbered: 4))
        }
    }

    @Test("hold for every later manifest of the name with the same holders")
    func laterManifests() throws {
        let commitments = try commitments(CeremonySamples.checked())
        try commitments.check(against: CeremonySamples.checked { $0.namespace.nonce = 7 })
        try commitments.check(against: CeremonySamples.checked { $0.enclave.pcr0[0] ^= 1 })
        try commitments.check(against: CeremonySamples.checked { $0.manifestSet.threshold = 1 })
        try commitments.check(against: CeremonySamples.checked { $0.manifestSet.members.swapAt(0, 2) })
    }

    @Test("hold for no manifest of another name, key, threshold or other holders")
    func otherManifests() throws {
        let commitments = try commitments(CeremonySamples.checked())
        let otherKey = try KeySamples.pair(numbered: 4).publicKey.bytes
        let fourth = try CeremonySamples.member("dave", numbered: 4)
        let changes: [(inout Manifest) -> Void] = [
            { $0.namespace.name = "prod" },
            { $0.namespace.name = "prod/zoe\u{308}" },
            { $0.namespace.quorumKey = otherKey },
            { $0.shareSet.threshold = 3 },
            { $0.shareSet.members.removeLast() },
            { $0.shareSet.members.append(fourth) },
            { $0.shareSet.members.swapAt(0, 1) },
            { $0.shareSet.members[2].alias = "zoe\u{308}" },
            { $0.shareSet.members[1] = fourth },
        ]
        for (index, change) in changes.enumerated() {
            #expect(throws: QuorumError.badCommitments, "change \(index)") {
                try commitments.check(against: CeremonySamples.checked(change))
            }
        }
    }
}

// MARK: - Changes

/// A change to commitments.
struct CommitmentsChange: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apply: @Sendable (inout CommitmentsParts) -> Void

    init(_ name: String, _ apply: @escaping @Sendable (inout CommitmentsParts) -> Void) {
        testDescription = name
        self.apply = apply
    }

    static let all: [CommitmentsChange] =
        [
            CommitmentsChange("name") { $0.name = "prod/zo" },
            CommitmentsChange("name, normalized otherwise") { $0.name = "prod/zoe\u{308}" },
            CommitmentsChange("key") { $0.key[129] ^= 1 },
            CommitmentsChange("no key") { $0.key = [] },
            CommitmentsChange("threshold 3") { $0.threshold = 3 },
            CommitmentsChange("threshold 0") { $0.threshold = 0 },
            CommitmentsChange("epoch 1") { $0.epoch = 1 },
            CommitmentsChange("a longer manifest hash") { $0.manifestHash.append(0) },
            CommitmentsChange("no manifest hash") { $0.manifestHash = [] },
            CommitmentsChange("no shares") { $0.shares = [] },
            CommitmentsChange("a missing share") { $0.shares.removeLast() },
            CommitmentsChange("one share more") { $0.shares.append($0.shares[0]) },
            CommitmentsChange("another order") { $0.shares.swapAt(0, 1) },
            CommitmentsChange("a share twice") { $0.shares[1] = $0.shares[0] },
        ] + (0..<3).flatMap { ofShare($0) }

    private static func ofShare(_ index: Int) -> [CommitmentsChange] {
        [
            CommitmentsChange("x of share \(index)") { $0.change(index, identifier: 9) },
            CommitmentsChange("x 0 of share \(index)") { $0.change(index, identifier: 0) },
            CommitmentsChange("alias of share \(index)") { $0.change(index) { $0.alias += "x" } },
            CommitmentsChange("key of share \(index)") { $0.change(index) { $0.publicKey[64] ^= 1 } },
            CommitmentsChange("a longer hash of share \(index)") {
                $0.change(index, hash: [UInt8](repeating: 1, count: 65))
            },
            CommitmentsChange("no hash of share \(index)") { $0.change(index, hash: []) },
        ]
    }

    /// What a later manifest need not share with the genesis, and what is no one's to compare.
    static let signedOnly: [CommitmentsChange] =
        [
            CommitmentsChange("nonce") { $0.nonce += 1 },
            CommitmentsChange("manifest hash") { $0.manifestHash[0] ^= 1 },
        ]
        + (0..<3).map { index in
            CommitmentsChange("hash of share \(index)") {
                $0.change(index, hash: [UInt8](repeating: 0xFF, count: 64))
            }
        }
}

/// Commitments whose parts can be changed.
struct CommitmentsParts {
    var name: String
    var nonce: UInt32
    var manifestHash: [UInt8]
    var key: [UInt8]
    var threshold: UInt32
    var epoch: UInt32
    var shares: [ShareCommitments.Entry]
    var signature: [UInt8]

    init(_ commitments: ShareCommitments) {
        name = commitments.namespaceName
        nonce = commitments.namespaceNonce
        manifestHash = commitments.manifestHash
        key = commitments.quorumPublicKey
        threshold = commitments.threshold
        epoch = commitments.epoch
        shares = commitments.shares
        signature = commitments.signature
    }

    var commitments: ShareCommitments {
        ShareCommitments(
            namespaceName: name, namespaceNonce: nonce, manifestHash: manifestHash, quorumPublicKey: key,
            threshold: threshold, epoch: epoch, shares: shares, signature: signature)
    }

    /// The same, signed by the key of the first sample seed.
    func signed() throws -> ShareCommitments {
        var parts = self
        parts.signature = try KeySamples.pair().sign(commitments.message())
        return parts.commitments
    }

    mutating func change(
        _ index: Int, identifier: UInt8? = nil, hash: [UInt8]? = nil, _ member: (inout QuorumMember) -> Void = { _ in }
    ) {
        let old = shares[index]
        var changed = old.member
        member(&changed)
        shares[index] = ShareCommitments.Entry(
            identifier: identifier ?? old.identifier, member: changed, shareHash: hash ?? old.shareHash)
    }
}

extension ShareCommitmentsTests {
    @Test("are refused with one part changed", arguments: CommitmentsChange.all + CommitmentsChange.signedOnly)
    func changed(change: CommitmentsChange) throws {
        let checked = try CeremonySamples.checked()
        let original = try commitments(checked)
        var parts = CommitmentsParts(original)
        change.apply(&parts)
        #expect(parts.commitments != original)
        #expect(throws: QuorumError.badCommitments) { try parts.commitments.check(against: checked) }
    }

    @Test("are refused with a part that the manifest contradicts, even signed", arguments: CommitmentsChange.all)
    func contradicted(change: CommitmentsChange) throws {
        let checked = try CeremonySamples.checked()
        var parts = CommitmentsParts(try commitments(checked))
        change.apply(&parts)
        #expect(throws: QuorumError.badCommitments) { try parts.signed().check(against: checked) }
    }

    @Test("say a nonce, a manifest's hash and shares' hashes by signature", arguments: CommitmentsChange.signedOnly)
    func signedAnew(change: CommitmentsChange) throws {
        let checked = try CeremonySamples.checked()
        var parts = CommitmentsParts(try commitments(checked))
        change.apply(&parts)
        try parts.signed().check(against: checked)
    }

    @Test("are refused with another signature")
    func signatures() throws {
        let checked = try CeremonySamples.checked()
        let good = try commitments(checked)
        let byMember = try KeySamples.pair(numbered: 1).sign(good.message())
        let withoutPurpose = try KeySamples.pair().sign(Array(good.message().dropFirst(30)))
        let ofHash = try KeySamples.pair().sign(checked.hash)
        let short = Array(good.signature.dropLast())
        for signature in [[], short, good.signature + [0], byMember, withoutPurpose, ofHash] {
            var parts = CommitmentsParts(good)
            parts.signature = signature
            #expect(throws: QuorumError.badCommitments) { try parts.commitments.check(against: checked) }
        }
    }

    @Test("are refused with any bit of the signature changed")
    func signatureBits() throws {
        let checked = try CeremonySamples.checked()
        let good = try commitments(checked)
        for index in good.signature.indices {
            var parts = CommitmentsParts(good)
            parts.signature[index] ^= 1 << UInt8(index % 8)
            #expect(throws: QuorumError.badCommitments) { try parts.commitments.check(against: checked) }
        }
    }
}
