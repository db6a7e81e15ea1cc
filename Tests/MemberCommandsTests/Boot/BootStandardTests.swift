// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave boot standard")
struct BootStandardTests {
    let folder: TrialFolder
    let quorum: TrialQuorum

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        try folder.write(quorum.answer.line, "kept/genesis.json")
        try folder.write(quorum.envelope.encoded(), "kept/manifest.json")
        try folder.write(quorum.commitments.line, "kept/commitments.json")
        try folder.write(
            #"{"quorum_key_fingerprint":"\#(quorum.fingerprint)","key_check":"0102030405060708"}"#, "kept/key.json")
    }

    private var kept: [String] { ["--directory", folder.path(of: "kept")] }

    private func answers(keyCheck: String = "0102030405060708") -> [String: [UInt8]?] {
        [
            "/enclave/boot-standard": StubGateway.json(200, quorum.bootAnswer.line),
            "/enclave/inject-shares": StubGateway.json(200, quorum.provisioned(["alice", "carol"]).line),
            "/enclave/info": StubGateway.json(200, quorum.information(keyCheck: keyCheck).line),
        ]
    }

    private func arguments(_ url: String, _ more: [String]) -> [String] {
        ["boot", "standard", "--url", url] + more
    }

    private var body: String {
        JSONValue.fields(["manifest_envelope": quorum.envelope.json, "share_commitments": quorum.commitments]).line
    }

    private var booted: String {
        "Booted: WaitingForQuorumShards, 0 approvals counted, 2 shares needed, "
            + "ephemeral key \(Hex.encode(quorum.ephemeral.publicKey.fingerprint))\n"
    }

    @Test("manifest and commitments are sent, wherever the commitments come from, and the answer is saved")
    func sources() async throws {
        let manifest = folder.path(of: "kept/manifest.json")
        let sources = [
            ["--manifest", manifest, "--commitments", folder.path(of: "kept/commitments.json")],
            ["--manifest", manifest, "--answer", folder.path(of: "kept/genesis.json")],
            ["--manifest", folder.path(of: "kept/genesis.json")], kept,
        ]
        try await StubGateway.with(answers()) { gateway, url in
            for (index, source) in sources.enumerated() {
                let output = folder.path(of: "boot\(index).json")
                let run = await RecordedSession.run(arguments(url, source + ["--output", output]))
                #expect(run.status == .done)
                #expect(run.output == booted + "Saved: \(output)\n")
                let saved = try folder.text("boot\(index).json")
                #expect(saved == quorum.bootAnswer.line)
            }
            let request = StubGateway.Request(line: "POST /enclave/boot-standard HTTP/1.1", body: body)
            #expect(gateway.requests == [request, request, request, request])
        }
    }

