// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("forwarding that is refused")
    struct RefusedForwarding {
        /// Expects that requests are refused and change nothing on any of some instances.
        private static func expectUnchanged(_ pairs: [RestartablePair], _ body: () throws -> Void) throws {
            let before = try pairs.map { try $0.info() }
            try body()
            #expect(try pairs.map { try $0.info() } == before)
        }

        @Test("each call is refused in every state but its own, and tells which that is")
        func wrongStates() throws {
            try Fleet.with(3) { pairs in
                let ceremony = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take([.manifest, .shareManifest, .challenge, .attestation, .export])
                _ = try Ceremony.begin(pairs[2].gateway, 2, of: 3)
                let (ready, waiting, shards) = (pairs[0].gateway, pairs[1].gateway, pairs[2].gateway)
                let bodies = [
                    "share-manifest": exchange.sharedManifest, "export-challenge": [:],
                    "export-key": exchange.exportRequest, "inject-key": exchange.exported,
                ]
                let forwarded: [JSON] = ["WaitingForForwardedKey"]
                try Self.expectUnchanged(pairs) {
                    for (gateway, state, call, allowed) in [
                        (ready, "ApplicationReady", "share-manifest", ["WaitingForBootInstruction"] + forwarded),
                        (ready, "ApplicationReady", "inject-key", forwarded),
                        (waiting, "WaitingForForwardedKey", "export-challenge", ["ApplicationReady"]),
                        (waiting, "WaitingForForwardedKey", "export-key", ["ApplicationReady"]),
                        (shards, "WaitingForQuorumShards", "share-manifest", ["WaitingForBootInstruction"] + forwarded),
                        (shards, "WaitingForQuorumShards", "export-challenge", ["ApplicationReady"]),
                        (shards, "WaitingForQuorumShards", "export-key", ["ApplicationReady"]),
                        (shards, "WaitingForQuorumShards", "inject-key", forwarded),
                    ] as [(RunningGateway, JSON, String, [JSON])] {
                        let body = try #require(bodies[call])
                        let refusal = try expectRefusal(
                            gateway.post("/enclave/\(call)", body.text), 409, "wrong_state")
                        #expect(refusal["state"] == state, "\(call)")
                        #expect(refusal["allowed_states"] == .array(allowed), "\(call)")
                    }
                    let order = ceremony.order.flat.text
                    let boot = try ceremony.bootBody().text
                    let shares = ceremony.body([try ceremony.plain(0)]).text
                    for (call, body) in [("genesis-boot", order), ("boot-standard", boot), ("inject-shares", shares)] {
                        let refusal = try expectRefusal(
                            waiting.post("/enclave/\(call)", body), 409, "wrong_state")
                        #expect(refusal["state"] == "WaitingForForwardedKey", "\(call)")
                    }
                }
                try exchange.take(.injection)
                try expectRefusal(exchange.answer(to: .injection), 409, "wrong_state")
                try expectRefusal(exchange.answer(to: .shareManifest), 409, "wrong_state")
            }
        }

        @Test("an enclave before its boot instruction takes no key")
        func notBooted() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let key: JSON = [
                    "encrypted_quorum_key": JSON(bytes: [UInt8](repeating: 4, count: 129)),
                    "signature": JSON(bytes: [UInt8](repeating: 1, count: 64)),
                ]
                let refusal = try expectRefusal(gateway.post("/enclave/inject-key", key.text), 409, "wrong_state")
                #expect(refusal["state"] == "WaitingForBootInstruction")
                #expect(refusal["allowed_states"] == ["WaitingForForwardedKey"])
            }
        }

        // MARK: Documents

        @Test("documents that are not of a waiting enclave, not fresh, or not as they were signed give no key")
        func documents() throws {
            try Fleet.with(3) { pairs in
                var ceremony = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take([.manifest, .shareManifest, .challenge, .attestation])
                let document = try #require(exchange.document.bytes)
                let nonce = exchange.nonce

                func expect(
                    _ document: [UInt8], _ reason: JSON, sourceLocation: SourceLocation = #_sourceLocation
                ) throws {
                    var other = exchange
                    other.document = JSON(bytes: document)
                    try expectRefusal(other.answer(to: .export), 422, reason, sourceLocation: sourceLocation)
                }
                /// A document of an instance, with a challenge of its own.
                func attested(by pair: RestartablePair) throws -> [UInt8] {
                    var other = Exchange(from: pairs[0].gateway, to: pair.gateway)
                    try other.take([.challenge, .attestation])
                    return try #require(other.document.bytes)
                }

                try Self.expectUnchanged(pairs) {
                    try expect(document.dropLast(), "bad_attestation")
                    try expect(document + [0], "bad_attestation")
                    try expect([0xD2], "bad_attestation")
                    for place in stride(from: 5, to: document.count, by: document.count / 7) {
                        var changed = document
                        changed[place] ^= 1
                        var other = exchange
                        other.document = JSON(bytes: changed)
                        let answer = try other.answer(to: .export)
                        #expect(answer.status == 422, "byte \(place): \(answer.text.prefix(200))")
                        let reason = try #require(try answer.json()["reason"]?.string)
                        #expect(["bad_attestation", "untrusted_attestation"].contains(reason), "byte \(place)")
                    }
                    // Of an enclave before its boot instruction, and of one that has its key.
                    try expect(try attested(by: pairs[2]), "not_a_setup_document")
                    try expect(try attested(by: pairs[0]), "not_a_setup_document")
                    // With a nonce that nobody gave out.
                    var guess = exchange
                    guess.nonce = JSON(bytes: [UInt8](repeating: 7, count: 32))
                    try guess.take(.attestation)
                    try expect(try #require(guess.document.bytes), "bad_nonce")
                }

                // The challenge is still good after all that, once.
                exchange.nonce = nonce
                try exchange.take(.export)
                try expectRefusal(exchange.answer(to: .export), 422, "bad_nonce", field: "attestation_doc.nonce")

                // A challenge of an enclave that is gone is one of nobody's.
                try exchange.take([.challenge, .attestation])
                try pairs[0].restart()
                try ceremony.recover()
                try expectRefusal(exchange.answer(to: .export), 422, "bad_nonce")
            }
        }

        // MARK: Manifests

        /// Members of a manifest that is no update of the one that the source has.
        private static let strangers = [
            Fault("a lower nonce", ["namespace", "nonce"], "12344", "lower_nonce", "namespace.nonce"),
            Fault("the same nonce", ["enclave", "qosCommit"], "another text", "lower_nonce", "namespace.nonce"),
            Fault("another namespace", ["namespace", "name"], "qos-namespacf", "other_namespace", "namespace.name"),
            Fault(
                "another manifest threshold", ["manifestSet", "threshold"], "1", "other_manifest_set", "manifestSet"),
            Fault("a manifest member less", ["manifestSet", "members", 2], nil, "other_manifest_set", "manifestSet"),
            Fault("another share threshold", ["shareSet", "threshold"], "3", "share_set_changed", "shareSet"),
            Fault("a share member less", ["shareSet", "members", 2], nil, "share_set_changed", "shareSet"),
            Fault("a later nonce", ["namespace", "nonce"], "12346", "not_enough_approvals", ""),
        ]

        @Test("an enclave with a manifest that is no approved update gets no key, whatever it attests")
        func manifests() throws {
            try Fleet.with(2) { pairs in
                let ceremony = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                let own = try exchange.take(.manifest)
                let before = try pairs[0].info()
                for fault in Self.strangers {
                    exchange.manifest = ["manifest_envelope": exchange.envelope]
                    let path: [JSONStep] = ["manifest_envelope", "manifest"] + fault.path
                    exchange.manifest = exchange.manifest.replacing(path, with: fault.value)
                    try exchange.take([.shareManifest, .challenge, .attestation])
                    let field = fault.field.isEmpty ? "manifestSetApprovals" : "manifest.\(fault.field)"
                    try expectRefusal(
                        exchange.answer(to: .export), 422, fault.reason, field: .string("manifest_envelope.\(field)"))
                    // The document is about this manifest, and not about the one that the source has.
                    exchange.manifest = own
                    try expectRefusal(
                        exchange.answer(to: .export), 422, "manifest_mismatch", field: "manifest_envelope")
                }
                try Self.expectAnotherKey(ceremony, own, pairs)
                #expect(try pairs[0].info() == before)
                exchange.manifest = own
                try exchange.run()
            }
        }

        /// An enclave with a key of its own, or one that waits for that, is no successor.
        private static func expectAnotherKey(
            _ ceremony: Ceremony, _ own: JSON, _ pairs: [RestartablePair]
        ) throws {
            try Fleet.with(1) { others in
                _ = try Ceremony.begin(others[0].gateway, 2, of: 3)
                var exchange = Exchange(from: pairs[0].gateway, to: others[0].gateway)
                exchange.manifest = try expectSuccess(others[0].gateway.get("/enclave/manifest"))
                try exchange.take([.challenge, .attestation])
                try expectRefusal(
                    exchange.answer(to: .export), 422, "other_quorum_key",
                    field: "manifest_envelope.manifest.namespace.quorumKey")
            }
        }

        @Test("a later manifest that its set has approved is an update, and brings the same key")
        func update() throws {
            try Fleet.with(3) { pairs in
                let ceremony = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take(.manifest)
                let later = exchange.envelope.replacing(["manifest", "namespace", "nonce"], with: "12346")
                for (places, isEnough) in [([1], false), ([1, 1, 1], false), ([0, 2], true)] {
                    exchange.manifest = ["manifest_envelope": try ceremony.approving(later, by: places)]
                    try exchange.take([.shareManifest, .challenge, .attestation])
                    guard isEnough else {
                        try expectRefusal(
                            exchange.answer(to: .export), 422, "not_enough_approvals",
                            field: "manifest_envelope.manifestSetApprovals")
                        continue
                    }
                    try exchange.take([.export, .injection])
                }
                #expect(try KeyEvidence(pairs[1].gateway) == KeyEvidence(pairs[0].gateway))
                #expect(try pairs[1].info()["namespace"]?["nonce"] == 12346)

                // From the newer one the way back is closed: the older manifest has the lower nonce.
                var back = Exchange(from: pairs[1].gateway, to: pairs[2].gateway)
                back.manifest = try expectSuccess(pairs[0].gateway.get("/enclave/manifest"))
                try back.take([.shareManifest, .challenge, .attestation])
                try expectRefusal(back.answer(to: .export), 422, "lower_nonce")
                try back.run()
                #expect(try KeyEvidence(pairs[2].gateway) == KeyEvidence(pairs[0].gateway))
            }
        }

        @Test("a manifest for another build, other rules or another root is not taken by the waiting enclave")
        func foreignManifests() throws {
            try Fleet.with(2) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                let own = try exchange.take(.manifest)
                let digits = String(repeating: "5a", count: 48)
                try Self.expectUnchanged(pairs) {
                    for (path, value, reason) in [
                        (["pivot", "hash"], .string(String(digits.prefix(64))), "pivot_mismatch"),
                        (["enclave", "pcr0"], .string(digits), "measurement_mismatch"),
                        (["enclave", "pcr3"], .string(digits), "measurement_mismatch"),
                        (["enclave", "awsRootCertificate"], "3082", "measurement_mismatch"),
                        (["manifestSet", "threshold"], "0", "bad_manifest"),
                        (["extra"], true, "bad_manifest"),
                    ] as [([JSONStep], JSON, JSON)] {
                        exchange.manifest = own.replacing(["manifest_envelope", "manifest"] + path, with: value)
                        try expectRefusal(exchange.answer(to: .shareManifest), 422, reason)
                    }
                    exchange.manifest = own.replacing(["share_commitments", "epoch"], with: 1)
                    try expectRefusal(exchange.answer(to: .shareManifest), 422, "bad_commitments")
                }
            }
        }
    }
}
