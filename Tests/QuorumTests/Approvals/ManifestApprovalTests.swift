// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

/// A case of `approvals.json`, and what each of the two checks makes of it.
struct ApprovalCheck: Sendable, CustomTestStringConvertible {
    let name: String
    let manifestHash: [UInt8]
    let set: MemberSet
    let approvals: [Approval]
    /// Of QuorumOS's check.
    let error: QuorumError?

    var testDescription: String { name }

    private static let errors: [String: QuorumError] = [
        "NotEnoughApprovals": .notEnoughApprovals,
        "DuplicateApproval": .duplicateApproval,
        "InvalidManifestApproval": .badApproval,
        "NotManifestSetMember": .notAMember,
        "DuplicateQuorumMember": .duplicateMember,
    ]

    /// How many approvals hold where the set's rules do; else what is wrong with the set.
    static let counted: [String: Result<Int, QuorumError>] = [
        "two of three": .success(2),
        "more than needed": .success(3),
        "one of two": .success(1),
        "same member twice": .success(1),
        "bad signature before membership": .success(1),
        "non-member": .success(1),
        "right key, other alias": .success(1),
        "one key under two aliases": .failure(.duplicateMember),
        "extra bad approval spoils a met threshold": .success(2),
        "threshold 0 (accepted by QuorumOS)": .failure(.badThreshold),
        "threshold above member count": .failure(.badThreshold),
    ]

    static func all() throws -> [ApprovalCheck] {
        try ManifestVectors.file("approvals.json").required("checks").elements().map { check in
            let name = try check.optional("error")?.text()
            return ApprovalCheck(
                name: try check.required("name").text(),
                manifestHash: try check.required("manifest_hash").hexBytes(),
                set: MemberSet(
                    threshold: UInt32(try check.required("threshold").unsigned(max: 255)),
                    members: try check.required("members").elements().map {
                        try QuorumMember(json: $0, unknown: .refused)
                    }),
                approvals: try check.required("approvals").elements().map {
                    try Approval(json: $0, unknown: .refused)
                },
                error: try name.map { try #require(errors[$0]) })
        }
    }
}

@Suite("QuorumOS's check of approvals")
struct ManifestApprovalTests {
    @Test("ends as in the vectors", arguments: try ApprovalCheck.all())
    func vectors(check: ApprovalCheck) {
        #expect(
            KeySamples.error { () throws(QuorumError) in
                try check.set.check(check.approvals, of: check.manifestHash)
            } == check.error)
    }

    @Test("of an envelope is that of its manifest's set and hash", arguments: try ApprovalCheck.all())
    func envelopes(check: ApprovalCheck) throws {
        var envelope = ManifestEnvelope(
            manifest: try ManifestVectors.version(.v1).manifest, manifestSetApprovals: check.approvals)
        #expect(envelope.manifest.hash() == check.manifestHash)
        if envelope.manifest.manifestSet == check.set {
            #expect(KeySamples.error(envelope.checkApprovals) == check.error)
        } else {
            // Another set is another manifest, of which nobody has approved.
            envelope.manifest.manifestSet = check.set
            let expected = check.error == .notEnoughApprovals ? .badApproval : check.error
            #expect(KeySamples.error(envelope.checkApprovals) == expected)
        }
    }

    @Test("takes the signature that another program makes of the hash")
    func golden() throws {
        let manifest = try CeremonySamples.manifest()
        let key = try KeySamples.pair(numbered: 1)
        let approval = try Approval(of: manifest.hash(), alias: "alice", key: key)
        #expect(manifest.hash() == (try KeySamples.hex(CeremonySamples.manifestHash)))
        #expect(approval.member == manifest.manifestSet.members[0])
        #expect(
            approval.signature
                == (try KeySamples.hex(
                    "61b37019d822493228fcf7fa86f444f827737f677900cbd78a8e75248cdc2545"
                        + "b10794d94aa596c7ce38607db54ad99654e5081f5c38e07cb987f5183b10b453")))
        let second = try Approval(of: manifest.hash(), alias: "bob", key: KeySamples.pair(numbered: 2))
        try ManifestEnvelope(manifest: manifest, manifestSetApprovals: [approval, second]).checkApprovals()
    }
}

