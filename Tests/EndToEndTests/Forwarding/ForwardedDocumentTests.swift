// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Foundation
import Primitives
import ProcessKit
import Quorum
import Testing

extension TwoProcesses {
    @Suite("attestation documents over REST")
    struct Documents {
        /// Of the development root.
        private static let root = RootFingerprint(
            hex: "483e1a19f190596e6bad579552eaf6eae4b4262602b2194e25a75d1ca3cce390")

        /// Asks for a document, and verifies it as any client would.
        ///
        /// - Parameter request: with the nonce.
        private static func document(
            _ gateway: RunningGateway, _ request: JSON = [:], sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> VerifiedAttestation {
            let answer = try gateway.post("/enclave/generate-attestation", request.text)
            let result = try expectResult(answer, "GenerateAttestationResponse", sourceLocation: sourceLocation)
            let bytes = try #require(result["attestation_doc"]?.bytes, sourceLocation: sourceLocation)
            return try await verify(bytes, nonce: request["nonce"]?.bytes)
        }

        private static func verify(_ bytes: [UInt8], nonce: [UInt8]?) async throws -> VerifiedAttestation {
            let policy = AttestationPolicy(roots: [try #require(root)], nonce: nonce, maximumAge: 60_000)
            return try await AttestationVerifier(policy: policy)
                .verify(bytes, at: .at(milliseconds: Moment.now))
        }

        /// The sort of key that a register commits to, where it does.
        private static func commitment(_ document: AttestationDocument) throws -> ManifestCommitment? {
            guard let hash = document.userData, let key = document.publicKey else { return nil }
            let zero = [UInt8](repeating: 0, count: 48)
            for commitment in [ManifestCommitment.setup, .live]
            where document.registers[commitment.register] != zero {
                let expected = commitment.registerValue(manifestHash: hash, ephemeralKey: key)
                if document.registers[commitment.register] == expected { return commitment }
            }
            return nil
        }

        @Test("one verifies under the development root in every state, and says what the enclave has")
        func states() async throws {
            let workplaces = try (0..<2).map { _ in try Workplace() }
            defer { for workplace in workplaces { workplace.close() } }
            let source = try workplaces[0].startBoth()
            let target = try workplaces[1].startBoth()

            let fresh = try await Self.document(source).document
            #expect(fresh.userData == nil && fresh.publicKey == nil && fresh.nonce == nil)
            #expect(Set(fresh.registers.keys).isSuperset(of: 0...3))

            let ceremony = try Ceremony.begin(source, 2, of: 3)
            let nonce = JSON(bytes: Array(0..<32))
            let setup = try await Self.document(source, ["nonce": nonce]).document
            #expect(setup.nonce == Array(0..<32))
            #expect(setup.userData == ceremony.manifestHash && setup.publicKey == ceremony.ephemeralKey.bytes)
            #expect(try Self.commitment(setup) == .setup)
            try Self.expectMeasurements(setup, ceremony)

            try ceremony.provision()
            let live = try await Self.document(source).document
            #expect(live.userData == ceremony.manifestHash && live.publicKey != setup.publicKey)
            #expect(try Self.commitment(live) == .live)

            var exchange = Exchange(from: source, to: target)
            try exchange.take([.manifest, .shareManifest])
            let waiting = try await Self.document(target).document
            #expect(waiting.userData == ceremony.manifestHash)
            #expect(try Self.commitment(waiting) == .setup)
            #expect(waiting.moduleID != setup.moduleID)
            try exchange.take([.challenge, .attestation, .export, .injection])
            let forwarded = try await Self.document(target).document
            #expect(forwarded.userData == ceremony.manifestHash && forwarded.publicKey != waiting.publicKey)
            #expect(try Self.commitment(forwarded) == .live)
        }

        /// The registers are those of the manifest and of what the executable says of itself.
        private static func expectMeasurements(_ document: AttestationDocument, _ ceremony: Ceremony) throws {
            let enclave = try #require(ceremony.genesis["manifest_envelope"]?["manifest"]?["enclave"])
            for place in 0...3 {
                #expect(document.registers[place].map { Hex.encode($0) } == enclave["pcr\(place)"]?.string)
            }
        }

        @Test("--measurements and --attestation-root name what a client has to compare with")
        func release() async throws {
            let workplace = try Workplace()
            defer { workplace.close() }
            let gateway = try workplace.startBoth()
            let document = try await Self.document(gateway).document
            func asked(_ flag: String) throws -> String {
                let process = try workplace.spawn(.developmentEnclave, [flag], environment: [:], log: "asked\(flag)")
                #expect(try process.waitForEnd() == .exited(0))
                return process.log
            }
            let expected = (0...2).map { "\(Hex.encode(document.registers[$0] ?? [])) PCR\($0)\n" }.joined()
            #expect(try asked("--measurements") == expected)
            let certificate = try RootCertificateFile.parse(Array(try asked("--attestation-root").utf8))
            #expect(RootFingerprint(ofCertificate: certificate) == Self.root)
        }

        @Test("a genesis comes with one about what it gave out")
        func genesis() async throws {
            let workplace = try Workplace()
            defer { workplace.close() }
            let gateway = try workplace.startBoth()
            let nonce = Array("a nonce of the request".utf8)
            let order = GenesisOrder(2, of: try Member.group(of: 3)).flat
                .replacing(["nonce"], with: JSON(bytes: nonce))
            let genesis = try expectSuccess(gateway.post("/enclave/genesis-boot", order.text))
            let bytes = try #require(genesis["attestation_doc"]?.bytes)
            let document = try await Self.verify(bytes, nonce: nonce).document
            #expect(document.userData == SHA256.digest(try #require(genesis["genesis_output"]?.bytes)))
            #expect(document.publicKey == nil)
            #expect(try expectSuccess(gateway.get("/enclave/genesis"))["attestation_doc"] == genesis["attestation_doc"])
        }

        @Test("what is expected of the enclave and is not so is refused; zeros and nothing stand for whatever it is")
        func expectations() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let ceremony = try Ceremony.begin(gateway, 2, of: 3)
                let hash = JSON(bytes: ceremony.manifestHash)
                let zeros = JSON(bytes: [UInt8](repeating: 0, count: 32))
                let other = JSON(bytes: [UInt8](repeating: 1, count: 32))
                let registers = try #require(ceremony.genesis["manifest_envelope"]).registers.map { JSON(bytes: $0) }
                let wrong = JSON(bytes: [UInt8](repeating: 1, count: 48))
                for request in [
                    [:], ["manifest_hash": hash], ["manifest_hash": zeros], ["pcr_values": .array(registers)],
                    ["pcr_values": [[], [], [], []]], ["pcr_values": [registers[0], [], [], []]],
                    ["pcr0": registers[0], "pcr1": registers[1], "pcr2": [], "pcr3": registers[3]],
                    ["nonce": JSON(bytes: [UInt8](repeating: 9, count: 512))], ["nonce": []],
                ] as [JSON] {
                    try expectResult(
                        gateway.post("/enclave/generate-attestation", request.text), "GenerateAttestationResponse")
                }
                for (request, status, reason, field) in [
                    (["manifest_hash": other], 422, "manifest_mismatch", "manifest_hash"),
                    (["pcr_values": [[], [], wrong, []]], 422, "measurement_mismatch", "pcr_values[2]"),
                    (["manifest_hash": [1]], 400, "out_of_range", "manifest_hash"),
                    (["pcr_values": [[1], [], [], []]], 400, "out_of_range", "pcr_values[0]"),
                    (["nonce": JSON(bytes: [UInt8](repeating: 9, count: 513))], 400, "out_of_range", "nonce"),
                    (["other": 1], 400, "unknown_field", "other"),
                ] as [(JSON, Int, JSON, JSON)] {
                    try expectRefusal(
                        gateway.post("/enclave/generate-attestation", request.text), status, reason, field: field)
                }
            }
        }

        @Test("instances of a private root forward to one another, and to no instance of the public one or another's")
        func privateRoots() throws {
            let files = try TemporaryDirectory()
            defer { files.remove() }
            func settings(_ name: String) -> [String: String] {
                ["DEV_ATTESTATION_ROOT_FILE": files.file(name)]
            }
            try Fleet.with(2, enclave: settings("trial.pem")) { trial in
                let ceremony = try Ceremony.provisioned(trial[0].gateway)
                var exchange = Exchange(from: trial[0].gateway, to: trial[1].gateway)
                try exchange.run()
                for foreign in [[:], settings("other.pem")] {
                    try Fleet.with(1, enclave: foreign) { others in
                        var stranger = Exchange(from: trial[0].gateway, to: others[0].gateway)
                        try stranger.take(.manifest)
                        try expectRefusal(
                            stranger.answer(to: .shareManifest), 422, "measurement_mismatch",
                            field: "manifest_envelope.manifest.enclave.awsRootCertificate")
                        // A document that says the right things under the wrong root.
                        _ = try Ceremony.begin(others[0].gateway, 2, of: 3)
                        try stranger.take([.challenge, .attestation])
                        try expectRefusal(stranger.answer(to: .export), 422, "untrusted_attestation")
                    }
                }
                #expect(try trial[0].info()["manifest_hash"]?.bytes == ceremony.manifestHash)
            }
        }
    }
}

/// The time of day, as documents count it.
private enum Moment {
    /// Milliseconds since 1970.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
