// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave share seal")
struct ShareSealTests {
    let folder: TrialFolder
    let quorum: TrialQuorum

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        try folder.write(quorum.manifest.encoded(), "manifest.json")
        try folder.write(quorum.answer.line, "genesis.json")
        try folder.write(quorum.bootAnswer.line, "boot.json")
        try folder.write(Hex.encode(quorum.ephemeral.publicKey.bytes), "ephemeral.pub")
        for alias in ["bob", "mallory"] { try folder.write(TrialQuorum.secret(alias), "\(alias).secret") }
    }

    private func arguments(_ more: [String] = [], key: String = "bob", alias: String = "bob") -> [String] {
        [
            "share", "seal", "--key", path("\(key).secret"), "--alias", alias, "--manifest", path("manifest.json"),
            "--state", path("state"), "--insecure-development",
        ] + more
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    private func isGenuine(_ run: RecordedSession) throws -> Bool {
        try quorum.isGenuine(JSONValue(parsing: Array(run.output.utf8)), of: "bob")
    }

    @Test("the share in the answer to a genesis is sealed to the key in it, and approved")
    func genesisAnswer() async throws {
        let run = await RecordedSession.run(arguments(["--answer", path("genesis.json")]))
        #expect(run.status == .done)
        #expect(try isGenuine(run))
        let fingerprint = Hex.encode(quorum.ephemeral.publicKey.fingerprint)
        #expect(run.errors.hasSuffix("Sealed to \(fingerprint), for which NO attestation document vouches\n"))
    }

    @Test("the share of a genesis is sealed to another enclave, whose key is in its answer or a file")
    func otherEnclave() async throws {
        for source in [["--answer", path("boot.json")], ["--ephemeral-key", path("ephemeral.pub")]] {
            let run = await RecordedSession.run(arguments(["--genesis", path("genesis.json")] + source + ["--json"]))
            #expect(run.status == .done)
            #expect(try isGenuine(run))
        }
    }

    @Test("the share may be plain in any form, or sealed to the member")
    func shareForms() async throws {
        let share = try quorum.share("bob")
        let forms: [[UInt8]] = [
            share, Array((Hex.encode(share) + "\n").utf8), Array(JSONValue.byteArray(share).line.utf8),
            quorum.genesis.output.memberOutputs[1].encryptedShare,
        ]
        for form in forms {
            try folder.write(form, "bob.share")
            for source in [["--ephemeral-key", path("ephemeral.pub")], ["--answer", path("genesis.json")]] {
                let run = await RecordedSession.run(arguments(["--share", path("bob.share")] + source))
                #expect(run.status == .done)
                #expect(try isGenuine(run))
                #expect(!run.output.contains(Hex.encode(share)))
            }
        }
    }

    @Test("without a file the gateway is asked for the genesis again")
    func gateway() async throws {
        try await StubGateway.with(["/enclave/genesis": StubGateway.json(200, quorum.answer.line)]) { gateway, url in
            let run = await RecordedSession.run(arguments(["--url", url]))
            #expect(run.status == .done)
            let genuine = try isGenuine(run)
            #expect(genuine)
            #expect(gateway.requests == [.init(line: "GET /enclave/genesis HTTP/1.1", body: "")])
        }
    }

    @Test("a gateway without a genesis is an answer of its own")
    func noGenesis() async throws {
        let refusal = #"{"error":"There is no genesis.","code":404,"reason":"no_genesis","request_id":"1"}"#
        try await StubGateway.with(["/enclave/genesis": StubGateway.json(404, refusal)]) { _, url in
            let run = await RecordedSession.run(arguments(["--genesis", path("genesis.json"), "--url", url]))
            #expect(run.status == .failed)
            #expect(run.errors.hasSuffix("That of boot standard has the key: --answer.\n"))
        }
    }

    @Test("--output writes the envelope and the approval beside it, once")
    func output() async throws {
        let more = ["--answer", path("genesis.json"), "--output", path("bob.sealed")]
        let run = await RecordedSession.run(arguments(more))
        #expect(run.status == .done)
        #expect(run.output == "Sealed share: \(path("bob.sealed"))\nApproval: \(path("bob.sealed.approval"))\n")
        let envelope = try folder.bytes("bob.sealed")
        let approval = try JSONValue(parsing: folder.bytes("bob.sealed.approval"))
        let element = JSONValue.fields([
            "member_alias": .string("bob"), "sealed_share": .byteArray(envelope), "approval": approval,
        ])
        #expect(try quorum.isGenuine(element, of: "bob"))
        let again = await RecordedSession.run(arguments(more))
        #expect(again.status == .failed)
        #expect(again.errors.hasSuffix("--force replaces it.\n"))
        let forced = await RecordedSession.run(arguments(more + ["--force", "--json"]))
        #expect(forced.status == .done)
        #expect(try isGenuine(forced))
    }

    @Test("the enclave must have the member's own manifest")
    func otherManifest() async throws {
        let other = try TrialQuorum(nonce: 8)
        for answer in [other.answer, other.bootAnswer] {
            try folder.write(answer.line, "other.json")
            let run = await RecordedSession.run(
                arguments(["--genesis", path("genesis.json"), "--answer", path("other.json")]))
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(
                run.errors == """
                    Error: The enclave has another manifest than yours: \(Hex.encode(other.genesis.manifest.hash)).
                      hint: Yours is \(Hex.encode(quorum.genesis.manifest.hash)).

                    """)
        }
    }

    @Test(
        "an answer that does not say enough is refused",
        arguments: [
            ("{}", "Error: The answer has no ephemeral_key.\n"),
            ("[", "Error: The answer is not JSON as a gateway writes it.\n"),
            (
                #"{"ephemeral_key":[1]}"#,
                "Error: The field ephemeral_key of the answer is not what it must be: "
                    + "a public key is shorter than 130 bytes.\n"
            ),
        ]
    )
    func poorAnswer(text: String, error: String) async throws {
        try folder.write(text, "poor.json")
        let run = await RecordedSession.run(
            arguments(["--genesis", path("genesis.json"), "--answer", path("poor.json")]))
        #expect(run.status == .failed)
        #expect(run.errors == error)
    }

    @Test("an answer without a manifest hash is refused")
    func noHash() async throws {
        try folder.write(
            JSONValue.fields(["ephemeral_key": .byteArray(quorum.ephemeral.publicKey.bytes)]).line, "poor.json")
        let run = await RecordedSession.run(
            arguments(["--genesis", path("genesis.json"), "--answer", path("poor.json")]))
        #expect(run.errors == "Error: The answer does not say which manifest the enclave has.\n")
    }

    @Test("a share that is not the member's is refused")
    func wrongShares() async throws {
        let alice = try quorum.share("alice")
        var far = alice
        far[0] = 9
        var other = alice
        other[0] = 2
        let cases: [([UInt8], [String], String)] = [
            (other, ["--answer", path("genesis.json")], "The share is not the one that the genesis committed to"),
            (alice, ["--ephemeral-key", path("ephemeral.pub")], "The share has number 1, but this member's is 2."),
            (far, ["--ephemeral-key", path("ephemeral.pub")], "The share has number 9, but this member's is 2."),
            ([1, 2, 3], ["--ephemeral-key", path("ephemeral.pub")], "This is no share"),
            (
                quorum.genesis.output.memberOutputs[0].encryptedShare, ["--answer", path("genesis.json")],
                "The share is encrypted to another key than this one, or was changed."
            ),
        ]
        for (share, source, sentence) in cases {
            try folder.write(share, "wrong.share")
            let run = await RecordedSession.run(arguments(["--share", path("wrong.share")] + source))
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("Error: \(sentence)"))
        }
    }

    @Test("a share of which no hash is known is warned of")
    func noShareHash() async throws {
        try folder.write(quorum.share("bob"), "bob.share")
        for (source, isWarned) in [("ephemeral.pub", true), ("boot.json", true), ("genesis.json", false)] {
            let option = source == "ephemeral.pub" ? "--ephemeral-key" : "--answer"
            let run = await RecordedSession.run(arguments(["--share", path("bob.share"), option, path(source)]))
            #expect(run.status == .done)
            #expect(run.errors.contains("Warning: without the answer to the genesis") == isWarned)
        }
    }

    @Test("an answer that names another quorum key than the manifest is refused")
    func otherKeyInAnswer() async throws {
        let key = try TrialQuorum.pair("other").publicKey
        let answer = JSONValue.object(
            try quorum.bootAnswer.members() + [
                JSONMember(name: "quorum_public_key", value: .byteArray(key.bytes))
            ])
        try folder.write(answer.line, "other.json")
        let run = await RecordedSession.run(
            arguments(["--genesis", path("genesis.json"), "--answer", path("other.json")]))
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("Error: The answer names another quorum key than your manifest"))
    }

    @Test("a genesis of another key is refused")
    func otherGenesis() async throws {
        try folder.write(TrialQuorum().answer.line, "other.json")
        let run = await RecordedSession.run(
            arguments(["--genesis", path("other.json"), "--answer", path("boot.json")]))
        #expect(run.status == .failed)
        #expect(run.errors == "Error: The genesis is of another quorum key than the manifest.\n")
    }

    @Test("strangers are refused")
    func strangers() async throws {
        let source = ["--answer", path("genesis.json")]
        let alias = await RecordedSession.run(arguments(source, alias: "mallory"))
        let key = await RecordedSession.run(arguments(source, key: "mallory"))
        #expect(alias.errors == #"Error: There is no "mallory" in the share set of this manifest."# + "\n")
        #expect(key.errors == #"Error: The key of "bob" in the share set of this manifest is not yours."# + "\n")
        #expect([alias.status, key.status] == [.failed, .failed])
    }

    @Test("a lower nonce is refused without --rollback")
    func nonces() async throws {
        #expect(await RecordedSession.run(arguments(["--answer", path("genesis.json")])).status == .done)
        let older = try quorum.manifest(nonce: 6)
        try folder.write(older.encoded(), "manifest.json")
        let line = arguments(["--genesis", path("genesis.json"), "--ephemeral-key", path("ephemeral.pub")])
        let lower = await RecordedSession.run(line)
        #expect(lower.status == .failed)
        #expect(lower.errors.contains("you have agreed to nonce 7 of it, and this manifest has 6"))
        let allowed = await RecordedSession.run(line + ["--rollback"])
        #expect(allowed.status == .done)
        let element = try JSONValue(parsing: Array(allowed.output.utf8))
        #expect(try quorum.isGenuine(element, of: "bob", manifestHash: older.hash()))
    }

    @Test(
        "what cannot be meant is misuse, and nothing of it is repeated",
        arguments: [
            ["--share", "s", "--genesis", "g"], ["--ephemeral-key", "e", "--answer", "a"], ["--ephemeral-key", "e"],
            ["--share", "-", "--answer", "-"], ["s3cret"],
        ]
    )
    func misuse(more: [String]) async {
        let run = await RecordedSession.run(arguments(more))
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains("s3cret"))
    }
}