// MARK: - Order

extension ManifestApprovalTests {
    /// Two of alice, bob and zoë, and what each of these cases does to it.
    private func refusal(
        _ change: (inout MemberSet, inout [Approval]) throws -> Void
    ) throws -> QuorumError? {
        let hash = [UInt8](repeating: 7, count: 32)
        var set = MemberSet(threshold: 2, members: try CeremonySamples.three())
        var approvals = try (1...3).map { number in
            try Approval(
                of: hash, alias: set.members[number - 1].alias, key: try KeySamples.pair(numbered: number))
        }
        try change(&set, &approvals)
        return KeySamples.error { () throws(QuorumError) in try set.check(approvals, of: hash) }
    }

    @Test("reads every member's key before it looks for members that occur twice")
    func keysBeforeDuplicates() throws {
        let error = try refusal { set, _ in
            set.members[1] = set.members[0]
            set.members[2].publicKey.removeLast()
        }
        #expect(error == .publicKeyTooShort)
    }

    @Test("looks at the members before the approvals")
    func membersBeforeApprovals() throws {
        let error = try refusal { set, approvals in
            set.members[2].alias = "bob"
            approvals[0].signature = []
        }
        #expect(error == .duplicateMember)
    }

    @Test("finds an alias, an encryption point or a signing point that occurs twice", arguments: 0..<3)
    func duplicates(part: Int) throws {
        let error = try refusal { set, approvals in
            approvals = []
            let first = set.members[0].publicKey
            switch part {
            case 0: set.members[2].alias = "alice"
            case 1: set.members[2].publicKey.replaceSubrange(..<65, with: first[..<65])
            default: set.members[2].publicKey.replaceSubrange(65..., with: first[65...])
            }
        }
        #expect(error == .duplicateMember)
    }

    @Test("tells aliases apart that differ in normalization")
    func normalization() throws {
        let error = try refusal { set, _ in set.members[0].alias = "zoe\u{308}" }
        #expect(error == .notAMember)
    }

    @Test("judges an approval by its own key, and then asks whose it is")
    func ownKey() throws {
        #expect(try refusal { _, approvals in approvals[2].member.publicKey = [4] } == .publicKeyTooShort)
        #expect(try refusal { _, approvals in approvals[2].member.publicKey.append(0) } == .publicKeyTooLong)
        #expect(try refusal { _, approvals in approvals[2].member.publicKey[1] ^= 1 } == .badPublicKey)
        #expect(try refusal { _, approvals in approvals[2].member = approvals[1].member } == .badApproval)
        #expect(try refusal { _, approvals in approvals[2].member.alias = "bob" } == .notAMember)
        #expect(try refusal { _, approvals in approvals[2] = approvals[1] } == .duplicateApproval)
    }

    @Test("refuses signatures of any form that are none", arguments: [0, 63, 64, 65, 128])
    func signatures(count: Int) throws {
        let error = try refusal { _, approvals in approvals[0].signature = [UInt8](repeating: 0, count: count) }
        #expect(error == .badApproval)
    }

    @Test("ends at the first approval that does not hold")
    func firstApproval() throws {
        let error = try refusal { _, approvals in
            approvals[0].member.alias = "mallory"
            approvals[1].signature = []
        }
        #expect(error == .notAMember)
    }

    @Test("counts distinct members up to any threshold", arguments: [0, 2, 3, 4, UInt32.max])
    func thresholds(threshold: UInt32) throws {
        let expected: QuorumError? = threshold > 3 ? .notEnoughApprovals : nil
        #expect(try refusal { set, _ in set.threshold = threshold } == expected)
    }
}
