// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave forward where something does not fit")
struct ForwardRefusalTests {
    let quorum: TrialQuorum
    let source: StubEnclave

    init() throws {
        quorum = try TrialQuorum(recovery: true)
        source = try StubEnclave.holding(quorum)
    }

    private func run(_ from: String, _ to: [String], _ more: [String] = []) async -> RecordedSession {
        await RecordedSession.run(["forward", "--from", from] + to.flatMap { ["--to", $0] } + more)
    }

    @Test("a target in another state, or with another key, does not keep the others from getting it")
    func otherTargets() async throws {
        let other = try StubEnclave.holding(TrialQuorum(recovery: true))
        let shares = try StubEnclave.fresh(quorum, in: "WaitingForQuorumShards")
        let good = try StubEnclave.fresh(quorum)
        try await source.with([other, shares, good]) { from, to, stubs in
            let run = await run(from, to)
            #expect(run.status == .failed)
            #expect(run.errors.contains("Error: \(to[0]): The enclave holds another quorum key: \""))
            #expect(
                run.errors.contains(
                    """
                    Error: \(to[1]): The enclave is in "WaitingForQuorumShards", where it takes no forwarded key.
                      hint: It must be in WaitingForBootInstruction or WaitingForForwardedKey; restart it.

                    """))
            #expect(good.phase == "ApplicationReady")
            #expect(stubs[1].requests.count == 1)
            #expect(stubs[2].requests.count == 1)
        }
    }

    @Test("an answer that is not what it must be ends it")
    func badAnswers() async throws {
        let key = JSONValue.byteArray(try TrialQuorum.pair("mallory").publicKey.bytes)
        let hash = JSONValue.byteArray(quorum.genesis.manifest.hash)
        let zeros = JSONValue.byteArray([UInt8](repeating: 0, count: 32))
        func shared(_ hash: JSONValue) -> [UInt8] {
            let fields = JSONValue.fields(["success": .bool(true), "manifest_hash": hash, "ephemeral_key": key])
            return StubGateway.json(200, TrialModule.wrapped("ShareManifestResponse", fields))
        }
        let foreign = try TrialModule().setup(of: TrialQuorum())
        let info =
            #"{"state":"ApplicationReady","quorum_key_fingerprint":"\#(quorum.fingerprint)","#
            + #""key_check":"0000000000000000"}"#
        let cases: [(String, [UInt8], String)] = [
            ("/enclave/share-manifest", shared(zeros), "The enclave took another manifest: 0000"),
            (
                "/enclave/share-manifest", shared(hash),
                "The gateway tells another ephemeral key than the enclave attests"
            ),
            ("/enclave/share-manifest", StubGateway.json(200, "{}"), "that is not understood"),
            (
                "/enclave/generate-attestation", StubGateway.json(200, TrialModule.answer(foreign)),
                "The attestation document does not carry the nonce, so it may be an old one."
            ),
            (
                "/enclave/generate-attestation", StubGateway.json(200, TrialModule.answer([1, 2, 3])),
                "The attestation document cannot be read: "
            ),
            (
                "/enclave/inject-key", StubGateway.json(422, #"{"error":"No key.","reason":"bad_ciphertext"}"#),
                "No key.\n  reason: bad_ciphertext\n"
            ),
            (
                "/enclave/inject-key", StubGateway.json(200, TrialModule.wrapped("InjectKeyResponse", .fields([:]))),
                "The enclave is in \"WaitingForForwardedKey\", without the quorum key."
            ),
            ("/enclave/info", StubGateway.json(200, info), "The enclave has another key check, \"0000000000000000\""),
        ]
        for (path, answer, sentence) in cases {
            let target = try StubEnclave.fresh(quorum)
            target.fail(path, with: answer, afterwards: path == "/enclave/share-manifest")
            try await source.with([target]) { from, to, _ in
                let run = await run(from, to)
                #expect(run.status == .failed)
                #expect(run.errors.contains(sentence), "\(path)")
                #expect(run.errors.contains("Error: \(to[0]): "))
            }
        }
    }

    @Test("what the quorum key did not sign is not brought to the target")
    func unsigned() async throws {
        let exported = JSONValue.fields([
            "encrypted_quorum_key": .byteArray([1, 2, 3]),
            "signature": .byteArray(try TrialQuorum.pair("mallory").sign([1, 2, 3])),
        ])
        source.fail(
            "/enclave/export-key", with: StubGateway.json(200, TrialModule.wrapped("ExportKeyResponse", exported)))
        let target = try StubEnclave.fresh(quorum)
        try await source.with([target]) { from, to, stubs in
            let run = await run(from, to)
            #expect(run.status == .failed)
            #expect(run.errors.contains("What the source exported is not signed by the quorum key."))
            #expect(!stubs[1].requests.contains { $0.path == "/enclave/inject-key" })
        }
    }

    // MARK: The source

    @Test("a source without the key, or with another than is expected, ends it before any target is asked")
    func badSource() async throws {
        let zeros = String(repeating: "0", count: 64)
        let target = try StubEnclave.fresh(quorum)
        try await source.with([target]) { from, to, stubs in
            let option = await run(from, to, ["--expect-key", zeros])
            #expect(option.status == .failed)
            #expect(
                option.errors == """
                    Error: \(from) holds another quorum key than the one that is expected: "\(quorum.fingerprint)".
                      hint: Expected was \(zeros).

                    """)
            let variable = await RecordedSession.run(
                ["forward", "--from", from, "--to", to[0]], environment: ["EXPECTED_QUORUM_KEY": zeros])
            #expect(variable.errors == option.errors)
            let reversed = await run(to[0], [from])
            #expect(reversed.status == .failed)
            #expect(
                reversed.errors == """
                    Error: \(to[0]) has no quorum key to forward: its enclave is in "WaitingForBootInstruction".
                      hint: The source must be in ApplicationReady.

                    """)
            #expect(stubs[1].requests.map(\.path) == ["/enclave/info"])
        }
    }

    @Test("a source whose manifest is of another key than it holds is refused")
    func contradiction() async throws {
        let other = try TrialQuorum()
        let manifest = JSONValue.fields(["manifest_envelope": other.envelope.json])
        source.fail("/enclave/manifest", with: StubGateway.json(200, manifest.line))
        try await source.with([StubEnclave.fresh(quorum)]) { from, to, _ in
            let run = await run(from, to)
            #expect(run.status == .failed)
            #expect(run.errors == "Error: \(from) has a manifest of another quorum key than the one that it holds.\n")
        }
    }
}
