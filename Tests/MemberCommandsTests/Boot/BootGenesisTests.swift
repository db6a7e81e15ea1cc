// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Synchronization
import Testing

@testable import MemberCommands

@Suite("renclave boot genesis")
struct BootGenesisTests {
    let folder: TrialFolder
    let quorum: TrialQuorum
    let request: String

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        request = try folder.write(quorum.request.line, "request.json")
    }

    private var answers: [String: [UInt8]?] {
        [
            "/enclave/genesis-boot": StubGateway.json(200, quorum.answer.line),
            "/enclave/inject-shares": StubGateway.json(200, quorum.provisioned(["alice", "bob"]).line),
            "/enclave/info": StubGateway.json(200, quorum.information().line),
        ]
    }

    private func arguments(_ url: String, _ more: [String] = []) -> [String] {
        ["boot", "genesis", "--request", request, "--url", url] + more
    }

    @Test("the request is sent as it is, and the answer compared and saved")
    func genesis() async throws {
        try await StubGateway.with(answers) { gateway, url in
            let output = folder.path(of: "genesis.json")
            let run = await RecordedSession.run(arguments(url, ["--output", output]))
            #expect(run.status == .done)
            #expect(
                run.output == """
                    Genesis: quorum key \(quorum.fingerprint)
                    Compared: the genesis is what the request asks for, and agrees with itself
                    Saved: \(output)

                    """)
            #expect(
                run.errors == """
                    Not compared: the pivot's hash, which the request does not name; PCR0 to PCR3 and the root.
                    Warning: No verified attestation document vouches that an enclave made this genesis: its gateway \
                    could hide a recovery key, or have made the key itself. --root or --policy verifies it.

                    """)
            let saved = try folder.text("genesis.json")
            #expect(saved == quorum.answer.line)
            #expect(
                gateway.requests == [.init(line: "POST /enclave/genesis-boot HTTP/1.1", body: quorum.request.line)])
        }
    }

    @Test("a file that is there is kept, and nothing is asked of the gateway")
    func noOverwriting() async throws {
        let output = try folder.write("precious", "genesis.json")
        try await StubGateway.with(answers) { gateway, url in
            let run = await RecordedSession.run(arguments(url, ["--output", output]))
            #expect(run.status == .failed)
            let kept = try folder.text("genesis.json")
            #expect(kept == "precious")
            #expect(gateway.requests.isEmpty)
            let forced = await RecordedSession.run(arguments(url, ["--output", output, "--force"]))
            #expect(forced.status == .done)
            let replaced = try folder.text("genesis.json")
            #expect(replaced == quorum.answer.line)
        }
    }

    @Test("where the answer cannot be written, nothing is asked; where it no longer can be, it is printed")
    func unwritable() async throws {
        try await StubGateway.with(answers) { gateway, url in
            let run = await RecordedSession.run(arguments(url, ["--output", folder.path(of: "none/genesis.json")]))
            #expect(run.status == .failed)
            #expect(run.errors.contains("cannot be written"))
            #expect(gateway.requests.isEmpty)
        }
        let answer = GatewayAnswer(status: 200, requestIdentifier: nil, body: Array(#"{"a":1}"#.utf8))
        let printed = Mutex("")
        let screen = CommandOutput(
            isTerminal: false,
            standardOutput: { text throws(OutputError) in printed.withLock { $0 += text } },
            standardError: { text throws(OutputError) in printed.withLock { $0 += text } })
        await #expect(throws: CommandFailure.failed("Full.")) {
            try await BootAnswerFile.keeping(answer, on: screen, remarking: "It is not saved.") {
                throw CommandFailure.failed("Full.")
            }
        }
        #expect(
            printed.withLock { $0 } == """
                It is not saved. The answer is printed on standard output, since it is nowhere else: keep it.
                {"a":1}

                """)
    }

    @Test("a trial does not give a known namespace another key unnoticed, and leaves no record")
    func knownNamespace() async throws {
        let keys = try TrialQuorum.writeKeys(to: folder)
        let zeros = String(repeating: "0", count: 64)
        let record =
            #"{"namespaces":[{"name":"trial","quorum_key_fingerprint":"\#(zeros)","#
            + #""nonce":1,"manifest_hash":"\#(zeros)"}]}"#
        try folder.write(record, "state/nonces.json")
        try await StubGateway.with(answers) { gateway, url in
            let line = arguments(
                url,
                [
                    "--keys", keys, "--output", folder.path(of: "trial"), "--insecure-development", "--state",
                    folder.path(of: "state"),
                ])
            let run = await RecordedSession.run(line)
            #expect(run.status == .failed)
            #expect(run.errors.contains("you know it with another quorum key, 0000"))
            #expect(gateway.requests.isEmpty)
            let allowed = await RecordedSession.run(line + ["--new-quorum-key"])
            #expect(allowed.status == .done)
            let kept = try folder.text("state/nonces.json")
            #expect(kept == record)
        }
    }

    @Test("a genesis that nobody asked for is refused, not saved, and printed, since the enclave now holds it")
    func otherGenesis() async throws {
        let other = try TrialQuorum(nonce: 8, recovery: true)
        let born = ["/enclave/genesis-boot": StubGateway.json(200, other.answer.line)]
        try await StubGateway.with(born) { _, url in
            let run = await RecordedSession.run(arguments(url, ["--output", folder.path(of: "genesis.json")]))
            #expect(run.status == .failed)
            #expect(run.output == other.answer.line + "\n")
            #expect(run.errors.hasPrefix("The enclave now holds this genesis; restart it to begin again."))
            #expect(run.errors.contains("Error: The genesis is not the one that the request asks for.\n"))
            #expect(run.errors.contains("differs: the nonce is 8, not 7"))
            #expect(run.errors.contains("differs: the seed is also sealed to a disaster recovery key"))
            #expect(!MemberFiles.exists(folder.path(of: "genesis.json")))
        }
    }

    @Test("a refusal of the gateway is shown")
    func refusal() async throws {
        let body = #"{"error":"Not now.","code":409,"reason":"wrong_state","request_id":"1","state":"GenesisBooted"}"#
        try await StubGateway.with(["/enclave/genesis-boot": StubGateway.json(409, body)]) { _, url in
            let run = await RecordedSession.run(arguments(url))
            #expect(run.status == .failed)
            #expect(run.errors.hasPrefix("Error: Not now.\n  reason: wrong_state\n"))
        }
    }

    @Test("with the keys at hand, the whole ceremony is held and shown, and kept")
    func trial() async throws {
        let keys = try TrialQuorum.writeKeys(["alice", "bob"], to: folder)
        try await StubGateway.with(answers) { gateway, url in
            let output = folder.path(of: "kept/trial")
            let run = await RecordedSession.run(
                arguments(url, ["--keys", keys, "--output", output, "--insecure-development"]))
            #expect(run.status == .done)
            #expect(
                run.output == """
                    Genesis: quorum key \(quorum.fingerprint)
                    Compared: the genesis is what the request asks for, and agrees with itself
                    Saved: \(output)
                    Decrypted, checked and sealed: the shares of "alice", "bob"
                    Injected: "alice"  accepted
                    Injected: "bob"  accepted
                    ApplicationReady: quorum key \(quorum.fingerprint), key check 0102030405060708

                    """)
            #expect(
                gateway.requests.map(\.line) == [
                    "POST /enclave/genesis-boot HTTP/1.1", "POST /enclave/inject-shares HTTP/1.1",
                    "GET /enclave/info HTTP/1.1",
                ])
            let sent = try JSONValue(parsing: Array(gateway.requests[1].body.utf8))
            let shares = try sent.required("shares").elements()
            #expect(shares.count == 2)
            let areGenuine = [
                try quorum.isGenuine(shares[0], of: "alice"), try quorum.isGenuine(shares[1], of: "bob"),
            ]
            #expect(areGenuine == [true, true])
            #expect(sent.member("namespace_name") == .string("trial"))
            #expect(sent.member("namespace_nonce") == .count(7))
        }
        #expect(try folder.text("kept/trial/genesis.json") == quorum.answer.line)
        #expect(try folder.bytes("kept/trial/manifest.json") == quorum.envelope.encoded())
        #expect(try folder.text("kept/trial/commitments.json") == quorum.commitments.line)
        #expect(
            try folder.text("kept/trial/key.json")
                == #"{"quorum_key_fingerprint":"\#(quorum.fingerprint)","key_check":"0102030405060708"}"#)
    }

    @Test("--json prints one object at the end")
    func json() async throws {
        let keys = try TrialQuorum.writeKeys(to: folder)
        try await StubGateway.with(answers) { _, url in
            let output = folder.path(of: "trial")
            let run = await RecordedSession.run(
                arguments(url, ["--keys", keys, "--output", output, "--insecure-development", "--json"]))
            #expect(run.status == .done)
            #expect(run.outputLines.count == 2)
            let answer = try JSONValue(parsing: Array(run.output.utf8))
            #expect(
                try answer.members().map(\.name) == [
                    "quorum_key_fingerprint", "manifest_hash", "ephemeral_key_fingerprint", "threshold", "output",
                    "shares", "state", "key_check",
                ])
            #expect(answer.member("manifest_hash") == .string(Hex.encode(quorum.genesis.manifest.hash)))
            #expect(answer.member("key_check") == .string("0102030405060708"))
        }
    }

    @Test("everything that can be found wrong before the genesis is found before")
    func before() async throws {
        let all = try TrialQuorum.writeKeys(to: folder)
        try folder.write(TrialQuorum.secret("alice"), "few/alice.secret")
        try folder.write(TrialQuorum.secret("mallory"), "wrong/alice.secret")
        let output = ["--output", folder.path(of: "trial")]
        let consent = ["--insecure-development"]
        let cases: [([String], CommandStatus, String)] = [
            (["--keys", all], .misuse, "With --keys, name a directory with --output"),
            (["--keys", all] + output, .failed, "No verified attestation document"),
            (["--keys", folder.path(of: "few")] + output + consent, .failed, "There are keys of 1 share members"),
            (["--keys", folder.path(of: "wrong")] + output + consent, .failed, #"The key of "alice" in "#),
            (["--passphrase-file", "p"], .misuse, "--passphrase-file is for the keys of --keys."),
            (["--request", folder.path(of: "keys/bob.secret")], .failed, "The request is not one for a genesis"),
        ]
        try await StubGateway.with(answers) { gateway, url in
            for (more, status, sentence) in cases {
                let run = await RecordedSession.run(arguments(url, more))
                #expect(run.status == status)
                #expect(run.errors.contains(sentence))
            }
            #expect(gateway.requests.isEmpty)
        }
    }

    @Test("an enclave that ends with another key, or none, is a failure")
    func noKey() async throws {
        let keys = try TrialQuorum.writeKeys(to: folder)
        let other = try TrialQuorum()
        let cases: [(String, [UInt8], String)] = [
            (
                "/enclave/inject-shares", StubGateway.json(200, ShareInjectTests.partial),
                #"The enclave took 1 of 2 shares and is in "WaitingForQuorumShards""#
            ),
            (
                "/enclave/inject-shares", StubGateway.json(200, other.provisioned(["alice", "bob"]).line),
                "without the manifest's quorum key"
            ),
            ("/enclave/inject-shares", StubGateway.json(422, ShareInjectTests.refusal), "The share is not the one."),
            ("/enclave/info", StubGateway.json(200, other.information().line), "holds another quorum key"),
            (
                "/enclave/info", StubGateway.json(200, #"{"state":"WaitingForQuorumShards"}"#),
                #"The enclave is in "WaitingForQuorumShards" and holds no quorum key."#
            ),
        ]
        for (index, (path, answer, sentence)) in cases.enumerated() {
            var answers = answers
            answers[path] = answer
            try await StubGateway.with(answers) { _, url in
                let output = folder.path(of: "trial\(index)")
                let run = await RecordedSession.run(
                    arguments(url, ["--keys", keys, "--output", output, "--insecure-development"]))
                #expect(run.status == .failed)
                #expect(run.errors.contains(sentence))
                #expect(!MemberFiles.exists("\(output)/key.json"))
            }
        }
    }
}
