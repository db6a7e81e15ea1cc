// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave boot of an attested enclave")
struct BootAttestedTests {
    let folder: TrialFolder
    let quorum: TrialQuorum
    let module: TrialModule
    let request: String

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        module = try TrialModule()
        request = try folder.write(quorum.request.line, "request.json")
        try folder.write(TrialModule.policy, "policy.json")
        try folder.write(TrialModule.roots, "roots.json")
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    private var policy: [String] { ["--policy", path("policy.json")] }

    /// Answers as a gateway whose enclave does everything right, but for these.
    private func gateway(
        _ members: [String], but faults: [String: [UInt8]] = [:]
    ) throws -> @Sendable (StubGateway.Request) -> [UInt8]? {
        let (quorum, module) = (quorum, module)
        let genesis = try quorum.answer(attestedBy: module.genesis(of: quorum)).line
        return { request in
            if let fault = faults[request.path] { return fault }
            switch request.path {
            case "/enclave/genesis-boot": return StubGateway.json(200, genesis)
            case "/enclave/boot-standard": return StubGateway.json(200, quorum.bootAnswer.line)
            case "/enclave/inject-shares": return StubGateway.json(200, quorum.provisioned(members).line)
            case "/enclave/info": return StubGateway.json(200, quorum.information().line)
            case "/enclave/generate-attestation":
                guard let nonce = TrialModule.nonce(in: request),
                    let document = try? module.setup(of: quorum, nonce: nonce)
                else { return StubGateway.notFound }
                return StubGateway.json(200, TrialModule.answer(document))
            default: return StubGateway.notFound
            }
        }
    }

    private func genesis(_ url: String, _ more: [String]) async -> RecordedSession {
        await RecordedSession.run(
            ["boot", "genesis", "--request", request, "--output", path("genesis.json"), "--url", url] + more)
    }

    private static let noNonce =
        "Not compared: a nonce, which the request does not have, so the genesis may be an old one, of an enclave that "
        + "is no more.\n"

    private static let attested =
        "Attested: an enclave made exactly this genesis, on 2027-01-15 08:00:00 UTC, by the word of "
        + "\(KnownRoot.development.meaning).\n"

