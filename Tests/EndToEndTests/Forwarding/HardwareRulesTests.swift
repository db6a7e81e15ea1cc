// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import EmulatedAttestation
import ProcessKit
import Testing

extension TwoProcesses {
    /// What production asks of the hardware, tried by an executable of the tests that has all of production's rules and
    /// whose root and registers a test chooses.
    @Suite("production's rules that need hardware")
    struct HardwareRules {
        /// PCR3 of two instance roles, and of none.
        private static let role = String(repeating: "a1", count: 48)
        private static let otherRole = String(repeating: "b2", count: 48)
        private static let nothing = String(repeating: "00", count: 48)

        /// Lends two instances under one root, the first of them with a key.
        private static func withTwo(
            _ first: String, _ second: String,
            _ body: (inout Scene) throws -> Void
        ) throws {
            let files = try TemporaryDirectory()
            let workplaces = try (0..<2).map { _ in try Workplace() }
            defer {
                for workplace in workplaces { workplace.close() }
                files.remove()
            }
            let root = files.file("root.pem")
            let pairs = try zip(workplaces, [first, second]).map { workplace, role in
                try RestartablePair(
                    workplace, ["REHEARSAL_ROOT_FILE": root, "REHEARSAL_PCR3": role], executable: .rehearsalEnclave)
            }
            var scene = Scene(
                pairs: pairs, ceremony: try RehearsedForwarding.provision(pairs[0].gateway),
                root: try AttestationRoot(file: root),
                exchange: Exchange(from: pairs[0].gateway, to: pairs[1].gateway))
            try scene.exchange.take(.manifest)
            try body(&scene)
        }

        private struct Scene {
            let pairs: [RestartablePair]
            let ceremony: Ceremony
            let root: AttestationRoot
            /// With the source's manifest.
            var exchange: Exchange

            /// A later manifest for other registers, approved by some.
            func update(_ registers: [Int: String], approvedBy places: [Int] = [0, 1]) throws -> JSON {
                var envelope = exchange.envelope.replacing(["manifest", "namespace", "nonce"], with: "12346")
                for (place, value) in registers {
                    envelope = envelope.replacing(
                        ["manifest", "enclave", .member("pcr\(place)")], with: .string(value))
                }
                return ["manifest_envelope": try ceremony.approving(envelope, by: places)]
            }

            /// Asks for the key with a document that somebody made who has the root's key.
            func askLying(_ manifest: JSON) throws -> HTTPAnswer {
                var asked = exchange
                asked.manifest = manifest
                try asked.take(.challenge)
                let liar = try LyingPeer(under: root, registers: asked.envelope.registers)
                asked.document = JSON(
                    bytes: try liar.document(asked.envelope.manifestHash(), nonce: asked.nonce?.bytes))
                return try asked.answer(to: .export)
            }
        }

        @Test("an instance of the same role gets the key, for the same manifest and for an approved update")
        func sameRole() throws {
            try Self.withTwo(Self.role, Self.role) { scene in
                #expect(try scene.pairs[0].info()["mode"] == "production")
                try scene.exchange.take([.shareManifest, .challenge, .attestation, .export, .injection])
                try RehearsedForwarding.expectSameKey(scene.pairs)
                var pair = scene.pairs[1]
                try pair.restart()
                scene.exchange.manifest = try scene.update([:])
                try scene.exchange.take([.shareManifest, .challenge, .attestation, .export, .injection])
                try RehearsedForwarding.expectSameKey(scene.pairs)
            }
        }

        @Test("an instance of another role gets no key, not even by a manifest that names its role")
        func otherRole() throws {
            try Self.withTwo(Self.role, Self.otherRole) { scene in
                try expectRefusal(
                    scene.exchange.answer(to: .shareManifest), 422, "measurement_mismatch",
                    field: "manifest_envelope.manifest.enclave.pcr3")
                scene.exchange.manifest = try scene.update([3: Self.otherRole])
                try scene.exchange.take([.shareManifest, .challenge, .attestation])
                try expectRefusal(
                    scene.exchange.answer(to: .export), 422, "measurement_mismatch", field: "attestation_doc.pcrs[3]")
            }
        }

        @Test("instances without a role forward nothing")
        func noRole() throws {
            try Self.withTwo(Self.nothing, Self.nothing) { scene in
                try scene.exchange.take([.shareManifest, .challenge, .attestation])
                try expectRefusal(
                    scene.exchange.answer(to: .export), 422, "measurement_mismatch", field: "attestation_doc.pcrs[3]")
            }
        }

        @Test("a document that answers no challenge is not taken, nor is one for a manifest that was not approved")
        func unproven() throws {
            try Self.withTwo(Self.role, Self.role) { scene in
                try scene.exchange.take([.shareManifest, .attestation])
                try expectRefusal(
                    scene.exchange.answer(to: .export), 422, "bad_nonce", field: "attestation_doc.nonce")
                for places in [[], [2], [2, 2]] {
                    let answer = try scene.askLying(try scene.update([:], approvedBy: places))
                    try expectRefusal(
                        answer, 422, "not_enough_approvals", field: "manifest_envelope.manifestSetApprovals")
                }
                try expectResult(scene.askLying(try scene.update([:])), "ExportKeyResponse")
            }
        }

        @Test("an enclave in debug mode gets no key, whatever its manifest says")
        func debugPeer() throws {
            try Self.withTwo(Self.role, Self.role) { scene in
                for register in 0...2 {
                    let answer = try scene.askLying(try scene.update([register: Self.nothing]))
                    try expectRefusal(answer, 422, "debug_enclave", field: "attestation_doc.pcrs")
                }
            }
        }

        @Test("an enclave in debug mode does not start", arguments: 0...2)
        func debugMode(register: Int) throws {
            try Workplace.with { workplace in
                let settings = [
                    "REHEARSAL_ROOT_FILE": workplace.directory.file("root.pem"),
                    "REHEARSAL_PCR\(register)": Self.nothing,
                ]
                let enclave = try workplace.spawnEnclave(settings, executable: .rehearsalEnclave)
                #expect(try enclave.waitForEnd() == .exited(71))
                #expect(enclave.log.contains("debug mode"))
            }
        }

        @Test("no other root than its own can be set")
        func otherRoot() throws {
            try Workplace.with { workplace in
                let settings = [
                    "REHEARSAL_ROOT_FILE": workplace.directory.file("root.pem"),
                    "DEV_ATTESTATION_ROOT_FILE": workplace.directory.file("other.pem"),
                ]
                let enclave = try workplace.spawnEnclave(settings, executable: .rehearsalEnclave)
                #expect(try enclave.waitForEnd() == .exited(71))
                #expect(enclave.log.contains("DEV_ATTESTATION_ROOT_FILE"))
            }
        }
    }
}
