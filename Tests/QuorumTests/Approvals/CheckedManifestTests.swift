// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

@Suite("A checked manifest")
struct CheckedManifestTests {
    @Test("counts what holds of the vectors' approvals", arguments: try ApprovalCheck.all())
    func vectors(check: ApprovalCheck) throws {
        var manifest = try ManifestVectors.version(.v1).manifest
        switch try #require(ApprovalCheck.counted[check.name]) {
        case .success(let count):
            #expect(manifest.manifestSet == check.set)
            #expect(try CheckedManifest(manifest).valid(check.approvals).count == count)
        case .failure(let error):
            manifest.manifestSet = check.set
            let flaw = #expect(throws: ManifestFlaw.self) { try CheckedManifest(manifest) }
            #expect(flaw?.error == error)
        }
    }

    @Test("one invalid extra approval does not spoil a quorum, wherever it stands", arguments: 0...2)
    func extraApproval(place: Int) throws {
        let checked = try CeremonySamples.checked()
        let good = try approvals(of: checked, [1, 2])
        var forged = good[0]
        forged.member = try CeremonySamples.three()[2]
        var malformed = good[0]
        malformed.signature.removeLast()
        var noKey = good[0]
        noKey.member.publicKey = []
        let stranger = try Approval(of: checked.hash, alias: "mallory", key: KeySamples.pair(numbered: 9))
        let renamed = try Approval(of: checked.hash, alias: "bob", key: KeySamples.pair(numbered: 1))
        for extra in [forged, malformed, noKey, stranger, renamed] {
            var all = good
            all.insert(extra, at: place)
            #expect(checked.valid(all) == good)
        }
    }

    @Test("a member who approves more than once counts once")
    func repeated() throws {
        let checked = try CeremonySamples.checked()
        let good = try approvals(of: checked, [2, 1])
        #expect(checked.valid(good + good.reversed() + good) == good)
    }

    @Test("a bad approval in a member's name does not keep the good one out")
    func badBeforeGood() throws {
        let checked = try CeremonySamples.checked()
        let good = try approvals(of: checked, [1])
        var bad = good[0]
        bad.signature[40] ^= 1
        #expect(checked.valid([bad] + good) == good)
    }

    @Test("an approval of another manifest is none of this one")
    func otherManifest() throws {
        let other = try CeremonySamples.checked { $0.namespace.nonce += 1 }
        #expect(try CeremonySamples.checked().valid(try approvals(of: other, [1, 2, 3])) == [])
    }

    @Test("a member who only holds a share approves nothing")
    func shareholder() throws {
        let checked = try CeremonySamples.checked { manifest in
            manifest.manifestSet.members.removeLast()
        }
        #expect(checked.shareSet.index(ofAlias: "zo\u{EB}") == 2)
        #expect(checked.valid(try approvals(of: checked, [3])) == [])
    }

    @Test("has the manifest's hash, key and sets")
    func parts() throws {
        let checked = try CeremonySamples.checked()
        #expect(checked.hash == (try KeySamples.hex(CeremonySamples.manifestHash)))
        #expect(checked.quorumKey == (try KeySamples.pair().publicKey))
        #expect(checked.manifestSet.set == checked.manifest.manifestSet)
        #expect(checked.shareSet.set == checked.manifest.shareSet)
    }

    @Test("has a key that is one")
    func quorumKey() throws {
        #expect(throws: ManifestFlaw(.publicKeyTooShort, at: .quorumKey)) {
            try CeremonySamples.checked { $0.namespace.quorumKey.removeLast() }
        }
        #expect(throws: ManifestFlaw(.publicKeyTooLong, at: .quorumKey)) {
            try CeremonySamples.checked { $0.namespace.quorumKey.append(0) }
        }
        #expect(throws: ManifestFlaw(.badPublicKey, at: .quorumKey)) {
            try CeremonySamples.checked { $0.namespace.quorumKey[129] ^= 1 }
        }
    }

    @Test("has sets by the rules of their roles")
    func sets() throws {
        #expect(throws: ManifestFlaw(.badThreshold, at: .threshold(.shareSet))) {
            try CeremonySamples.checked { $0.shareSet.threshold = 1 }
        }
        #expect(throws: ManifestFlaw(.badThreshold, at: .threshold(.manifestSet))) {
            try CeremonySamples.checked { $0.manifestSet.threshold = 0 }
        }
        #expect(throws: ManifestFlaw(.duplicateMember, at: .memberAlias(.shareSet, 2))) {
            try CeremonySamples.checked { $0.shareSet.members[2].alias = "bob" }
        }
        #expect(try CeremonySamples.checked { $0.manifestSet.threshold = 1 }.manifestSet.threshold == 1)
    }

    @Test("takes checked sets only where they are its own")
    func otherSets() throws {
        let manifest = try CeremonySamples.manifest()
        let own = try CheckedMembers(manifest.shareSet, as: .shareSet)
        let other = try CheckedMembers(MemberSet(threshold: 3, members: manifest.shareSet.members), as: .shareSet)
        #expect(throws: ManifestFlaw(.malformedManifest, at: .threshold(.manifestSet))) {
            try CheckedManifest(manifest, manifestSet: other, shareSet: own)
        }
        #expect(throws: ManifestFlaw(.malformedManifest, at: .threshold(.shareSet))) {
            try CheckedManifest(manifest, manifestSet: own, shareSet: other)
        }
        #expect(try CheckedManifest(manifest, manifestSet: own, shareSet: own) == CheckedManifest(manifest))
    }

    @Test("takes no share set that was checked as one of approvers")
    func otherRole() throws {
        var manifest = try CeremonySamples.manifest()
        manifest.shareSet.threshold = 1
        let approvers = try CheckedMembers(manifest.manifestSet, as: .manifestSet)
        let holders = try CheckedMembers(manifest.shareSet, as: .manifestSet)
        #expect(throws: ManifestFlaw(.badThreshold, at: .threshold(.shareSet))) {
            try CheckedManifest(manifest, manifestSet: approvers, shareSet: holders)
        }
    }

    private func approvals(of manifest: CheckedManifest, _ numbers: [Int]) throws -> [Approval] {
        let members = try CeremonySamples.three()
        return try numbers.map { number in
            try Approval(
                of: manifest.hash, alias: members[number - 1].alias, key: try KeySamples.pair(numbered: number))
        }
    }
}
