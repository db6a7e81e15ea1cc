// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave share inject")
struct ShareInjectTests {
    static let path = "/enclave/inject-shares"
    static let sealed = #"{"member_alias":"bob","sealed_share":[1,2],"approval":{"signature":[3]}}"#
    static let plain = #"{"member_alias":"alice","decrypted_share":"0102"}"#
    static let partial =
        #"{"success":false,"state":"WaitingForQuorumShards","shares_received":1,"threshold":2,"#
        + #""shares":[{"member_alias":"bob","accepted":true},"#
        + #"{"member_alias":"alice","accepted":false,"reason":"bad_share"}]}"#
    static let refusal =
        #"{"error":"The share is not the one.","code":422,"reason":"bad_share","request_id":"1","#
        + #""shares":[{"member_alias":"bob","accepted":false,"reason":"bad_share"}]}"#

    private func arguments(_ more: [String]) -> [String] {
        ["share", "inject", "--namespace-name", "trial", "--namespace-nonce", "7", "--share-json"] + more
    }

    @Test("all shares of all files go in one call, and each verdict is a line")
    func inject() async throws {
        let folder = try TrialFolder()
        let one = try folder.write(Self.sealed + "\n", "bob.json")
        let two = try folder.write("[\(Self.plain)]", "alice.json")
        try await StubGateway.with([Self.path: StubGateway.json(200, Self.partial)]) { gateway, url in
            let run = await RecordedSession.run(arguments([one, two, "--url", url]))
            #expect(run.status == .done)
            #expect(
                run.output == """
                    "bob"  accepted
                    "alice"  not accepted: "bad_share"
                    Shares  1 of 2
                    State   WaitingForQuorumShards

                    """)
            #expect(run.errors.isEmpty)
            #expect(
                gateway.requests == [
                    .init(
                        line: "POST \(Self.path) HTTP/1.1",
                        body: #"{"namespace_name":"trial","namespace_nonce":7,"#
                            + #""shares":[\#(Self.sealed),\#(Self.plain)]}"#
                    )
                ])
        }
    }

    @Test("the namespace comes from the manifest, whose key must be the one that is rebuilt")
    func manifest() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        let other = try TrialQuorum()
        let manifest = try folder.write(quorum.manifest.encoded(), "manifest.json")
        let line = ["share", "inject", "--share-json", "-", "--manifest", manifest, "--url"]
        let answers = [quorum, other].map { StubGateway.json(200, $0.provisioned(["bob"]).line) }
        try await StubGateway.with([Self.path: answers[0]]) { gateway, url in
            let run = await RecordedSession.run(line + [url], piped: Self.sealed)
            #expect(run.status == .done)
            #expect(
                run.output == """
                    "bob"  accepted
                    Shares      1 of 2
                    State       ApplicationReady
                    Quorum key  \(quorum.fingerprint)

                    """)
            #expect(gateway.requests.first?.body.hasPrefix(#"{"namespace_name":"trial","namespace_nonce":7,"#) == true)
        }
        try await StubGateway.with([Self.path: answers[1]]) { _, url in
            let run = await RecordedSession.run(line + [url], piped: Self.sealed)
            #expect(run.status == .failed)
            #expect(run.errors.hasPrefix("Error: The enclave now has another quorum key than the manifest's"))
        }
    }

    @Test("the files that share seal writes are sent")
    func sealedFiles() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        let envelope = quorum.genesis.output.memberOutputs[1].encryptedShare
        let signature = [UInt8](repeating: 7, count: 64)
        let sealed = try folder.write(envelope, "bob.sealed")
        let line = [
            "share", "inject", "--namespace-name", "trial", "--namespace-nonce", "7", "--sealed-share", sealed,
            "--member-alias", "bob", "--url",
        ]
        try await StubGateway.with([Self.path: StubGateway.json(200, Self.partial)]) { gateway, url in
            let missing = await RecordedSession.run(line + [url])
            #expect(missing.status == .failed)
            #expect(missing.errors.hasPrefix("Error: The approval of the sealed share of \"bob\" is missing"))
            try folder.write(#"{"signature":[1]}"#, "bob.sealed.approval")
            let short = await RecordedSession.run(line + [url])
            #expect(
                short.errors == "Error: The approval of the sealed share of \"bob\" has no signature of 64 bytes.\n")
            #expect(gateway.requests.isEmpty)
            try folder.write(JSONValue.fields(["signature": .byteArray(signature)]).line, "bob.sealed.approval")
            let run = await RecordedSession.run(line + [url])
            #expect(run.status == .done)
            let element = JSONValue.fields([
                "member_alias": .string("bob"), "sealed_share": .byteArray(envelope),
                "approval": .fields(["signature": .byteArray(signature)]),
            ])
            #expect(gateway.requests.map(\.body).last?.hasSuffix("\"shares\":[\(element.line)]}") == true)
            try folder.write([UInt8](repeating: 1, count: 33), "bob.sealed")
            let plain = await RecordedSession.run(line + [url])
            #expect(plain.errors == "Error: The sealed share of \"bob\" is not an envelope of 130 bytes.\n")
            #expect(gateway.requests.count == 1)
        }
    }

    @Test("--json prints the answer as it came")
    func json() async throws {
        try await StubGateway.with([Self.path: StubGateway.json(200, Self.partial)]) { _, url in
            let run = await RecordedSession.run(arguments(["-", "--json", "--url", url]), piped: Self.sealed)
            #expect(run.status == .done)
            #expect(run.output == Self.partial + "\n")
        }
    }

    @Test("where none is accepted, the verdicts are shown and the exit status says so")
    func refused() async throws {
        try await StubGateway.with([Self.path: StubGateway.json(422, Self.refusal)]) { _, url in
            let run = await RecordedSession.run(arguments(["-", "--url", url]), piped: Self.sealed)
            #expect(run.status == .failed)
            #expect(run.output == "\"bob\"  not accepted: \"bad_share\"\n")
            #expect(run.errors.hasPrefix("Error: The share is not the one.\n  reason: bad_share\n"))
            let json = await RecordedSession.run(arguments(["-", "--json", "--url", url]), piped: Self.sealed)
            #expect(json.status == .failed)
            #expect(json.output == Self.refusal + "\n")
        }
        let wrongState = #"{"error":"Not now.","code":409,"reason":"wrong_state","request_id":"1","state":"Genesis"}"#
        try await StubGateway.with([Self.path: StubGateway.json(409, wrongState)]) { _, url in
            let run = await RecordedSession.run(arguments(["-", "--url", url]), piped: Self.sealed)
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("state: Genesis"))
        }
        try await StubGateway.with([Self.path: StubGateway.json(200, "{}")]) { _, url in
            let run = await RecordedSession.run(arguments(["-", "--url", url]), piped: Self.sealed)
            #expect(run.status == .failed)
            #expect(run.errors.contains("that is not understood"))
        }
    }

    @Test(
        "what is no share is refused before anything is sent, and not repeated",
        arguments: [
            "", "[]", "{}", "[1,2,3]", #"{"member_alias":"winner"}"#,
            #"{"member_alias":"a","sealed_share":[1],"decrypted_share":[1]}"#,
            #"{"member_alias":"a","sealed_share":["winner"]}"#, #"{"member_alias":"a","decrypted_share":"winner"}"#,
            #"{"member_alias":1,"sealed_share":[1]}"#, #"{"member_alias":"a","sealed_share":[1],"more":"winner"}"#,
        ]
    )
    func noShare(text: String) async {
        let run = await RecordedSession.run(arguments(["-", "--url", "http://127.0.0.1:1"]), piped: text)
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("Error: File 1 has no share as it is injected.\n"))
        #expect(!run.errors.contains("winner"))
    }

    @Test("a plain share is warned of where others can read its file, and not repeated where it stands for a name")
    func warnings() async throws {
        let folder = try TrialFolder()
        let file = try folder.write(Self.plain, "alice.json")
        try folder.openToOthers("alice.json")
        try await StubGateway.with([Self.path: StubGateway.json(200, Self.partial)]) { _, url in
            let run = await RecordedSession.run(arguments([file, "--url", url]))
            #expect(run.status == .done)
            #expect(run.errors.hasPrefix("Warning: the file of the share is open to other users"))
        }
        let run = await RecordedSession.run(arguments(["winner"]))
        #expect(run.status == .failed)
        #expect(!run.errors.contains("winner"))
    }

    @Test(
        "the namespace is named in one way",
        arguments: [
            ["--share-json", "-"], ["--share-json", "-", "--namespace-name", "n"],
            ["--share-json", "-", "--namespace-nonce", "1"],
            ["--share-json", "-", "--manifest", "m", "--namespace-name", "n", "--namespace-nonce", "1"],
            ["--share-json", "-", "--manifest", "-"], ["--sealed-share", "s", "--manifest", "m"],
            ["--sealed-share", "-", "--member-alias", "a", "--share-json", "-", "--manifest", "m"],
            ["--manifest", "m"], ["s3cret", "--manifest", "m"],
        ]
    )
    func misuse(more: [String]) async {
        let run = await RecordedSession.run(["share", "inject"] + more)
        #expect(run.status == .misuse)
        #expect(!run.errors.contains("s3cret"))
    }
}
