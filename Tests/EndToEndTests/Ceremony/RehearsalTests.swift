// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("a ceremony under production's rules")
    struct Rehearsal {
        private static let settings = ["ENCLAVE_REHEARSE_PRODUCTION": "true"]

        @Test(
            "the manifest set approves first, then only sealed and approved shares count, and no seed comes out plain")
        func ceremony() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth(enclave: Self.settings)
                var ceremony = try Ceremony.begin(gateway, 2, of: 3)
                let key = ceremony.ephemeralKey
                for shares in [
                    [try ceremony.sealed(0)], [try ceremony.plain(0)],
                    [try ceremony.sealed(0), try ceremony.sealed(1)],
                ] {
                    let refusal = try expectRefusal(ceremony.inject(shares), 409, "manifest_not_approved")
                    #expect(refusal["hint"]?.string?.contains("boot-standard") == true)
                }
                #expect(try ceremony.boot(approvedBy: [0])["approvals_counted"] == 1)
                try expectRefusal(ceremony.inject([try ceremony.sealed(0)]), 409, "manifest_not_approved")
                #expect(try ceremony.boot(approvedBy: [0])["approvals_counted"] == 1)
                try expectRefusal(ceremony.inject([try ceremony.sealed(0)]), 409, "manifest_not_approved")
                #expect(try ceremony.boot(approvedBy: [2])["approvals_counted"] == 2)
                #expect(ceremony.ephemeralKey == key)
                try ceremony.expectInfo(Course.born, received: 0)
                try Self.expectStrictShares(ceremony)
                _ = try expectSuccess(ceremony.inject([try ceremony.sealed(0)]))
                #expect(try expectSuccess(ceremony.inject([try ceremony.sealed(2)]))["state"] == "ApplicationReady")
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 2)
                for body in [
                    #"{"seed_type":"t","seed_data":"d"}"#, #"{"seed_type":"t","seed_data":"","passphrase":"p"}"#,
                ] {
                    try expectRefusal(gateway.post("/generate-seed", body), 422, "sealed_seed_required")
                }
                try expectSuccess(gateway.post("/generate-seed", "{}"))
            }
        }

        private static func expectStrictShares(_ ceremony: Ceremony) throws {
            let good = try ceremony.sealed(0)
            let older = JSON(bytes: try ceremony.order.shareMembers[0].key.sign(ceremony.manifestHash))
            let another = try #require(try ceremony.sealed(0)["approval"])
            for (share, reason) in [
                (try ceremony.plain(0), "sealed_share_required"),
                (Ceremony.plain("member1", try ceremony.encryptedShare(0)), "sealed_share_required"),
                (good.replacing(["approval"], with: nil), "approval_required"),
                (good.replacing(["approval", "signature"], with: older), "bad_approval"),
                (good.replacing(["approval"], with: another), "bad_approval"),
                (good.replacing(["member_alias"], with: "member2"), "bad_approval"),
            ] as [(JSON, JSON)] {
                try expectRefusal(ceremony.inject([share]), 422, reason)
            }
            try ceremony.expectInfo(Course.born, received: 0)
        }

        @Test("recovery needs enough approvals and the commitments, and a manifest that is held stays")
        func recovery() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace, Self.settings)
                var ceremony = try Ceremony.begin(pair.gateway, 2, of: 3)
                let other = try ceremony.bootBody(approvedBy: [0, 1]).replacing(
                    ["manifest_envelope", "manifest", "namespace", "nonce"], with: "1")
                try pair.restart()
                let before = try pair.gateway.get("/enclave/info").json()
                for (body, reason) in [
                    (try ceremony.bootBody(), "not_enough_approvals"),
                    (try ceremony.bootBody(approvedBy: [1]), "not_enough_approvals"),
                    (try ceremony.bootBody(approvedBy: [1, 1, 1]), "not_enough_approvals"),
                    (try ceremony.bootBody(approvedBy: [0, 1], hasCommitments: false), "bad_commitments"),
                    // The approvals are of another hash.
                    (other, "not_enough_approvals"),
                ] as [(JSON, JSON)] {
                    try expectRefusal(pair.gateway.post("/enclave/boot-standard", body.text), 422, reason)
                    #expect(try pair.gateway.get("/enclave/info").json() == before)
                }
                #expect(try ceremony.boot(approvedBy: [0, 1])["approvals_counted"] == 2)
                let manifest = try ManifestEnvelope.decode(
                    Array(try #require(other["manifest_envelope"]).text.utf8)
                ).manifest
                let approvals = try [0, 1].map { place in
                    let member = ceremony.order.manifestMembers[place]
                    return try JSON(Approval(of: manifest.hash(), alias: member.alias, key: member.key).encoded())
                }
                let approved = other.replacing(["manifest_envelope", "manifestSetApprovals"], with: .array(approvals))
                let refusal = try expectRefusal(
                    pair.gateway.post("/enclave/boot-standard", approved.text), 409, "wrong_state")
                #expect(refusal["state"] == "WaitingForQuorumShards")
                #expect(refusal["hint"]?.string?.contains("restart") == true)
                _ = try expectSuccess(ceremony.inject([try ceremony.sealed(0), try ceremony.sealed(1)]))
                try ceremony.expectInfo(Course.ready(after: Course.booted), received: 2)
            }
        }
    }
}
