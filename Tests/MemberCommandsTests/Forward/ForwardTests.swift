// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave forward")
struct ForwardTests {
    let folder: TrialFolder
    let quorum: TrialQuorum
    let source: StubEnclave

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum(recovery: true)
        source = try StubEnclave.holding(quorum)
        try folder.write(TrialModule.policy, "policy.json")
    }

    private var keyCheck: String { String(quorum.fingerprint.prefix(16)) }

    private func run(_ from: String, _ to: [String], _ more: [String] = []) async -> RecordedSession {
        await RecordedSession.run(["forward", "--from", from] + to.flatMap { ["--to", $0] } + more)
    }

    // MARK: The exchange

    @Test("the whole exchange is held, and each check is a line")
    func whole() async throws {
        let target = try StubEnclave.fresh(quorum)
        try await source.with([target]) { from, to, stubs in
            let run = await run(from, to, ["--expect-key", quorum.fingerprint.uppercased()])
            #expect(run.status == .done)
            #expect(run.errors.isEmpty)
            let hash = Hex.encode(quorum.genesis.manifest.hash)
            let lines = run.outputLines
            #expect(
                Array(lines.prefix(8)) == [
                    "Source \(from)", "  ApplicationReady: quorum key \(quorum.fingerprint), key check \(keyCheck)",
                    "  Manifest: \(hash), namespace \"trial\", nonce 7, of the same quorum key",
                    "  Compared: the quorum key is the expected one", "Target \(to[0])",
                    "  In WaitingForBootInstruction",
                    "  Has the manifest: it computes the same hash, \(hash)",
                    "  Challenged by the source: a nonce that is good for one document",
                ])
            #expect(lines[8] == "  Document: carries the nonce")
            #expect(lines[9] == "  Document: names the manifest's hash")
            #expect(lines[10] == "  Document: PCR0 to PCR3 are the manifest's")
            #expect(lines[11].hasPrefix("  Document: the key is the one that the gateway tells, "))
            #expect(lines[12] == "  Document: PCR16 binds the key to the manifest")
            #expect(
                Array(lines.dropFirst(13)) == [
                    "  Document: not verified here (--root, --policy); the source verifies it",
                    "  Exported: the source accepts the document, and the quorum key signed what it sealed",
                    "  ApplicationReady: holds the same quorum key, by fingerprint and key check", "",
                ])
            #expect(target.phase == "ApplicationReady")
            #expect(
                stubs[0].requests.map(\.line) == [
                    "GET /enclave/info HTTP/1.1", "GET /enclave/manifest HTTP/1.1",
                    "POST /enclave/export-challenge HTTP/1.1", "POST /enclave/export-key HTTP/1.1",
                ])
            #expect(
                stubs[1].requests.map(\.line) == [
                    "GET /enclave/info HTTP/1.1", "POST /enclave/share-manifest HTTP/1.1",
                    "POST /enclave/generate-attestation HTTP/1.1", "POST /enclave/inject-key HTTP/1.1",
                    "GET /enclave/info HTTP/1.1",
                ])
        }
    }

    @Test("a second time there is nothing to do, and that is done")
    func again() async throws {
        let target = try StubEnclave.fresh(quorum)
        try await source.with([target]) { from, to, stubs in
            #expect(await run(from, to).status == .done)
            let before = stubs[1].requests.count
            let again = await run(from, to)
            #expect(again.status == .done)
            #expect(
                again.output.hasSuffix(
                    """
                    Target \(to[0])
                      ApplicationReady: holds the same quorum key already, by fingerprint and key check

                    """))
            #expect(stubs[1].requests.count == before + 1)
        }
    }

    @Test("several targets get it, from one source")
    func star() async throws {
        let targets = try (0..<3).map { _ in try StubEnclave.fresh(quorum) }
        try await source.with(targets) { from, to, _ in
            let run = await RecordedSession.run(["forward", "--from", from, "--to"] + to)
            #expect(run.status == .done)
            #expect(targets.map(\.phase) == Array(repeating: "ApplicationReady", count: 3))
        }
    }

    @Test("one that has the key gives it to the next")
    func chain() async throws {
        let (first, second) = (try StubEnclave.fresh(quorum), try StubEnclave.fresh(quorum))
        try await source.with([first, second]) { from, to, _ in
            #expect(await run(from, [to[0]]).status == .done)
            #expect(await run(to[0], [to[1]]).status == .done)
            #expect(second.phase == "ApplicationReady")
        }
    }

    @Test("with a policy the document is verified here too")
    func verified() async throws {
        let target = try StubEnclave.fresh(quorum)
        try await source.with([target]) { from, to, _ in
            let run = await run(from, to, ["--policy", folder.path(of: "policy.json")])
            #expect(run.status == .done)
            #expect(
                run.output.contains(
                    "  Document: verified here, by the word of \(KnownRoot.development.meaning)\n"))
        }
    }

    @Test("a document that the policy does not accept ends it before the source is asked for the key")
    func refusedDocument() async throws {
        let aws = try folder.write("{}", "aws.json")
        let target = try StubEnclave.fresh(quorum)
        try await source.with([target]) { from, to, stubs in
            let run = await run(from, to, ["--policy", aws])
            #expect(run.status == .failed)
            #expect(run.errors.contains("Error: \(to[0]): The attestation document is not accepted: "))
            #expect(!stubs[0].requests.contains { $0.path == "/enclave/export-key" })
        }
    }

    @Test("it may end anywhere, and be begun again", arguments: [false, true])
    func interrupted(afterwards isAfterwards: Bool) async throws {
        let target = try StubEnclave.fresh(quorum)
        let paths = ["/enclave/share-manifest", "/enclave/generate-attestation", "/enclave/inject-key"]
        try await source.with([target]) { from, to, _ in
            for path in ["/enclave/export-challenge", "/enclave/export-key"] {
                source.fail(path, with: Self.cut, afterwards: isAfterwards)
                let broken = await run(from, to)
                #expect(broken.status == .failed)
                #expect(broken.errors.contains("Error: \(to[0]): The gateway at \(from) cannot be reached: "))
                source.fail(path, with: nil)
            }
            for path in paths {
                target.fail(path, with: Self.cut, afterwards: isAfterwards)
                let broken = await run(from, to)
                #expect(broken.status == .failed)
                #expect(broken.errors.contains("Error: \(to[0]): The gateway at \(to[0]) cannot be reached: "))
                target.fail(path, with: nil)
            }
            #expect(target.phase == (isAfterwards ? "ApplicationReady" : "WaitingForForwardedKey"))
            #expect(await run(from, to).status == .done)
            #expect(target.phase == "ApplicationReady")
        }
    }

    /// An answer of which the connection ends in the middle.
    static let cut = Array("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\n{".utf8)

    @Test("a gateway that does not answer is named, and the next target is tried")
    func unreachable() async throws {
        let target = try StubEnclave.fresh(quorum)
        try await source.with([target]) { from, to, _ in
            let gone = "http://127.0.0.1:1"
            let run = await RecordedSession.run(["forward", "--from", from, "--to", gone, to[0]])
            #expect(run.status == .failed)
            #expect(
                run.errors.contains("Error: \(gone): The gateway at \(gone) cannot be reached: connection refused.\n"))
            #expect(target.phase == "ApplicationReady")
        }
    }

    @Test("each exchange has a limit of its own, so that it is clear who does not answer")
    func silent() async throws {
        try await StubGateway.with(answering: { _ in nil }) { _, url in
            let address = try #require(GatewayAddress(url))
            let expected = CommandFailure.unreachable(address, because: "no answer within 0 s")
            _ = try await GatewayClient.withClients(of: [.standard, address], timeLimit: .milliseconds(20)) { clients in
                await #expect(throws: expected) { _ = try await clients[1].get("/enclave/info") }
            }
        }
    }

    // MARK: A later manifest

    @Test("a later manifest is given instead of the source's own")
    func later() async throws {
        let manifest = try quorum.manifest(nonce: 8)
        let envelope = try quorum.approved(manifest)
        let file = try folder.write(envelope.encoded(), "later.json")
        try await source.with([StubEnclave.fresh(quorum)]) { from, to, stubs in
            let run = await run(from, to, ["--manifest", file, "--json"])
            #expect(run.status == .done)
            let json = try JSONValue(parsing: Array(run.output.utf8))
            #expect(json.member("manifest_hash") == .string(Hex.encode(manifest.hash())))
            let sent = try JSONValue(parsing: Array(stubs[1].requests[1].body.utf8))
            #expect(sent.member("manifest_envelope") == envelope.json)
            #expect(sent.member("share_commitments") == quorum.commitments)
            let again = await self.run(from, to)
            #expect(again.status == .done)
            #expect(again.output.contains("\n  Under another manifest, \(Hex.encode(manifest.hash())); "))
        }
    }

    @Test("a manifest for which the source would not forward is refused with the reason, before any target is asked")
    func noSuccessor() async throws {
        var share = try quorum.manifest(nonce: 8)
        share.shareSet.threshold = 3
        var approvers = try quorum.manifest(nonce: 8)
        approvers.manifestSet.threshold = 3
        var elsewhere = try quorum.manifest(nonce: 8)
        elsewhere.namespace.name = "other"
        let cases: [(Manifest, String)] = [
            (try TrialQuorum().manifest, "is of another quorum key"),
            (elsewhere, #"is of the namespace "other", not "trial""#),
            (try quorum.manifest(nonce: 6), "has nonce 6, which is not above 7"),
            (try quorum.manifest(nonce: 7, arguments: ["x"]), "has nonce 7, which is not above 7"),
            (approvers, "has another manifest set"), (share, "has another share set"),
            (try quorum.manifest(nonce: 8), "has 0 valid approvals of the 2 that it needs"),
        ]
        try await source.with([StubEnclave.fresh(quorum)]) { from, to, stubs in
            for (manifest, reason) in cases {
                let file = try folder.write(manifest.encoded(), "later.json")
                let run = await run(from, to, ["--manifest", file])
                #expect(run.status == .failed)
                #expect(
                    run.errors
                        == "Error: The source would not forward its key: the manifest of --manifest \(reason).\n")
            }
            #expect(stubs[1].requests.isEmpty)
        }
    }

    @Test(
        "a later manifest needs as many valid approvals as its set says, before any target is asked",
        arguments: [(["alice"], 1), (["alice", "alice"], 1), (["bob", "mallory"], 1), ([], 0)]
    )
    func unapproved(aliases: [String], valid: Int) async throws {
        let envelope = try quorum.approved(quorum.manifest(nonce: 8), by: aliases)
        let file = try folder.write(envelope.encoded(), "later.json")
        try await source.with([StubEnclave.fresh(quorum)]) { from, to, stubs in
            let run = await run(from, to, ["--manifest", file])
            #expect(run.status == .failed)
            #expect(
                run.errors
                    == "Error: The source would not forward its key: the manifest of --manifest has \(valid) valid "
                    + "approvals of the 2 that it needs.\n")
            #expect(stubs[1].requests.isEmpty)
        }
    }

    @Test("the source's own manifest may be named too, with no approvals as it has none")
    func sameManifest() async throws {
        let file = try folder.write(quorum.envelope.encoded(), "same.json")
        try await source.with([StubEnclave.fresh(quorum)]) { from, to, _ in
            #expect(await run(from, to, ["--manifest", file]).status == .done)
        }
    }

    // MARK: For scripts

    @Test("--json is one object with a verdict on each target")
    func json() async throws {
        let (good, bad) = (try StubEnclave.fresh(quorum), try StubEnclave.fresh(quorum, in: "GenesisBooted"))
        try await source.with([good, bad]) { from, to, _ in
            let run = await run(from, to, ["--json", "--expect-key", quorum.fingerprint])
            #expect(run.status == .failed)
            let json = try JSONValue(parsing: Array(run.output.utf8))
            #expect(
                try json.members().map(\.name) == [
                    "from", "quorum_key_fingerprint", "key_check", "manifest_hash", "targets",
                ])
            #expect(json.member("from") == .string(from))
            #expect(json.member("key_check") == .string(keyCheck))
            let targets = try json.required("targets").elements()
            #expect(targets.map { $0.member("url") } == to.map { .string($0) })
            #expect(targets.map { $0.member("done") } == [.bool(true), .bool(false)])
            #expect(targets.map { $0.member("outcome") } == [.string("forwarded"), .string("failed")])
            #expect(targets[0].member("error") == .null)
            #expect(
                targets[1].member("error")
                    == .string("The enclave is in \"GenesisBooted\", where it takes no forwarded key."))
        }
    }

    @Test(
        "what is used wrongly ends with 2, before anything is asked, and no address is repeated",
        arguments: [
            [], ["--from", "http://127.0.0.1:1"], ["--to", "http://127.0.0.1:1"],
            ["--from", "ftp://x", "--to", "http://127.0.0.1:1"],
            ["--from", "http://127.0.0.1:1", "--to", "http://me:hunter2@127.0.0.1"],
            ["--from", "http://127.0.0.1:1", "--to", "http://127.0.0.1:1/"],
            ["--from", "http://127.0.0.1:1", "--to", "http://127.0.0.1:2", "http://127.0.0.1:2"],
            ["--from", "http://127.0.0.1:1", "--to", "http://127.0.0.1:2", "--expect-key", "12"],
            ["--from", "http://127.0.0.1:1", "--to", "http://127.0.0.1:2", "--manifest", "-", "--policy", "-"],
        ]
    )
    func misuse(arguments: [String]) async {
        let run = await RecordedSession.run(["forward"] + arguments)
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains("hunter2"))
    }

    @Test("a pinned key in the environment that is no fingerprint is misuse")
    func misusedVariable() async {
        let run = await RecordedSession.run(
            ["forward", "--from", "http://127.0.0.1:1", "--to", "http://127.0.0.1:2"],
            environment: ["EXPECTED_QUORUM_KEY": "12"])
        #expect(run.status == .misuse)
        #expect(run.errors == "Error: EXPECTED_QUORUM_KEY must be a fingerprint: 64 hexadecimal characters.\n")
    }
}
