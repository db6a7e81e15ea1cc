// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("shares that are brought")
    struct ShareInjection {
        /// A share with one bit changed.
        private static func spoiled(_ share: [UInt8], at index: Int = 32) -> [UInt8] {
            var share = share
            share[index] ^= 1
            return share
        }

        private static func verdict(_ alias: JSON, _ reason: JSON? = nil) -> JSON {
            let verdict: JSON = ["member_alias": alias, "accepted": .bool(reason == nil)]
            return reason.map { verdict.replacing(["reason"], with: $0) } ?? verdict
        }

        @Test("good and bad shares in one call are judged each on its own, and the good ones kept")
        func mixed() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 3, of: 5)
                let answer = try expectSuccess(
                    ceremony.inject([
                        Ceremony.plain("member1", Self.spoiled(try ceremony.share(0))), try ceremony.plain(1),
                        Ceremony.plain("stranger", try ceremony.share(2)), Ceremony.plain("member4", [1, 2, 3]),
                        Ceremony.plain("member5", try ceremony.encryptedShare(4)),
                    ]))
                #expect(answer.names == ["success", "state", "shares_received", "threshold", "shares", "hint"])
                #expect(answer["success"] == false && answer["state"] == "WaitingForQuorumShards")
                #expect(answer["shares_received"] == 1 && answer["threshold"] == 3)
                let verdicts: JSON = [
                    Self.verdict("member1", "bad_share"), Self.verdict("member2"),
                    Self.verdict("stranger", "unknown_member"), Self.verdict("member4", "bad_share"),
                    Self.verdict("member5", "share_still_encrypted"),
                ]
                #expect(answer["shares"] == verdicts)
                try ceremony.expectInfo(Course.born, received: 1)
                // Bad shares beside the last good ones do not keep the key from being rebuilt.
                let last = try expectSuccess(
                    ceremony.inject([
                        Ceremony.plain("member4", Self.spoiled(try ceremony.share(3))), try ceremony.plain(4),
                        try ceremony.plain(0), Ceremony.plain("member3", try ceremony.share(3)),
                    ]))
                #expect(last["state"] == "ApplicationReady" && last["success"] == true)
                #expect(last["shares"]?.array?.map { $0["accepted"] } == [false, true, true, false])
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 3)
            }
        }

        @Test("a call without a good share is refused with the first reason and every verdict, and changes nothing")
        func allBad() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 3)
                _ = try expectSuccess(ceremony.inject([try ceremony.plain(0)]))
                let before = try gateway.get("/enclave/info").json()
                let share = try ceremony.share(1)
                let cases: [(share: JSON, reason: JSON)] = [
                    (Ceremony.plain("nobody", share), "unknown_member"),
                    (Ceremony.plain("Member2", share), "unknown_member"),
                    (Ceremony.plain("member2", Self.spoiled(share)), "bad_share"),
                    (Ceremony.plain("member2", Self.spoiled(share, at: 0)), "bad_share"),
                    (Ceremony.plain("member2", [0] + share.dropFirst()), "bad_share"),
                    (Ceremony.plain("member2", share + [0]), "bad_share"),
                    (Ceremony.plain("member2", share.dropLast()), "bad_share"),
                    (Ceremony.plain("member2", [2]), "bad_share"),
                    (Ceremony.plain("member2", [UInt8](repeating: 0, count: 1024)), "bad_share"),
                    // Of another member, who holds it already or not.
                    (Ceremony.plain("member2", try ceremony.share(0)), "bad_share"),
                    (Ceremony.plain("member2", try ceremony.share(2)), "bad_share"),
                    // Another one than the member's own that is held.
                    (Ceremony.plain("member1", share), "bad_share"),
                    (Ceremony.plain("member2", try ceremony.encryptedShare(1)), "share_still_encrypted"),
                    (Ceremony.plain("member2", try ceremony.encryptedShare(2)), "share_still_encrypted"),
                ]
                for (share, reason) in cases {
                    let refusal = try expectRefusal(ceremony.inject([share]), 422, reason)
                    #expect(refusal["shares"] == [Self.verdict(share["member_alias"] ?? .null, reason)])
                    let isHinted = reason == "share_still_encrypted"
                    #expect((refusal["hint"]?.string?.contains("renclave share decrypt") == true) == isHinted)
                }
                let all = try expectRefusal(ceremony.inject(cases.map(\.share)), 422, "unknown_member")
                #expect(all["shares"]?.array?.map { $0["reason"] } == cases.map(\.reason))
                #expect(try gateway.get("/enclave/info").json() == before)
                #expect(try expectSuccess(ceremony.inject([try ceremony.plain(1)]))["state"] == "ApplicationReady")
            }
        }

        @Test("sealed shares are opened, and one that was not meant for this enclave or its member is refused")
        func sealed() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 3, of: 4)
                let good = try ceremony.sealed(0)
                let signature = try #require(good["approval"]?["signature"])
                let foreign = try ceremony.order.shareMembers[0].seal(
                    try ceremony.share(0), to: try Member(9).key.publicKey)
                let bare = good.replacing(["approval"], with: nil)
                let cases: [(JSON, JSON)] = [
                    (bare.replacing(["sealed_share"], with: JSON(bytes: foreign)), "bad_share"),
                    (bare.replacing(["sealed_share"], with: JSON(bytes: [1, 2, 3])), "bad_share"),
                    (
                        bare.replacing(["sealed_share"], with: JSON(bytes: try ceremony.encryptedShare(0))),
                        "share_still_encrypted"
                    ),
                    (bare.replacing(["member_alias"], with: "member2"), "bad_share"),
                    // An approval of another share, of another member, of nothing.
                    (try ceremony.sealed(0).replacing(["approval", "signature"], with: signature), "bad_approval"),
                    (good.replacing(["member_alias"], with: "member2"), "bad_approval"),
                    (
                        good.replacing(["approval", "signature"], with: JSON(bytes: [UInt8](repeating: 0, count: 64))),
                        "bad_approval"
                    ),
                ]
                for (share, reason) in cases {
                    try expectRefusal(ceremony.inject([share]), 422, reason)
                }
                try ceremony.expectInfo(Course.born, received: 0)
                _ = try expectSuccess(ceremony.inject([good]))
                _ = try expectSuccess(ceremony.inject([try ceremony.sealed(1).replacing(["approval"], with: nil)]))
                // QuorumOS's approval, of the manifest's hash alone.
                let member = ceremony.order.shareMembers[2]
                let older = try ceremony.sealed(2).replacing(
                    ["approval", "signature"], with: JSON(bytes: try member.key.sign(ceremony.manifestHash)))
                let last = try expectSuccess(ceremony.inject([older]))
                #expect(last["state"] == "ApplicationReady")
            }
        }

        @Test("shares for another namespace, or for another nonce of it, are refused and none is kept")
        func namespace() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 2)
                let body = ceremony.body([try ceremony.plain(0), try ceremony.plain(1)])
                for (field, value) in [
                    ("namespace_name", "qos-namespacE"), ("namespace_name", "qos-namespace "),
                    ("namespace_nonce", 12344),
                    ("namespace_nonce", 12346), ("namespace_nonce", 0),
                ] as [(String, JSON)] {
                    let wrong = body.replacing([.member(field)], with: value)
                    try expectRefusal(
                        gateway.post("/enclave/inject-shares", wrong.text), 422, "namespace_mismatch",
                        field: .string(field))
                }
                try ceremony.expectInfo(Course.born, received: 0)
                try ceremony.provision()
            }
        }

        @Test("the same share again is accepted and not counted twice, in one call, in the next, and in another form")
        func replays() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 2)
                let share = try ceremony.plain(0)
                for shares in [
                    [share, share, share], [share], [try ceremony.sealed(0)], [share, try ceremony.sealed(0)],
                ] {
                    let answer = try expectSuccess(ceremony.inject(shares))
                    #expect(answer["shares_received"] == 1 && answer["success"] == false)
                    #expect(answer["shares"]?.array?.allSatisfy { $0["accepted"] == true } == true)
                }
                try ceremony.expectInfo(Course.born, received: 1)
            }
        }

        @Test("one share from many connections at the same time counts once, and the last is taken once")
        func concurrent() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 3)
                let first = [try ceremony.plain(0)]
                for answer in try Threads.results(of: 8, { _ in try ceremony.inject(first) }) {
                    #expect(try expectSuccess(answer)["shares_received"] == 1)
                }
                try ceremony.expectInfo(Course.born, received: 1)
                let second = [try ceremony.plain(1)]
                let answers = try Threads.results(of: 8) { _ in try ceremony.inject(second) }
                let provided = answers.filter { $0.status == 200 }
                #expect(provided.count == 1)
                #expect(try provided.first?.json()["state"] == "ApplicationReady")
                for answer in answers where answer.status != 200 {
                    #expect(try expectRefusal(answer, 409, "wrong_state")["state"] == "ApplicationReady")
                }
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 2)
            }
        }

        private static let faults = [
            Fault("no shares", ["shares"], [], "out_of_range", "shares"),
            Fault("no list of them", ["shares"], nil, "missing_field", "shares"),
            Fault("no name", ["namespace_name"], nil, "missing_field", "namespace_name"),
            Fault("a share that is text", ["shares", 0], "x", "wrong_type", "shares[0]"),
            Fault("no alias", ["shares", 0, "member_alias"], nil, "missing_field", "shares[0].member_alias"),
            Fault("no share", ["shares", 0, "decrypted_share"], nil, "missing_field", "shares[0].sealed_share"),
            Fault(
                "an empty share", ["shares", 0, "decrypted_share"], [], "out_of_range",
                "shares[0].decrypted_share"),
            Fault(
                "both forms", ["shares", 0, "sealed_share"], "00", "unknown_field", "shares[0].sealed_share"),
            Fault(
                "an approval of what is not sealed", ["shares", 0, "approval"], [:], "unknown_field",
                "shares[0].approval"),
            Fault(
                "a byte of 256", ["shares", 0, "decrypted_share"], [256], "bad_encoding",
                "shares[0].decrypted_share"),
            Fault("an unknown field", ["shares", 0, "share"], [1], "unknown_field", "shares[0].share"),
        ]

        @Test("a body that is wrong is refused with its field, and none of its shares is kept")
        func body() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 2)
                for fault in Self.faults {
                    let body = ceremony.body([try ceremony.plain(0)]).replacing(fault.path, with: fault.value)
                    let answer = try gateway.post("/enclave/inject-shares", body.text)
                    try expectRefusal(answer, fault.status, fault.reason, field: .string(fault.field))
                }
                try ceremony.expectInfo(Course.born, received: 0)
            }
        }
    }
}
