// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("recovery by boot-standard")
    struct Recovery {
        private static let derivations: [JSON] = [
            ["seed_type": "wallet", "seed_data": "1"],
            ["seed_type": "wallet", "seed_data": "", "strength": 128],
            ["seed_type": "wallet", "seed_data": "1", "strength": 160, "language": "japanese"],
            ["seed_type": "wällt", "seed_data": "é\u{301}\n", "strength": 192, "language": "spanish"],
            ["seed_type": "wallet", "seed_data": "1", "strength": 224, "language": "korean", "passphrase": "naïve"],
            ["seed_type": "t", "seed_data": "d", "language": "chinese_traditional", "passphrase": ""],
        ]

        /// Derives each seed, and expects its entropy to be that of the key that the members hold.
        private static func derive(_ ceremony: Ceremony) throws -> [JSON] {
            let seeds = try SeedDerivation(from: try ceremony.key(), namespaceName: ceremony.order.namespaceName)
            return try derivations.map { request in
                let answer = try expectSuccess(ceremony.gateway.post("/generate-seed", request.text))
                let strength = request["strength"]?.int ?? 256
                var entropy = [UInt8](repeating: 0, count: strength / 8)
                var span = entropy.mutableSpan
                seeds.derive(
                    type: try #require(request["seed_type"]?.string),
                    data: try #require(request["seed_data"]?.string), into: &span)
                #expect(answer["entropy"]?.string == Hex.encode(entropy))
                #expect(answer["seed_type"] == request["seed_type"] && answer["deterministic"] == true)
                #expect(answer["strength"]?.int == strength && answer["language"] == request["language"])
                #expect((answer["seed"] != nil) == (request["passphrase"] != nil))
                let phrase = JSON.object(["seed_phrase": try #require(answer["seed_phrase"])])
                let verdict = try expectSuccess(ceremony.gateway.post("/validate-seed", phrase.text))
                #expect(verdict["valid"] == true && verdict["strength"]?.int == strength)
                return answer
            }
        }

        @Test("killed when it was ready, it comes back with the same key and the same seeds, as often as needed")
        func afterReady() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace)
                var ceremony = try Ceremony.begin(pair.gateway, 2, of: 3)
                try ceremony.provision()
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 2)
                let before = try Self.derive(ceremony)
                for round in 0..<3 {
                    try pair.restart()
                    let earlier = ceremony.ephemeralKey
                    // Without commitments too, where the last share alone tells whether all were good.
                    let booted = try ceremony.boot(hasCommitments: round != 1)
                    #expect(
                        booted.names == ["state", "ephemeral_key", "manifest_hash", "threshold", "approvals_counted"])
                    #expect(booted["state"] == "WaitingForQuorumShards" && booted["threshold"] == 2)
                    #expect(booted["manifest_hash"]?.bytes == ceremony.manifestHash)
                    #expect(booted["approvals_counted"] == 0)
                    #expect(ceremony.ephemeralKey != earlier)
                    try expectRefusal(pair.gateway.get("/enclave/genesis"), 404, "no_genesis")
                    try ceremony.expectInfo(Course.booted, received: 0)
                    // Any members, in either form.
                    _ = try expectSuccess(ceremony.inject([try ceremony.plain((round + 1) % 3)]))
                    try ceremony.expectInfo(Course.booted, received: 1)
                    let last = try expectSuccess(ceremony.inject([try ceremony.sealed((round + 2) % 3)]))
                    #expect(last["reconstructed_quorum_key"]?.bytes == ceremony.quorumKey.bytes)
                    try ceremony.expectInfo(Course.ready(after: Course.booted), received: 2)
                    #expect(try Self.derive(ceremony) == before)
                }
                #expect(pair.gateway.process.isRunning)
            }
        }

        @Test("killed before the genesis, after it, and after one share, it loses nothing that the members saved")
        func earlier() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace)
                try pair.restart()
                var ceremony = try Ceremony.begin(pair.gateway, 2, of: 3)
                let sealedToTheFirst = try ceremony.sealed(0)
                try pair.restart()
                _ = try ceremony.boot()
                _ = try expectSuccess(ceremony.inject([try ceremony.plain(0)]))
                try ceremony.expectInfo(Course.booted, received: 1)
                try pair.restart()
                _ = try ceremony.boot()
                try ceremony.expectInfo(Course.booted, received: 0)
                // What was sealed to an enclave that is gone opens nowhere, and its approval approves nothing here.
                try expectRefusal(ceremony.inject([sealedToTheFirst]), 422, "bad_approval")
                let bare = sealedToTheFirst.replacing(["approval"], with: nil)
                try expectRefusal(ceremony.inject([bare]), 422, "bad_share")
                let encrypted = Ceremony.plain("member1", try ceremony.encryptedShare(0))
                try expectRefusal(ceremony.inject([encrypted]), 422, "share_still_encrypted")
                try ceremony.provision()
                try ceremony.expectInfo(Course.ready(after: Course.booted), received: 2)
                _ = try Self.derive(ceremony)
            }
        }

        @Test("without commitments a wrong share shows at the threshold; all are dropped, and the next good ones serve")
        func keyMismatch() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace)
                var ceremony = try Ceremony.begin(pair.gateway, 2, of: 3)
                try pair.restart()
                _ = try ceremony.boot(hasCommitments: false)
                let held = try expectSuccess(pair.gateway.get("/enclave/manifest"))
                #expect(held.names == ["manifest_envelope", "manifest_hash"])
                var wrong = try ceremony.share(0)
                wrong[5] ^= 0x80
                _ = try expectSuccess(ceremony.inject([Ceremony.plain("member1", wrong)]))
                let twin = Ceremony.plain("member2", [1] + (try ceremony.share(1)).dropFirst())
                try expectRefusal(ceremony.inject([twin]), 422, "bad_share")
                let refusal = try expectRefusal(ceremony.inject([try ceremony.plain(1)]), 422, "key_mismatch")
                #expect(refusal["state"] == "WaitingForQuorumShards")
                #expect(refusal["shares"]?.array?.map { $0["accepted"] } == [true])
                try ceremony.expectInfo(Course.booted, received: 0)
                try ceremony.provision()
                try ceremony.expectInfo(Course.ready(after: Course.booted), received: 2)
            }
        }

        @Test("approvals are counted once for each member, and more of them are added to the manifest that is held")
        func approvals() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace)
                var ceremony = try Ceremony.begin(pair.gateway, 2, of: 3)
                let first = ceremony.ephemeralKey
                for (places, counted) in [([], 0), ([1], 1), ([1, 1], 1), ([2], 2), ([0, 1, 2], 3)] as [([Int], Int)] {
                    #expect(try ceremony.boot(approvedBy: places)["approvals_counted"]?.int == counted)
                    #expect(ceremony.ephemeralKey == first)
                }
                try ceremony.expectInfo(Course.born, received: 0)
                let held = try expectSuccess(pair.gateway.get("/enclave/manifest"))
                #expect(held["manifest_envelope"]?["manifestSetApprovals"]?.array?.count == 3)
                // A stranger's approval and a false one do not count, and spoil nothing.
                let stranger = try Member(9)
                let others = try ceremony.manifest(approvedBy: [0])["manifestSetApprovals"]?.array ?? []
                let foreign = try JSON(
                    Approval(of: ceremony.manifestHash, alias: "member9", key: stranger.key).encoded())
                let approvals = [foreign, others[0].replacing(["signature"], with: foreign["signature"])] + others
                try pair.restart()
                let body = try ceremony.bootBody().replacing(
                    ["manifest_envelope", "manifestSetApprovals"], with: .array(approvals))
                let booted = try expectSuccess(pair.gateway.post("/enclave/boot-standard", body.text))
                #expect(booted["approvals_counted"] == 1)
            }
        }

        private static let wrongManifests =
            [
                Fault(
                    "another pivot", ["manifest", "pivot", "hash"], .string(digits(32)), "pivot_mismatch",
                    "manifest.pivot.hash"),
                Fault(
                    "pivot arguments", ["manifest", "pivot", "args"], ["-v"], "pivot_mismatch", "manifest.pivot.args"),
                Fault(
                    "a pivot environment", ["manifest", "pivot", "env"], ["A": ["plain": ["value": "b"]]],
                    "pivot_mismatch",
                    "manifest.pivot.env"),
                Fault(
                    "another root", ["manifest", "enclave", "awsRootCertificate"], "3082", "measurement_mismatch",
                    "manifest.enclave.awsRootCertificate"),
                Fault(
                    "threshold 1", ["manifest", "shareSet", "threshold"], "1", "bad_manifest",
                    "manifest.shareSet.threshold"),
                Fault(
                    "threshold 9", ["manifest", "manifestSet", "threshold"], "9", "bad_manifest",
                    "manifest.manifestSet.threshold"),
                Fault(
                    "an alias twice", ["manifest", "shareSet", "members", 0, "alias"], "member2", "bad_manifest",
                    "manifest.shareSet.members[1].alias"),
                Fault(
                    "no point", ["manifest", "shareSet", "members", 0, "pubKey"], .string(digits(130)), "bad_manifest",
                    "manifest.shareSet.members[0].pubKey"),
                Fault(
                    "no quorum key", ["manifest", "namespace", "quorumKey"], "", "bad_manifest",
                    "manifest.namespace.quorumKey"),
                Fault("another version", ["manifest", "version"], "v3", "bad_manifest", ""),
                Fault("an unknown member", ["manifest", "extra"], true, "bad_manifest", ""),
                Fault("one deep inside", ["manifest", "namespace", "extra"], "", "bad_manifest", ""),
                Fault("no share set", ["manifest", "shareSet"], nil, "bad_manifest", ""),
                Fault("a nonce of 33 bits", ["manifest", "namespace", "nonce"], "4294967296", "bad_manifest", ""),
                Fault("an empty envelope", [], [:], "bad_manifest", ""),
            ]
            + (0..<4).map {
                Fault(
                    "another PCR\($0)", ["manifest", "enclave", .member("pcr\($0)")], .string(digits(48)),
                    "measurement_mismatch", "manifest.enclave.pcr\($0)")
            }

        private static func digits(_ count: Int) -> String { String(repeating: "5a", count: count) }

        @Test("manifests that are not for this enclave, or that contradict themselves, are refused and change nothing")
        func wrongManifest() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace)
                var ceremony = try Ceremony.begin(pair.gateway, 2, of: 3)
                try pair.restart()
                for isHeld in [false, true] {
                    if isHeld { _ = try ceremony.boot() }
                    let before = try pair.gateway.get("/enclave/info").json()
                    for fault in Self.wrongManifests {
                        let path: [JSONStep] = ["manifest_envelope"] + fault.path
                        let body = try ceremony.bootBody(hasCommitments: false).replacing(path, with: fault.value)
                        let field = fault.field.isEmpty ? "" : ".\(fault.field)"
                        try expectRefusal(
                            pair.gateway.post("/enclave/boot-standard", body.text), 422, fault.reason,
                            field: .string("manifest_envelope\(field)"))
                        #expect(try pair.gateway.get("/enclave/info").json() == before, "\(fault.name)")
                    }
                    let shareApproved = try ceremony.bootBody().replacing(
                        ["manifest_envelope", "shareSetApprovals"],
                        with: ceremony.manifest(approvedBy: [0])["manifestSetApprovals"])
                    try expectRefusal(
                        pair.gateway.post("/enclave/boot-standard", shareApproved.text), 422, "bad_manifest")
                    #expect(try pair.gateway.get("/enclave/info").json() == before)
                }
                try ceremony.provision()
            }
        }

        private static let wrongCommitments = [
            Fault("another epoch", ["epoch"], 1, "bad_commitments", ""),
            Fault("another threshold", ["threshold"], 3, "bad_commitments", ""),
            Fault("another name", ["namespace_name"], "qos-namespacf", "bad_commitments", ""),
            Fault("another nonce", ["namespace_nonce"], 1, "bad_commitments", ""),
            Fault("another manifest", ["manifest_hash"], .string(digits(32)), "bad_commitments", ""),
            Fault("another key", ["quorum_public_key"], .string(digits(130)), "bad_commitments", ""),
            Fault("another hash", ["shares", 1, "share_hash"], .string(digits(64)), "bad_commitments", ""),
            Fault("another alias", ["shares", 1, "alias"], "member9", "bad_commitments", ""),
            Fault("an x twice", ["shares", 1, "x"], 1, "bad_commitments", ""),
            Fault("a share less", ["shares", 2], nil, "bad_commitments", ""),
            Fault("another signature", ["signature"], .string(digits(64)), "bad_commitments", ""),
            Fault("no signature", ["signature"], nil, "missing_field", "signature"),
            Fault("x 0", ["shares", 0, "x"], 0, "out_of_range", "shares[0].x"),
            Fault("an unknown field", ["note"], "", "unknown_field", "note"),
        ]

        @Test("commitments that do not hold are refused with the manifest, and change nothing")
        func wrongCommitment() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace)
                let ceremony = try Ceremony.begin(pair.gateway, 2, of: 3)
                try pair.restart()
                let before = try pair.gateway.get("/enclave/info").json()
                for fault in Self.wrongCommitments {
                    let body = try ceremony.bootBody().replacing(["share_commitments"] + fault.path, with: fault.value)
                    let field = fault.field.isEmpty ? "" : ".\(fault.field)"
                    try expectRefusal(
                        pair.gateway.post("/enclave/boot-standard", body.text), fault.status, fault.reason,
                        field: .string("share_commitments\(field)"))
                    #expect(try pair.gateway.get("/enclave/info").json() == before, "\(fault.name)")
                }
            }
        }

        /// The saved manifest with another nonce: another hash, for the same key.
        private static func later(_ ceremony: Ceremony) throws -> JSON {
            try ceremony.bootBody(hasCommitments: false).replacing(
                ["manifest_envelope", "manifest", "namespace", "nonce"], with: "12346")
        }

        @Test("where a share is held, no manifest is taken, not even the same one")
        func shareHeld() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 3)
                _ = try expectSuccess(ceremony.inject([try ceremony.plain(0)]))
                let before = try gateway.get("/enclave/info").json()
                for body in [try Self.later(ceremony), try ceremony.bootBody()] {
                    let answer = try gateway.post("/enclave/boot-standard", body.text)
                    let refusal = try expectRefusal(answer, 409, "wrong_state")
                    #expect(refusal["state"] == "WaitingForQuorumShards")
                    #expect(refusal["allowed_states"]?.array?.isEmpty == false)
                }
                #expect(try gateway.get("/enclave/info").json() == before)
            }
        }

        @Test("where no share is held, another manifest replaces the one that is, and the shares serve under it")
        func replacement() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 3)
                let body = try Self.later(ceremony)
                let booted = try expectSuccess(gateway.post("/enclave/boot-standard", body.text))
                #expect(booted["manifest_hash"]?.bytes != ceremony.manifestHash)
                #expect(booted["ephemeral_key"]?.bytes != ceremony.ephemeralKey.bytes)
                try expectRefusal(gateway.get("/enclave/genesis"), 404, "no_genesis")
                let info = try gateway.get("/enclave/info").json()
                #expect(info["namespace"]?["nonce"] == 12346)
                #expect(info["manifest_hash"] == booted["manifest_hash"])
                try expectRefusal(ceremony.inject([try ceremony.plain(0)]), 422, "namespace_mismatch")
                var order = ceremony.order
                order.namespaceNonce = 12346
                try Ceremony(gateway: gateway, order: order, genesis: ceremony.genesis).provision()
                #expect(try gateway.get("/enclave/info").json()["quorum_public_key"]?.bytes == ceremony.quorumKey.bytes)
            }
        }
    }
}
