// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import ProcessKit
import Quorum
import SecretMemory
import Testing

extension TwoProcesses {
    @Suite("a whole ceremony")
    struct WholeCeremony {
        @Test(
            "shares one by one make the enclave ready at the threshold and not before it",
            arguments: [(2, 3), (3, 5), (7, 7), (2, 2)]
        )
        func oneByOne(threshold: Int, count: Int) throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, threshold, of: count)
                try ceremony.expectInfo(Course.born, received: 0)
                // From the last member on, so that a place is not taken for an x.
                let places = (0..<count).reversed().prefix(threshold)
                for (number, place) in places.dropLast().enumerated() {
                    let answer = try expectSuccess(ceremony.inject([try ceremony.plain(place)]))
                    #expect(answer == Self.partial(ceremony, [place], received: number + 1))
                    try ceremony.expectInfo(Course.born, received: number + 1)
                }
                let last = try #require(places.last)
                let answer = try expectSuccess(ceremony.inject([try ceremony.plain(last)]))
                #expect(answer == Self.whole(ceremony, [last], received: threshold))
                try ceremony.expectInfo(Course.ready(after: Course.born), received: threshold)
            }
        }

        @Test("sealed and approved shares in one call make the enclave ready, more than are needed too")
        func sealedAtOnce() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 3)
                let answer = try expectSuccess(ceremony.inject(try (0..<3).map { try ceremony.sealed($0) }))
                #expect(answer == Self.whole(ceremony, [0, 1, 2], received: 3))
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 3)
            }
        }

        private static func partial(_ ceremony: Ceremony, _ accepted: [Int], received: Int) -> JSON {
            [
                "success": false, "state": "WaitingForQuorumShards", "shares_received": .number(Double(received)),
                "threshold": .number(Double(ceremony.threshold)), "shares": verdicts(ceremony, accepted),
            ]
        }

        private static func whole(_ ceremony: Ceremony, _ accepted: [Int], received: Int) -> JSON {
            [
                "success": true, "state": "ApplicationReady", "shares_received": .number(Double(received)),
                "threshold": .number(Double(ceremony.threshold)), "shares": verdicts(ceremony, accepted),
                "reconstructed_quorum_key": JSON(bytes: ceremony.quorumKey.bytes),
            ]
        }

        private static func verdicts(_ ceremony: Ceremony, _ accepted: [Int]) -> JSON {
            .array(
                accepted.map {
                    ["member_alias": .string(ceremony.order.shareMembers[$0].alias), "accepted": true]
                })
        }

        // MARK: What a genesis gives

        @Test("the answer to a genesis has the contract's members, and they agree with one another")
        func genesisAnswer() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let before = try gateway.get("/enclave/info").json()
                let ceremony = try Ceremony.begin(gateway, 2, of: 3)
                let genesis = ceremony.genesis
                #expect(
                    genesis.names == [
                        "quorum_public_key", "ephemeral_key", "manifest_envelope", "manifest_hash", "waiting_state",
                        "threshold", "encrypted_shares", "share_commitments", "genesis_output", "attestation_doc",
                    ])
                #expect(genesis["waiting_state"] == "WaitingForQuorumShards")
                #expect(genesis["threshold"] == 2)
                #expect(ceremony.quorumKey != ceremony.ephemeralKey)
                try Self.checkManifest(ceremony, before)
                try Self.checkShares(ceremony)
                try Self.checkCommitments(ceremony)
                let key = try ceremony.key()
                #expect(key.publicKey == ceremony.quorumKey)
                let output = try GenesisOutput.decode(try #require(genesis["genesis_output"]?.bytes))
                #expect(output.quorumKey == ceremony.quorumKey.bytes)
                #expect(output.threshold == 2)
                #expect(output.wrappedQuorumKey == nil)
                #expect(try output.quorumKeyHash == key.seedHash())
                #expect(
                    try output.memberOutputs.map(\.encryptedShare) == (0..<3).map { try ceremony.encryptedShare($0) })
                try ceremony.quorumKey.verify(output.testMessageSignature, of: output.testMessage)
                let message = try key.open(output.testMessageCiphertext, memory: .guarded).copied()
                #expect(message == output.testMessage && message == Array("qos-test-message".utf8))
            }
        }

        private static func checkManifest(_ ceremony: Ceremony, _ info: JSON) throws {
            let json = try #require(ceremony.genesis["manifest_envelope"])
            #expect(json.names == ["manifest", "manifestSetApprovals", "shareSetApprovals"])
            let envelope = try ManifestEnvelope.decode(Array(json.text.utf8))
            #expect(envelope.manifest.hash() == ceremony.manifestHash)
            #expect(envelope.manifestSetApprovals.isEmpty && envelope.shareSetApprovals.isEmpty)
            let manifest = try #require(json["manifest"])
            #expect(manifest["version"] == "v2")
            #expect(manifest["namespace"]?["name"] == "qos-namespace")
            #expect(manifest["namespace"]?["nonce"] == "12345")
            #expect(manifest["namespace"]?["quorumKey"]?.string == Hex.encode(ceremony.quorumKey.bytes))
            #expect(manifest["shareSet"]?["threshold"] == "2")
            #expect(manifest["shareSet"]?["members"]?.array?.map { $0["alias"] } == ["member1", "member2", "member3"])
            let pivot = try #require(manifest["pivot"])
            #expect(pivot.names == ["hash", "restart", "bridgeConfig", "debugMode", "args"])
            #expect(pivot["hash"]?.string == info["application_hash"]?.bytes.map { Hex.encode($0) })
            #expect(pivot["restart"] == "Never")
            #expect(pivot["bridgeConfig"] == [] && pivot["debugMode"] == false && pivot["args"] == [])
            #expect(manifest["enclave"]?["qosCommit"]?.string == info["version"]?.string.map { "renclave \($0)" })
            let root = try #require(manifest["enclave"]?["awsRootCertificate"]?.string)
            let digest = SHA256.digest(try #require(Hex.decode(root)))
            #expect(info["attestation_root"]?.string == Hex.encode(digest))
        }

        private static func checkShares(_ ceremony: Ceremony) throws {
            let shares = try #require(ceremony.genesis["encrypted_shares"]?.array)
            #expect(shares.count == 3)
            for (place, share) in shares.enumerated() {
                #expect(share.names == ["share_set_member", "encrypted_quorum_key_share", "share_hash"])
                let member = ceremony.order.shareMembers[place]
                let expected: JSON = [
                    "alias": .string(member.alias), "pub_key": JSON(bytes: member.key.publicKey.bytes),
                ]
                #expect(share["share_set_member"] == expected)
                #expect(share["encrypted_quorum_key_share"]?.bytes?.count == 130)
                let opened = try ceremony.share(place)
                #expect(opened.count == 33 && Int(opened[0]) == place + 1)
                #expect(share["share_hash"]?.bytes == SHA512.digest(opened))
            }
        }

        private static func checkCommitments(_ ceremony: Ceremony) throws {
            let json = try #require(ceremony.genesis["share_commitments"])
            #expect(
                json.names == [
                    "namespace_name", "namespace_nonce", "manifest_hash", "quorum_public_key", "threshold", "epoch",
                    "shares", "signature",
                ])
            #expect(json["epoch"] == 0)
            var entries: [ShareCommitments.Entry] = []
            for (place, entry) in try #require(json["shares"]?.array).enumerated() {
                #expect(entry.names == ["x", "alias", "pub_key", "share_hash"])
                #expect(entry["share_hash"] == ceremony.genesis["encrypted_shares"]?[place]?["share_hash"])
                let alias = try #require(entry["alias"]?.string)
                let key = try #require(entry["pub_key"]?.bytes)
                entries.append(
                    .init(
                        identifier: UInt8(try #require(entry["x"]?.int)),
                        member: QuorumMember(alias: alias, publicKey: key),
                        shareHash: try #require(entry["share_hash"]?.bytes)))
            }
            let commitments = ShareCommitments(
                namespaceName: try #require(json["namespace_name"]?.string),
                namespaceNonce: UInt32(try #require(json["namespace_nonce"]?.int)),
                manifestHash: try #require(json["manifest_hash"]?.bytes),
                quorumPublicKey: try #require(json["quorum_public_key"]?.bytes),
                threshold: UInt32(try #require(json["threshold"]?.int)), epoch: 0, shares: entries,
                signature: try #require(json["signature"]?.bytes))
            let envelope = try ManifestEnvelope.decode(
                Array(try #require(ceremony.genesis["manifest_envelope"]).text.utf8))
            try commitments.check(against: CheckedManifest(envelope.manifest))
        }

        @Test("a recovery key gets the master seed, sealed to it")
        func recoveryKey() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                var order = GenesisOrder(2, of: try Member.group(of: 3))
                let recovery = try Member(9)
                order.recoveryKey = recovery
                let ceremony = try Ceremony.begin(gateway, order)
                let wrapped = try #require(ceremony.genesis["dr_key_wrapped_quorum_key"]?.bytes)
                #expect(wrapped.count == 129)
                let seed = try recovery.open(wrapped)
                #expect(try QuorumKeyPair(seed: seed.span).publicKey == ceremony.quorumKey)
                try ceremony.provision()
            }
        }

        @Test("the answer of a genesis repeats byte for byte until the key is provisioned, and a second one is refused")
        func repeated() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                try expectRefusal(gateway.get("/enclave/genesis"), 404, "no_genesis")
                try expectRefusal(gateway.get("/enclave/manifest"), 404, "no_manifest")
                let order = GenesisOrder(2, of: try Member.group(of: 3))
                let first = try gateway.post("/enclave/genesis-boot", order.flat.text)
                let ceremony = try Ceremony(gateway: gateway, order: order, genesis: expectSuccess(first))
                for _ in 0..<3 { #expect(try gateway.get("/enclave/genesis").body == first.body) }
                try Self.expectManifest(ceremony)

                let second = try expectRefusal(
                    gateway.post("/enclave/genesis-boot", order.flat.text), 409, "wrong_state")
                #expect(second["state"] == "WaitingForQuorumShards")
                #expect(second["allowed_states"] == ["WaitingForBootInstruction"])
                #expect(try gateway.get("/enclave/genesis").body == first.body)
                _ = try expectSuccess(ceremony.inject([try ceremony.plain(0)]))
                #expect(try gateway.get("/enclave/genesis").body == first.body)
                _ = try expectSuccess(ceremony.inject([try ceremony.plain(2)]))

                try expectRefusal(gateway.get("/enclave/genesis"), 404, "no_genesis")
                try Self.expectManifest(ceremony)
                let third = try expectRefusal(
                    gateway.post("/enclave/genesis-boot", order.flat.text), 409, "wrong_state")
                #expect(third["state"] == "ApplicationReady")
                let more = try expectRefusal(ceremony.inject([try ceremony.plain(1)]), 409, "wrong_state")
                #expect(more["state"] == "ApplicationReady")
                #expect(more["allowed_states"] == ["WaitingForQuorumShards"])
                let boot = try gateway.post("/enclave/boot-standard", ceremony.bootBody().text)
                #expect(try expectRefusal(boot, 409, "wrong_state")["state"] == "ApplicationReady")
                try ceremony.expectInfo(Course.ready(after: Course.born), received: 2)
            }
        }

        private static func expectManifest(_ ceremony: Ceremony) throws {
            let held = try expectSuccess(ceremony.gateway.get("/enclave/manifest"))
            #expect(held.names == ["manifest_envelope", "manifest_hash", "share_commitments"])
            for name in held.names { #expect(held[name] == ceremony.genesis[name]) }
        }

        @Test("two geneses at the same time: one is held, and everyone who asks gets its answer")
        func race() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let body = GenesisOrder(2, of: try Member.group(of: 3)).flat.text
                let answers = try Threads.results(of: 6) { _ in try gateway.post("/enclave/genesis-boot", body) }
                let held = answers.filter { $0.status == 200 }
                #expect(held.count == 1)
                for answer in answers where answer.status != 200 { try expectRefusal(answer, 409, "wrong_state") }
                #expect(try gateway.get("/enclave/genesis").body == held.first?.body)
            }
        }

        // MARK: Methods

        private static let wrongMethods = [
            ("GET", "/enclave/genesis-boot", "POST"), ("PUT", "/enclave/inject-shares", "POST"),
            ("DELETE", "/enclave/boot-standard", "POST"), ("POST", "/enclave/genesis", "GET, HEAD"),
            ("PATCH", "/enclave/manifest", "GET, HEAD"),
        ]

        @Test("another method on a path of the ceremony tells the call, the state and the manifest that is held")
        func methods() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                try Self.expectWrongMethods(gateway, "WaitingForBootInstruction", manifestHash: nil)
                let ceremony = try Ceremony.begin(gateway, 2, of: 2)
                let hash = ceremony.manifestHash
                try Self.expectWrongMethods(gateway, "WaitingForQuorumShards", manifestHash: hash)
                try ceremony.provision()
                try Self.expectWrongMethods(gateway, "ApplicationReady", manifestHash: hash)
            }
        }

        private static func expectWrongMethods(
            _ gateway: RunningGateway, _ state: JSON, manifestHash: [UInt8]?
        ) throws {
            for (method, target, allowed) in wrongMethods {
                let answer = try gateway.answer(to: HTTPCall(method, target))
                #expect(answer[header: "allow"] == allowed)
                let body = try expectRefusal(answer, 405, "method_not_allowed")
                #expect(body["state"] == state)
                #expect(body["manifest_hash"]?.bytes == manifestHash)
                #expect(body["error"]?.string?.contains("curl") == true)
                #expect(body["error"]?.string?.contains(target) == true)
            }
        }
    }
}
