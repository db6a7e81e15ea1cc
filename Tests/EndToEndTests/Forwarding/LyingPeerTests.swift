// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("a peer that lies")
    struct LyingPeers {
        /// Asks a source for its key with documents that were made up.
        private static func ask(
            _ source: RunningGateway, as peer: (_ registers: [[UInt8]]) throws -> LyingPeer
        ) throws -> (answer: HTTPAnswer, peer: LyingPeer) {
            var exchange = Exchange(from: source, to: source)
            try exchange.take([.manifest, .challenge])
            let liar = try peer(exchange.envelope.registers)
            let document = try liar.document(exchange.envelope.manifestHash(), nonce: exchange.nonce?.bytes)
            exchange.document = JSON(bytes: document)
            return (try exchange.answer(to: .export), liar)
        }

        /// What the documents say of the development root is no exaggeration.
        @Test("gets the key where documents are believed under the public root, as anybody can who reaches the port")
        func publicRoot() throws {
            try Workplace.with { workplace in
                let source = try workplace.startBoth()
                let ceremony = try Ceremony.provisioned(source)
                let (answer, liar) = try Self.ask(source) { try LyingPeer(under: .development, registers: $0) }
                let sealed = try #require(expectResult(answer, "ExportKeyResponse")["encrypted_quorum_key"]?.bytes)
                let seed = try liar.member.open(sealed)
                #expect(try QuorumKeyPair(seed: seed.span).publicKey == ceremony.quorumKey)
            }
        }

        @Test("gets nothing where the root is private, without that root's key")
        func privateRoot() throws {
            try Workplace.with { workplace in
                let own = workplace.directory.file("own.pem")
                let source = try workplace.startBoth(enclave: ["DEV_ATTESTATION_ROOT_FILE": own])
                _ = try Ceremony.provisioned(source)
                let other = try AttestationRoot(file: workplace.directory.file("other.pem"))
                for root in [.development, other] {
                    let (answer, _) = try Self.ask(source) { try LyingPeer(under: root, registers: $0) }
                    try expectRefusal(answer, 422, "untrusted_attestation", field: "attestation_doc")
                }
                // Whoever has the file has the key: that is why it is for its owner only.
                let (answer, _) = try Self.ask(source) { registers in
                    try LyingPeer(under: AttestationRoot(file: own), registers: registers)
                }
                try expectResult(answer, "ExportKeyResponse")
            }
        }

        @Test("gets nothing for other measurements than the manifest's, nor for a manifest of its own")
        func otherMeasurements() throws {
            try Workplace.with { workplace in
                let source = try workplace.startBoth()
                _ = try Ceremony.provisioned(source)
                for place in 0...3 {
                    let (answer, _) = try Self.ask(source) { registers in
                        var registers = registers
                        registers[place][47] ^= 1
                        return try LyingPeer(under: .development, registers: registers)
                    }
                    try expectRefusal(
                        answer, 422, "measurement_mismatch",
                        field: .string("manifest_envelope.manifest.enclave.pcr\(place)"))
                }
                try Self.expectOwnManifestRefused(source)
            }
        }

        /// A manifest for measurements of its own has another hash, and nobody approved it.
        private static func expectOwnManifestRefused(_ source: RunningGateway) throws {
            var exchange = Exchange(from: source, to: source)
            try exchange.take([.manifest, .challenge])
            let digits = String(repeating: "5a", count: 48)
            for nonce in ["12345", "12346"] {
                let envelope = exchange.envelope
                    .replacing(["manifest", "enclave", "pcr0"], with: .string(digits))
                    .replacing(["manifest", "namespace", "nonce"], with: .string(nonce))
                var asked = exchange
                asked.manifest = ["manifest_envelope": envelope]
                let liar = try LyingPeer(under: .development, registers: envelope.registers)
                asked.document = JSON(bytes: try liar.document(envelope.manifestHash(), nonce: exchange.nonce?.bytes))
                let reason: JSON = nonce == "12345" ? "lower_nonce" : "not_enough_approvals"
                try expectRefusal(asked.answer(to: .export), 422, reason)
            }
        }
    }
}
