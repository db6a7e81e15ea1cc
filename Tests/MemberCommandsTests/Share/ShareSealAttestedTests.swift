// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave share seal to an attested enclave")
struct ShareSealAttestedTests {
    let folder: TrialFolder
    let quorum: TrialQuorum
    let module: TrialModule

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        module = try TrialModule()
        try folder.write(quorum.manifest.encoded(), "manifest.json")
        try folder.write(quorum.answer.line, "genesis.json")
        try folder.write(quorum.bootAnswer.line, "boot.json")
        try folder.write(TrialQuorum.secret("bob"), "bob.secret")
        try folder.write(TrialModule.policy, "policy.json")
        try folder.write(module.setup(of: quorum, nonce: [1, 2, 3]), "setup.cbor")
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    private func seal(
        _ more: [String], policy: Bool = true, clock: Moment = TrialModule.moment
    ) async
        -> RecordedSession
    {
        let line = [
            "share", "seal", "--key", path("bob.secret"), "--alias", "bob", "--manifest", path("manifest.json"),
            "--state", path("state"),
        ]
        return await RecordedSession.run(
            line + (policy ? ["--policy", path("policy.json")] : []) + more, clock: clock)
    }

    private var genesis: [String] { ["--genesis", path("genesis.json")] }

    private func isGenuine(_ run: RecordedSession) throws -> Bool {
        try quorum.isGenuine(JSONValue(parsing: Array(run.output.utf8)), of: "bob")
    }

    /// Answers as a gateway whose enclave waits for shares.
    private func gateway(genesis answer: JSONValue? = nil) -> @Sendable (StubGateway.Request) -> [UInt8]? {
        let (quorum, module) = (quorum, module)
        let genesis = (answer ?? quorum.answer).line
        return { request in
            switch request.line {
            case "GET /enclave/genesis HTTP/1.1": return StubGateway.json(200, genesis)
            case "POST /enclave/generate-attestation HTTP/1.1":
                guard let nonce = TrialModule.nonce(in: request), nonce.count == 32,
                    let document = try? module.setup(of: quorum, nonce: nonce)
                else { return StubGateway.notFound }
                return StubGateway.json(200, TrialModule.answer(document))
            default: return StubGateway.notFound
            }
        }
    }

    @Test("the gateway is asked for a document with a fresh nonce, and the share is sealed to the attested key")
    func gateway() async throws {
        try await StubGateway.with(answering: gateway()) { stub, url in
            let run = await seal(genesis + ["--url", url])
            #expect(run.status == .done)
            let genuine = try isGenuine(run)
            #expect(genuine)
            let fingerprint = Hex.encode(quorum.ephemeral.publicKey.fingerprint)
            #expect(
                run.errors.hasSuffix(
                    "Sealed to \(fingerprint), attested by the word of \(KnownRoot.development.meaning)\n"))
            #expect(stub.requests.map(\.path) == ["/enclave/generate-attestation"])
        }
    }

    @Test("where no file has the share, the gateway is asked for the genesis too")
    func share() async throws {
        try await StubGateway.with(answering: gateway()) { stub, url in
            let run = await seal(["--url", url])
            #expect(run.status == .done)
            let genuine = try isGenuine(run)
            #expect(genuine)
            #expect(stub.requests.map(\.path) == ["/enclave/genesis", "/enclave/generate-attestation"])
        }
    }

    @Test("the document may be in a file, in any form, with a nonce of the member's or a remark")
    func document() async throws {
        try folder.write(TrialModule.answer(module.setup(of: quorum, nonce: [1, 2, 3])), "setup.json")
        for file in ["setup.cbor", "setup.json"] {
            let run = await seal(genesis + ["--document", path(file), "--nonce", "010203"])
            #expect(run.status == .done)
            #expect(try isGenuine(run))
            #expect(!run.errors.contains("Not compared"))
            let bare = await seal(genesis + ["--document", path(file)])
            #expect(bare.status == .done)
            #expect(bare.errors.hasPrefix("Not compared: a nonce, so the document may be an old one"))
        }
        let other = await seal(genesis + ["--document", path("setup.cbor"), "--nonce", "010204"])
        #expect(other.status == .failed)
        #expect(other.output.isEmpty)
        #expect(
            other.errors
                == "Error: The attestation document is not accepted: it does not have the nonce that was asked for.\n")
    }

    @Test("an answer that tells the key too must tell the same one")
    func answer() async throws {
        let document = ["--document", path("setup.cbor"), "--nonce", "010203"]
        for more in [["--answer", path("genesis.json")], genesis + ["--answer", path("boot.json")]] {
            #expect(await seal(document + more).status == .done)
        }
        try folder.write(Hex.encode(TrialQuorum.pair("mallory").publicKey.bytes), "other.pub")
        let run = await seal(document + genesis + ["--ephemeral-key", path("other.pub")])
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("Error: The gateway tells another ephemeral key than the enclave attests, "))
        let key = JSONValue.byteArray(try TrialQuorum.pair("mallory").publicKey.bytes)
        let lying = quorum.answer.replacing(["ephemeral_key"], with: key)
        try await StubGateway.with(answering: gateway(genesis: lying)) { _, url in
            let run = await seal(["--url", url])
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.hasPrefix("Error: The gateway tells another ephemeral key than the enclave attests, "))
        }
    }

    @Test("without --root and --policy the root is AWS's, and nothing is sealed for a development enclave")
    func aws() async throws {
        let run = await seal(genesis + ["--document", path("setup.cbor"), "--nonce", "010203"], policy: false)
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(
            run.errors == """
                Error: The attestation document is not accepted: its certificates come from a root that is not trusted \
                here.
                  hint: --root or --policy names the roots that you trust.

                """)
        #expect(!MemberFiles.exists(path("state/nonces.json")))
    }

    @Test("a document of an enclave with another manifest, program or key is refused")
    func otherEnclaves() async throws {
        var registers = TrialModule.registers
        registers[0][0] ^= 1
        let documents: [([UInt8], String)] = [
            (try module.setup(of: TrialQuorum(nonce: 8)), "The attested enclave has another manifest than yours: "),
            (
                try TrialModule(registers: registers).setup(of: quorum),
                "The attestation document is not accepted: PCR0 is not one that is accepted."
            ),
            (try module.genesis(of: quorum), "The attestation document binds no key to a manifest: "),
        ]
        for (document, sentence) in documents {
            try folder.write(document, "other.cbor")
            let run = await seal(genesis + ["--document", path("other.cbor")])
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("Error: \(sentence)"))
        }
    }

    @Test("a document is too old when its certificate is")
    func expired() async throws {
        let late = Moment(milliseconds: TrialModule.moment.milliseconds + 86_400_000)
        let run = await seal(genesis + ["--document", path("setup.cbor")], clock: late)
        #expect(run.status == .failed)
        #expect(run.errors.contains("a certificate was no longer valid at the time in question."))
    }

    @Test(
        "what cannot be meant is misuse",
        arguments: [
            ["--document", "d"], ["--nonce", "01"], ["--genesis", "g", "--document", "d", "--nonce", ""],
            ["--genesis", "g", "--document", "d", "--nonce", "xy"], ["--insecure-development"],
            ["--genesis", "-", "--document", "-"], ["--genesis", "g", "--root", "-", "--document", "-"],
        ]
    )
    func misuse(more: [String]) async {
        let run = await seal(more)
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
    }
}
