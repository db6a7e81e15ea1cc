// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("mutated requests of a forwarding")
    struct MutatedForwarding {
        @Test("are answered from the closed list, and only a success changes the state")
        func mutations() throws {
            try Fleet.with(2) { pairs in
                _ = try Ceremony.provisioned(pairs[0].gateway)
                var exchange = Exchange(from: pairs[0].gateway, to: pairs[1].gateway)
                try exchange.take([.manifest, .shareManifest])
                try Self.send(exchange.sharedManifest, to: "share-manifest", pairs[1], seed: 11)
                // Whichever manifest was the last to be taken.
                try exchange.take([.shareManifest, .challenge])
                let expectations: JSON = [
                    "nonce": exchange.nonce ?? .null, "manifest_hash": exchange.manifest["manifest_hash"] ?? .null,
                    "pcr_values": .array(exchange.envelope.registers.map { JSON(bytes: $0) }),
                ]
                try Self.send(expectations, to: "generate-attestation", pairs[1], seed: 12)
                try exchange.take([.attestation])
                try Self.send(exchange.exportRequest, to: "export-key", pairs[0], seed: 13)
                // The challenge is used up if one of them was still good.
                try exchange.take([.challenge, .attestation, .export])
                let before = pairs[1]
                try Self.send(exchange.exported, to: "inject-key", before, seed: 14) {
                    try pairs[1].restart()
                    try exchange.take(.shareManifest)
                }
                #expect(pairs.allSatisfy { $0.enclave.isRunning && $0.gateway.process.isRunning })
                try exchange.take([.shareManifest, .challenge, .attestation, .export, .injection])
                #expect(try KeyEvidence(pairs[1].gateway) == KeyEvidence(pairs[0].gateway))
            }
        }

        private static func send(
            _ body: JSON, to call: String, _ pair: RestartablePair, seed: UInt64, succeeded: () throws -> Void = {}
        ) throws {
            try MutatedRequests.send(
                body, to: "/enclave/\(call)", pair.gateway, count: 120, seed: seed, succeeded: succeeded)
        }
    }
}
