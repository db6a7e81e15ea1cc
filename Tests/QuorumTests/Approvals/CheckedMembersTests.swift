// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

@Suite("Checked members")
struct CheckedMembersTests {
    struct Threshold: Sendable, CustomTestStringConvertible {
        let role: CheckedMembers.Role
        let threshold: UInt32
        let members: Int
        let isGood: Bool

        var testDescription: String { "\(role): \(threshold) of \(members)" }

        init(_ role: CheckedMembers.Role, _ threshold: UInt32, of members: Int, _ isGood: Bool) {
            self.role = role
            self.threshold = threshold
            self.members = members
            self.isGood = isGood
        }
    }

    static let thresholds = [
        Threshold(.manifestSet, 0, of: 0, false), Threshold(.manifestSet, 1, of: 0, false),
        Threshold(.manifestSet, 0, of: 3, false), Threshold(.manifestSet, 1, of: 1, true),
        Threshold(.manifestSet, 1, of: 3, true), Threshold(.manifestSet, 3, of: 3, true),
        Threshold(.manifestSet, 4, of: 3, false), Threshold(.manifestSet, .max, of: 3, false),
        Threshold(.shareSet, 0, of: 0, false), Threshold(.shareSet, 0, of: 3, false),
        Threshold(.shareSet, 1, of: 3, false), Threshold(.shareSet, 1, of: 1, false),
        Threshold(.shareSet, 2, of: 1, false), Threshold(.shareSet, 2, of: 2, true),
        Threshold(.shareSet, 2, of: 3, true), Threshold(.shareSet, 3, of: 3, true),
        Threshold(.shareSet, 4, of: 3, false), Threshold(.shareSet, .max, of: 3, false),
    ]

    @Test("have a threshold that they can meet, and that means something", arguments: thresholds)
    func threshold(of sample: Threshold) throws {
        let members = try sample.members == 0 ? [] : CeremonySamples.members(sample.members)
        let set = MemberSet(threshold: sample.threshold, members: members)
        if sample.isGood {
            let checked = try CheckedMembers(set, as: sample.role)
            #expect(checked.threshold == Int(sample.threshold))
            #expect(checked.set == set)
            #expect(checked.keys.map(\.bytes) == members.map(\.publicKey))
        } else {
            #expect(throws: ManifestFlaw(.badThreshold, at: .threshold(sample.role))) {
                try CheckedMembers(set, as: sample.role)
            }
        }
    }

    @Test("are 255 at most", arguments: [CheckedMembers.Role.manifestSet, .shareSet])
    func most(role: CheckedMembers.Role) throws {
        let members = try CeremonySamples.members(256)
        #expect(throws: ManifestFlaw(.badThreshold, at: .threshold(role))) {
            try CheckedMembers(MemberSet(threshold: 2, members: members), as: role)
        }
        let checked = try CheckedMembers(MemberSet(threshold: 255, members: Array(members.dropLast())), as: role)
        #expect(checked.keys.count == 255)
    }

    @Test("are each there once", arguments: [CheckedMembers.Role.manifestSet, .shareSet])
    func duplicates(role: CheckedMembers.Role) throws {
        let first = try CeremonySamples.three()[0]
        try expect(ManifestFlaw(.duplicateMember, at: .memberAlias(role, 2)), as: role) { $0 = first }
        try expect(ManifestFlaw(.duplicateMember, at: .memberAlias(role, 2)), as: role) { $0.alias = first.alias }
        try expect(ManifestFlaw(.duplicateMember, at: .memberKey(role, 2)), as: role) {
            $0.publicKey = first.publicKey
        }
        try expect(ManifestFlaw(.duplicateMember, at: .memberKey(role, 2)), as: role) {
            $0.publicKey.replaceSubrange(..<65, with: first.publicKey[..<65])
        }
        try expect(ManifestFlaw(.duplicateMember, at: .memberKey(role, 2)), as: role) {
            $0.publicKey.replaceSubrange(65..., with: first.publicKey[65...])
        }
    }

    @Test("have keys of two different points", arguments: [CheckedMembers.Role.manifestSet, .shareSet])
    func keys(role: CheckedMembers.Role) throws {
        try expect(ManifestFlaw(.publicKeyTooShort, at: .memberKey(role, 2)), as: role) { $0.publicKey = [] }
        try expect(ManifestFlaw(.publicKeyTooLong, at: .memberKey(role, 2)), as: role) { $0.publicKey.append(4) }
        try expect(ManifestFlaw(.badPublicKey, at: .memberKey(role, 2)), as: role) { $0.publicKey[64] ^= 1 }
        try expect(ManifestFlaw(.badPublicKey, at: .memberKey(role, 2)), as: role) { member in
            member.publicKey = Array(member.publicKey[..<65] + member.publicKey[..<65])
        }
    }

    @Test("are found by all that they are, or by alias, byte for byte")
    func places() throws {
        let members = try CeremonySamples.three()
        let checked = try CheckedMembers(MemberSet(threshold: 2, members: members), as: .shareSet)
        for (index, member) in members.enumerated() {
            #expect(checked.index(of: member) == index)
            #expect(checked.index(ofAlias: member.alias) == index)
        }
        #expect(checked.index(of: QuorumMember(alias: "alice", publicKey: members[1].publicKey)) == nil)
        #expect(checked.index(of: QuorumMember(alias: "zoe\u{308}", publicKey: members[2].publicKey)) == nil)
        #expect(checked.index(ofAlias: "zoe\u{308}") == nil)
        #expect(checked.index(ofAlias: "") == nil)
    }

    /// What is wrong with the three once the last of them was changed.
    private func expect(
        _ flaw: ManifestFlaw, as role: CheckedMembers.Role, _ change: (inout QuorumMember) -> Void
    ) throws {
        var members = try CeremonySamples.three()
        change(&members[2])
        #expect(throws: flaw) { try CheckedMembers(MemberSet(threshold: 2, members: members), as: role) }
    }
}
