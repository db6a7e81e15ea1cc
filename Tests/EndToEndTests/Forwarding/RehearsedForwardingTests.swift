// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("forwarding under production's rules")
    struct RehearsedForwarding {
        static let settings = ["ENCLAVE_REHEARSE_PRODUCTION": "true"]

        /// A ceremony by production's rules: approved by two of three, with sealed shares.
        static func provision(_ gateway: RunningGateway) throws -> Ceremony {
            var ceremony = try Ceremony.begin(gateway, 2, of: 3)
            _ = try ceremony.boot(approvedBy: [0, 1])
            let shares = [try ceremony.sealed(0), try ceremony.sealed(1)]
            #expect(try expectSuccess(ceremony.inject(shares))["state"] == "ApplicationReady")
            return ceremony
        }

        /// What shows that two enclaves have one key, where no phrase is answered in the clear.
        static func expectSameKey(_ pairs: [RestartablePair]) throws {
            let infos = try pairs.map { try $0.info() }
            for info in infos {
                #expect(info["state"] == "ApplicationReady")
                #expect(info["key_check"]?.string?.isEmpty == false && info["key_check"] == infos[0]["key_check"])
            }
        }

        @Test("a manifest without its set's approvals is neither shared nor forwarded to")
        func approvals() throws {
            try Fleet.with(2, enclave: Self.settings) { pairs in
                let ceremony = try Self.provision(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                let own = try exchange.take(.manifest)
                let before = try pairs[1].info()
                for places in [[], [0], [0, 0]] {
                    let envelope = try ceremony.manifest(approvedBy: places)
                    exchange.manifest = own.replacing(["manifest_envelope"], with: envelope)
                    try expectRefusal(
                        exchange.answer(to: .shareManifest), 422, "not_enough_approvals",
                        field: "manifest_envelope.manifestSetApprovals")
                }
                #expect(try pairs[1].info() == before)
                exchange.manifest = own
                try exchange.run()
                try Self.expectSameKey(pairs)
                try expectRefusal(
                    pairs[1].gateway.post("/generate-seed", #"{"seed_type":"t","seed_data":"d"}"#), 422,
                    "sealed_seed_required")
            }
        }

        @Test("only a document that answers an open challenge counts, and only once")
        func challenges() throws {
            try Fleet.with(2, enclave: Self.settings) { pairs in
                _ = try Self.provision(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take([.manifest, .shareManifest, .attestation])
                try expectRefusal(exchange.answer(to: .export), 422, "bad_nonce", field: "attestation_doc.nonce")
                exchange.nonce = JSON(bytes: [UInt8](repeating: 7, count: 32))
                try exchange.take(.attestation)
                try expectRefusal(exchange.answer(to: .export), 422, "bad_nonce")
                try exchange.take([.challenge, .attestation, .export])
                try expectRefusal(exchange.answer(to: .export), 422, "bad_nonce")
                try exchange.take(.injection)
                try Self.expectSameKey(pairs)
            }
        }

        @Test("a manifest that is held is not replaced before the enclave is started anew; its like may come again")
        func fixedManifest() throws {
            try Fleet.with(2, enclave: Self.settings) { pairs in
                let ceremony = try Self.provision(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take([.manifest, .shareManifest, .shareManifest])
                let own = exchange.manifest
                let later = exchange.envelope.replacing(["manifest", "namespace", "nonce"], with: "12346")
                let update: JSON = ["manifest_envelope": try ceremony.approving(later, by: [1, 2])]
                exchange.manifest = update
                let refusal = try expectRefusal(exchange.answer(to: .shareManifest), 409, "wrong_state")
                #expect(refusal["state"] == "WaitingForForwardedKey")
                #expect(refusal["hint"]?.string?.contains("restart") == true)
                exchange.manifest = own
                try exchange.take([.challenge, .attestation, .export, .injection])
                // After a restart the update is taken, and the source gives the key for it.
                try pairs[1].restart()
                exchange.manifest = update
                try exchange.take([.shareManifest, .challenge, .attestation, .export, .injection])
                try Self.expectSameKey(pairs)
                #expect(try pairs[1].info()["namespace"]?["nonce"] == 12346)
            }
        }

        @Test("an enclave without these rules is another one: neither gives the other the key")
        func otherRules() throws {
            try Fleet.with(1, enclave: Self.settings) { strict in
                try Fleet.with(1) { loose in
                    _ = try Self.provision(strict[0].gateway)
                    _ = try Ceremony.provisioned(loose[0].gateway)
                    for (source, target) in [(strict[0], loose[0]), (loose[0], strict[0])] {
                        try Fleet.with(1, enclave: target.settings) { fresh in
                            var exchange = Exchange(from: source.gateway, to: fresh[0].gateway)
                            try exchange.take(.manifest)
                            try expectRefusal(
                                exchange.answer(to: .shareManifest), 422, "measurement_mismatch",
                                field: "manifest_envelope.manifest.enclave.pcr1")
                        }
                    }
                }
            }
        }
    }
}
