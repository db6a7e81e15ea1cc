// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("key forwarding")
    struct Forwarding {
        private static let waiting = ["WaitingForBootInstruction", "WaitingForForwardedKey"]

        @Test("call by call, each answers what the contract says, and at the end both instances have the same key")
        func callByCall() throws {
            try Fleet.with(2) { pairs in
                let (source, target) = (pairs[0], pairs[1])
                let ceremony = try Ceremony.provisioned(source.gateway)
                let before = try source.info()
                var exchange = Exchange(from: source.gateway, to: target.gateway)

                let manifest = try exchange.take(.manifest)
                #expect(manifest.names == ["manifest_envelope", "manifest_hash", "share_commitments"])
                let shared = try exchange.take(.shareManifest)
                #expect(shared.names == ["success", "manifest_hash", "ephemeral_key"])
                #expect(shared["success"] == true && shared["manifest_hash"] == manifest["manifest_hash"])
                let setupKey = try QuorumPublicKey(try #require(shared["ephemeral_key"]?.bytes))
                #expect(setupKey != ceremony.quorumKey)
                try Self.expectWaiting(target.gateway, ceremony)

                let challenge = try exchange.take(.challenge)
                #expect(challenge.names == ["nonce", "expires_at"])
                #expect(challenge["nonce"]?.bytes?.count == 32)
                let expiry = try #require(challenge["expires_at"]?.string)
                #expect(expiry.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
                #expect(try exchange.take(.attestation).names == ["attestation_doc"])

                let exported = try exchange.take(.export)
                #expect(exported.names == ["encrypted_quorum_key", "signature"])
                let ciphertext = try #require(exported["encrypted_quorum_key"]?.bytes)
                #expect(ciphertext.count == 129)
                try ceremony.quorumKey.verify(try #require(exported["signature"]?.bytes), of: ciphertext)
                #expect(try source.info() == before)

                let injected = try exchange.take(.injection)
                #expect(injected == ["success": true, "state": "ApplicationReady"])
                #expect(try KeyEvidence(target.gateway) == KeyEvidence(source.gateway))
                let info = try target.info()
                #expect(
                    info["state_history"]?.array?.map { $0["state"]?.string } == Course.ready(after: Self.waiting))
                let keyCheck = try ceremony.key().keyCheck(namespaceName: "qos-namespace")
                #expect(info["key_check"]?.string == Hex.encode(keyCheck))
                #expect(try expectSuccess(target.gateway.get("/enclave/manifest")) == manifest)
                #expect(try source.info() == before)
            }
        }

        /// Expects an enclave that has the manifest and no key.
        private static func expectWaiting(_ gateway: RunningGateway, _ ceremony: Ceremony) throws {
            let info = try expectSuccess(gateway.get("/enclave/info"))
            #expect(info["state"] == "WaitingForForwardedKey")
            #expect(info["state_history"]?.array?.map { $0["state"]?.string } == waiting)
            #expect(info["namespace"] == ["name": "qos-namespace", "nonce": 12345])
            #expect(info["manifest_hash"]?.bytes == ceremony.manifestHash)
            #expect(info["quorum_public_key"]?.bytes == ceremony.quorumKey.bytes)
            #expect(info["key_check"] == nil)
            try expectRefusal(
                gateway.post("/generate-seed", #"{"seed_type":"wallet","seed_data":"1"}"#), 409, "wrong_state")
            try expectSuccess(gateway.post("/generate-seed", "{}"))
        }

        @Test("every step may be repeated before the next one, and the key still arrives")
        func repeatedSteps() throws {
            try Fleet.with(2) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                var keys: [JSON?] = []
                for step in Exchange.Step.allCases where step != .injection {
                    // Of the challenges the last one counts, and of the documents that which carries it. A challenge is
                    // good for one export, so the second export has one of its own.
                    for round in 0..<2 {
                        if step == .export, round == 1 { try exchange.take([.challenge, .attestation]) }
                        let result = try exchange.take(step)
                        if step == .shareManifest { keys.append(result["ephemeral_key"]) }
                    }
                }
                #expect(keys.count == 2 && keys[0] == keys[1], "the setup key stays with the manifest")
                try exchange.take(.injection)
                #expect(try KeyEvidence(pairs[1].gateway) == KeyEvidence(pairs[0].gateway))
            }
        }

        @Test("bytes are taken in every form that the contract has")
        func forms() throws {
            try Fleet.with(2) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                for form in ByteForm.allCases {
                    var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                    try exchange.take([.manifest, .shareManifest, .challenge])
                    exchange.nonce = form.json(try #require(exchange.nonce?.bytes))
                    try exchange.take(.attestation)
                    exchange.document = form.json(try #require(exchange.document.bytes))
                    try exchange.take(.export)
                    for name in ["encrypted_quorum_key", "signature"] {
                        let bytes = try #require(exchange.exported[name]?.bytes)
                        exchange.exported = exchange.exported.replacing([.member(name)], with: form.json(bytes))
                    }
                    try exchange.take(.injection)
                    #expect(try KeyEvidence(pairs[1].gateway) == KeyEvidence(pairs[0].gateway), "\(form)")
                    try pairs[1].restart()
                }
            }
        }

        @Test("with what is forwarded, the next enclave is as good a source, and shares still give the same key")
        func onwards() throws {
            try Fleet.with(3) { pairs in
                var ceremony = try Ceremony.provisioned(pairs[0].gateway)
                let evidence = try KeyEvidence(pairs[0].gateway)
                var first = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try first.run()
                try pairs[0].kill()
                var second = Exchange(from: pairs[1].gateway, to: pairs[2].gateway)
                try second.run()
                #expect(try KeyEvidence(pairs[2].gateway) == evidence)
                try pairs[0].revive()
                try ceremony.recover()
                #expect(try KeyEvidence(pairs[0].gateway) == evidence)
            }
        }

        @Test("a development enclave takes a document without a nonce, as long as it is fresh by the clock")
        func withoutChallenge() throws {
            try Fleet.with(2) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take([.manifest, .shareManifest, .attestation, .export, .injection])
                #expect(try KeyEvidence(pairs[1].gateway) == KeyEvidence(pairs[0].gateway))
            }
        }

        private static let posts = [
            "share-manifest", "generate-attestation", "export-challenge", "export-key", "inject-key",
        ]

        @Test("another method on a path of the forwarding tells the call, the state and the manifest that is held")
        func methods() throws {
            try Fleet.with(2) { pairs in
                let ceremony = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try Self.expectWrongMethods(pairs[0].gateway, "ApplicationReady", ceremony.manifestHash)
                try Self.expectWrongMethods(pairs[1].gateway, "WaitingForBootInstruction", nil)
                try exchange.take([.manifest, .shareManifest])
                try Self.expectWrongMethods(pairs[1].gateway, "WaitingForForwardedKey", ceremony.manifestHash)
            }
        }

        private static func expectWrongMethods(
            _ gateway: RunningGateway, _ state: JSON, _ manifestHash: [UInt8]?
        ) throws {
            for name in posts {
                for method in ["GET", "PUT", "DELETE"] {
                    let answer = try gateway.answer(to: HTTPCall(method, "/enclave/\(name)"))
                    #expect(answer[header: "allow"] == "POST")
                    let body = try expectRefusal(answer, 405, "method_not_allowed")
                    #expect(body["state"] == state)
                    #expect(body["manifest_hash"]?.bytes == manifestHash)
                    #expect(body["error"]?.string?.contains("curl") == true)
                    #expect(body["error"]?.string?.contains("/enclave/\(name)") == true)
                }
            }
        }
    }
}
