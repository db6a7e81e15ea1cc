// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import ProcessKit
import Quorum
import Synchronization
import Testing

extension TwoProcesses {
    @Suite("secrets of a forwarding")
    struct ForwardingCanary {
        /// Everything that went to and came from some gateways.
        private final class Traffic: Sendable {
            private let peers: [ScriptedPeer]

            /// Listens before each of some gateways.
            init(_ gateways: [RunningGateway]) throws {
                peers = try gateways.map { gateway in
                    try ScriptedPeer { try gateway.answer(to: $0) }
                }
            }

            func stop() {
                for peer in peers { peer.stop() }
            }

            /// A gateway whose traffic is kept.
            func gateway(_ place: Int, _ process: ChildProcess) -> RunningGateway {
                RunningGateway(process: process, port: peers[place].port)
            }

            var urls: [String] { peers.map(\.url) }
            var bytes: [Data] { peers.map { Data($0.bytes) } }
        }

        @Test("no byte that passes a gateway and no log at the most verbose level has the key, a share or a phrase")
        func nothingLeaks() throws {
            let verbose = ["LOG_LEVEL": "trace"]
            try Fleet.with(3, enclave: verbose, gateway: verbose) { pairs in
                // The shares and the phrases that are asked for go past the listeners: they are secrets to be found.
                let ceremony = try Ceremony.provisioned(pairs[0].gateway)
                let traffic = try Traffic(pairs.map(\.gateway))
                defer { traffic.stop() }
                let gateways = pairs.enumerated().map { traffic.gateway($0, $1.gateway.process) }
                try Self.forward(gateways[0], to: gateways[1])
                try Self.forward(gateways[1], to: gateways[2])
                try pairs[1].restart()
                try Self.forward(gateways[2], to: gateways[1])

                let fresh = try Workplace()
                defer { fresh.close() }
                let joiner = try Joiner.start(fresh, peers: traffic.urls, verbose, gateway: verbose)
                let evidence = try joiner.joined()
                for pair in pairs { #expect(try KeyEvidence(pair.gateway) == evidence) }
                for gateway in gateways {
                    for path in ["/enclave/info", "/enclave/manifest", "/metrics", "/readyz?verbose"] {
                        _ = try gateway.get(path)
                    }
                }

                let phrase = try #require(evidence.phrase?.string)
                let forms = try CeremonyCanary.secrets(ceremony).flatMap { CeremonyCanary.forms(of: $0) }
                let words = CeremonyCanary.forms(of: Array(phrase.utf8))
                let kept = traffic.bytes
                for (place, bytes) in kept.enumerated() {
                    // Traffic without a forwarded key would prove nothing.
                    #expect(bytes.range(of: Data("encrypted_quorum_key".utf8)) != nil)
                    CeremonyCanary.expectNone(of: forms + words, in: bytes, "the traffic of instance \(place + 1)")
                }
                for pair in pairs { try pair.stop() }
                try joiner.stop()
                for log in (pairs + [joiner]).flatMap(\.logs) {
                    #expect(log.bytes.isEmpty == false, "\(log.path)")
                    CeremonyCanary.expectNone(of: forms + words, in: log.bytes, log.path)
                }
            }
        }

        /// Forwards the key after everything that is refused on the way.
        private static func forward(_ source: RunningGateway, to target: RunningGateway) throws {
            var exchange = Exchange(from: source, to: target)
            try exchange.take([.manifest, .shareManifest, .challenge, .attestation])
            var other = exchange
            other.document = JSON(bytes: Array(try #require(exchange.document.bytes).reversed()))
            try expectRefusal(other.answer(to: .export), 422, "bad_attestation")
            try exchange.take(.export)
            try expectRefusal(exchange.answer(to: .export), 422, "bad_nonce")
            let ciphertext = try #require(exchange.exported["encrypted_quorum_key"]?.bytes)
            other.exported = exchange.exported.replacing(
                ["encrypted_quorum_key"], with: JSON(bytes: ciphertext.reversed()))
            try expectRefusal(other.answer(to: .injection), 422, "bad_signature")
            for body in [exchange.exported.text + "x", #"{"signature":1}"#, "[\(exchange.exported.text)]", "\u{0}"] {
                for call in ["share-manifest", "generate-attestation", "export-key", "inject-key"] {
                    #expect(try target.post("/enclave/\(call)", body).status == 400)
                }
            }
            try exchange.take(.injection)
        }
    }
}