    @Test("a manifest alone is sent in an envelope without approvals, and without commitments")
    func manifestAlone() async throws {
        let manifest = try folder.write(quorum.manifest.encoded(), "manifest.json")
        try await StubGateway.with(answers()) { gateway, url in
            let run = await RecordedSession.run(arguments(url, ["--manifest", manifest, "--json"]))
            #expect(run.status == .done)
            let answer = try JSONValue(parsing: Array(run.output.utf8))
            #expect(
                try answer.members().map(\.name) == [
                    "state_after_boot", "manifest_hash", "ephemeral_key_fingerprint", "threshold",
                    "approvals_counted",
                ])
            #expect(
                gateway.requests.map(\.body)
                    == [JSONValue.fields(["manifest_envelope": quorum.envelope.json]).line])
        }
    }

    @Test("with what was kept and the keys, the next enclave gets the same key")
    func recovery() async throws {
        let keys = try TrialQuorum.writeKeys(["alice", "carol"], to: folder)
        try await StubGateway.with(answers()) { gateway, url in
            let run = await RecordedSession.run(
                arguments(url, kept + ["--keys", keys, "--insecure-development"]))
            #expect(run.status == .done)
            #expect(
                run.output == booted + """
                    Decrypted, checked and sealed: the shares of "alice", "carol"
                    Injected: "alice"  accepted
                    Injected: "carol"  accepted
                    ApplicationReady: quorum key \(quorum.fingerprint), key check 0102030405060708
                    Compared: the key check is the one that was saved

                    """)
            let sent = try JSONValue(parsing: Array(gateway.requests[1].body.utf8))
            let shares = try sent.required("shares").elements()
            let areGenuine = [
                try quorum.isGenuine(shares[0], of: "alice"), try quorum.isGenuine(shares[1], of: "carol"),
            ]
            #expect(areGenuine == [true, true])
        }
    }

    @Test("another key check is a failure; none that was saved is said")
    func keyCheck() async throws {
        let keys = try TrialQuorum.writeKeys(to: folder)
        let more = kept + ["--keys", keys, "--insecure-development"]
        try await StubGateway.with(answers(keyCheck: "ff02030405060708")) { _, url in
            let run = await RecordedSession.run(arguments(url, more))
            #expect(run.status == .failed)
            #expect(run.errors == "Error: The key check is not the one that was saved: this is another key.\n")
            try folder.remove("kept/key.json")
            let unknown = await RecordedSession.run(arguments(url, more))
            #expect(unknown.status == .done)
            #expect(unknown.output.hasSuffix("Not compared: no key check was saved after the genesis\n"))
        }
    }

    @Test("an enclave with another manifest is refused")
    func otherManifest() async throws {
        var answers = answers()
        answers["/enclave/boot-standard"] = StubGateway.json(200, try TrialQuorum(nonce: 8).bootAnswer.line)
        try await StubGateway.with(answers) { _, url in
            let run = await RecordedSession.run(arguments(url, kept))
            #expect(run.status == .failed)
            #expect(run.output.hasPrefix(#"{"state":"WaitingForQuorumShards","#))
            #expect(run.errors.hasPrefix("The enclave has booted, but the answer is not saved."))
            #expect(run.errors.contains("Error: The enclave took another manifest: "))
        }
        answers["/enclave/boot-standard"] = StubGateway.json(200, "{}")
        try await StubGateway.with(answers) { _, url in
            let run = await RecordedSession.run(arguments(url, kept))
            #expect(run.status == .failed)
            #expect(run.errors.contains("that is not understood"))
        }
    }

    @Test("everything that can be found wrong before the boot is found before")
    func before() async throws {
        let other = try TrialQuorum()
        let keys = try TrialQuorum.writeKeys(to: folder)
        let manifest = ["--manifest", folder.path(of: "kept/manifest.json")]
        let foreign = try folder.write(other.commitments.line, "foreign.json")
        try folder.write(other.envelope.encoded(), "mixed/manifest.json")
        try folder.write(quorum.answer.line, "mixed/genesis.json")
        try folder.write(quorum.commitments.line, "mixed/commitments.json")
        let cases: [([String], CommandStatus, String)] = [
            ([], .misuse, "Name either --manifest or --directory."),
            (manifest + kept, .misuse, "Name either --manifest or --directory."),
            (manifest + ["--commitments", "c", "--answer", "a"], .misuse, "exclude each other"),
            (manifest + ["--keys", keys], .misuse, "--keys needs --directory"),
            (kept + ["--keys", keys], .failed, "No verified attestation document"),
            (
                manifest + ["--commitments", foreign], .failed,
                "The share commitments are not those of this manifest's quorum key"
            ),
            (manifest + ["--commitments", keys + "/bob.secret"], .failed, "The share commitments are not JSON."),
            (manifest + ["--answer", foreign], .failed, "The answer has no share_commitments."),
            (["--directory", folder.path(of: "mixed")], .failed, "is of another quorum key than its genesis"),
            (["--directory", folder.path(of: "nowhere")], .failed, "cannot be read: No such file or directory."),
        ]
        try await StubGateway.with(answers()) { gateway, url in
            for (more, status, sentence) in cases {
                let run = await RecordedSession.run(arguments(url, more))
                #expect(run.status == status, "\(more)")
                #expect(run.errors.contains(sentence), "\(more)")
            }
            #expect(gateway.requests.isEmpty)
        }
    }
}