    @Test("the document of a genesis is verified, and nothing that it covers is said not to be compared")
    func document() async throws {
        try await StubGateway.with(answering: gateway([])) { _, url in
            let run = await genesis(url, policy)
            #expect(run.status == .done)
            #expect(
                run.errors
                    == "Not compared: the pivot's hash, which the request does not name; PCR3.\n" + Self.noNonce
                    + Self.attested)
        }
    }

    @Test("a nonce of the request is compared, and then nothing is said of it")
    func nonce() async throws {
        let members = try quorum.request.members() + [JSONMember(name: "nonce", value: .byteArray([7]))]
        try folder.write(JSONValue.object(members).line, "asked.json")
        let answer = try quorum.answer(attestedBy: module.genesis(of: quorum, nonce: [7])).line
        let faults = ["/enclave/genesis-boot": StubGateway.json(200, answer)]
        try await StubGateway.with(answering: gateway([], but: faults)) { _, url in
            let run = await genesis(url, policy + ["--request", path("asked.json")])
            #expect(run.status == .done)
            #expect(
                run.errors
                    == "Not compared: the pivot's hash, which the request does not name; PCR3.\n" + Self.attested)
        }
    }

    @Test("without measurements nobody has said which program may attest")
    func noMeasurements() async throws {
        try await StubGateway.with(answering: gateway([])) { _, url in
            let run = await genesis(url, ["--policy", path("roots.json")])
            #expect(run.status == .done)
            #expect(
                run.errors.hasPrefix(
                    "Not compared: the pivot's hash, which the request does not name; PCR0 to PCR3.\n" + Self.noNonce
                        + Self.attested
                        + "Warning: which program that enclave ran was compared with nothing but the genesis itself, "))
        }
    }

    @Test("a genesis that is not attested, or not as asked, is not saved and is printed")
    func unattested() async throws {
        let asked = JSONValue.object(
            try quorum.request.members() + [JSONMember(name: "nonce", value: .byteArray([7]))])
        try folder.write(asked.line, "asked.json")
        let bare = ["/enclave/genesis-boot": StubGateway.json(200, quorum.answer.line)]
        let cases: [([String: [UInt8]], [String], String)] = [
            (bare, [], "Error: The genesis has no attestation document, so that nothing can be verified.\n"),
            (
                [:], ["--request", path("asked.json")],
                "Error: The attestation document is not accepted: it does not have the nonce that was asked for.\n"
            ),
        ]
        for (faults, more, error) in cases {
            try await StubGateway.with(answering: gateway([], but: faults)) { _, url in
                let run = await genesis(url, policy + more)
                #expect(run.status == .failed)
                #expect(run.output.hasPrefix(#"{"quorum_public_key":"#))
                #expect(run.errors.hasPrefix("The enclave now holds this genesis; restart it to begin again."))
                #expect(run.errors.contains(error))
                #expect(!MemberFiles.exists(path("genesis.json")))
            }
        }
    }

    @Test("a trial needs no consent where the key is attested, and seals to the attested key only")
    func trial() async throws {
        let keys = try TrialQuorum.writeKeys(["alice", "bob"], to: folder)
        try await StubGateway.with(answering: gateway(["alice", "bob"])) { stub, url in
            let run = await RecordedSession.run(
                [
                    "boot", "genesis", "--request", request, "--keys", keys, "--output", path("trial"), "--url", url,
                ] + policy)
            #expect(run.status == .done)
            #expect(
                run.output.contains(
                    """
                    Saved: \(path("trial"))
                    Attested: the ephemeral key, by the word of \(KnownRoot.development.meaning)
                    Decrypted, checked and sealed: the shares of "alice", "bob"
                    """))
            #expect(
                stub.requests.map(\.path) == [
                    "/enclave/genesis-boot", "/enclave/generate-attestation", "/enclave/inject-shares",
                    "/enclave/info",
                ])
        }
    }

    @Test("where another key is attested than is told, no share leaves")
    func otherKey() async throws {
        let keys = try TrialQuorum.writeKeys(to: folder)
        try folder.write(quorum.answer.line, "kept/genesis.json")
        try folder.write(quorum.envelope.encoded(), "kept/manifest.json")
        try folder.write(quorum.commitments.line, "kept/commitments.json")
        let key = JSONValue.byteArray(try TrialQuorum.pair("mallory").publicKey.bytes)
        let lying = quorum.bootAnswer.replacing(["ephemeral_key"], with: key)
        let faults = ["/enclave/boot-standard": StubGateway.json(200, lying.line)]
        let line = ["boot", "standard", "--directory", path("kept"), "--keys", keys] + policy
        try await StubGateway.with(answering: gateway(["alice", "bob"], but: faults)) { stub, url in
            let run = await RecordedSession.run(line + ["--url", url])
            #expect(run.status == .failed)
            #expect(run.errors.hasPrefix("Error: The gateway tells another ephemeral key than the enclave attests, "))
            #expect(!stub.requests.contains { $0.path == "/enclave/inject-shares" })
        }
        try await StubGateway.with(answering: gateway(["alice", "bob"])) { _, url in
            let run = await RecordedSession.run(line + ["--url", url])
            #expect(run.status == .done)
            #expect(run.output.contains("Attested: the ephemeral key, by the word of "))
        }
    }

    @Test("a boot alone is attested too, where that is asked for")
    func bootAlone() async throws {
        let manifest = try folder.write(quorum.manifest.encoded(), "manifest.json")
        try await StubGateway.with(answering: gateway([])) { _, url in
            let run = await RecordedSession.run(
                ["boot", "standard", "--manifest", manifest, "--url", url, "--json"] + policy)
            #expect(run.status == .done)
            let json = try JSONValue(parsing: Array(run.output.utf8))
            #expect(json.member("attested_by") == .string(KnownRoot.development.rawValue))
        }
    }

    @Test("an experiment verifies nothing, so both cannot be asked for")
    func misuse() async {
        let run = await genesis("http://127.0.0.1:1", policy + ["--insecure-development"])
        #expect(run.status == .misuse)
        #expect(run.errors.hasPrefix("Error: --insecure-development verifies nothing"))
    }
}
