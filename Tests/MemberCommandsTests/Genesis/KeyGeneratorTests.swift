// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Quorum
import Synchronization
import Testing

@testable import MemberCommands

@Suite("genesis_key_generator")
struct KeyGeneratorTests {
    let folder: TrialFolder

    init() throws {
        folder = try TrialFolder()
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    private func names(_ name: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
    }

    private func run(
        members: Int = 3, threshold: Int = 2, output: String = "genesis_request.json", _ more: [String] = []
    ) async -> GeneratorSession {
        await GeneratorSession.run(
            ["--member-count", "\(members)", "--threshold", "\(threshold)", "--output", path(output)] + more)
    }

    // MARK: What it writes

    @Test("the request is in the envelope, with the keys whose secrets are in the files")
    func request() async throws {
        let run = await run(["--timestamp-ms", "1700000000000", "--organization-id", "org"])
        #expect(run.status == .done)
        let members = try (1...3).map { index -> JSONValue in
            let secret = try folder.text("genesis_request.keys/member\(index).secret")
            let pair = try SeedFile.read(Array(secret.utf8).span)
            #expect(!run.output.contains(secret.dropLast()))
            return .fields(["alias": .string("member\(index)"), "pub_key": .byteArray(pair.publicKey.bytes)])
        }
        let expected = JSONValue.fields([
            "type": .string("ACTIVITY_TYPE_GENESIS_BOOT"),
            "timestampMs": .string("1700000000000"),
            "organizationId": .string("org"),
            "parameters": .fields([
                "namespace_name": .string("qos-namespace"), "namespace_nonce": .count(12_345),
                "manifest_members": .array(members), "share_members": .array(members), "threshold": .count(2),
                "pivot": .fields(["hash": .byteArray([UInt8](repeating: 0, count: 32)), "args": .array([])]),
                "dr_key": .null,
            ]),
        ])
        #expect(try folder.text("genesis_request.json") == expected.line + "\n")
    }

    @Test("only the owner can read the keys, and they alone lie in the directory")
    func modes() async throws {
        #expect(await run().status == .done)
        #expect(try names() == ["genesis_request.json", "genesis_request.keys"])
        #expect(try names("genesis_request.keys") == ["member1.secret", "member2.secret", "member3.secret"])
        #expect(try folder.permissions("genesis_request.keys") == 0o700)
        for index in 1...3 { #expect(try folder.permissions("genesis_request.keys/member\(index).secret") == 0o600) }
        #expect(try folder.permissions("genesis_request.json") == 0o644)
    }

    @Test("what was asked for stands in the request, and the next step on the screen")
    func options() async throws {
        let recovery = try TrialQuorum.pair("recovery").publicKey
        try folder.write(Hex.encode(recovery.bytes) + "\n", "dr.pub")
        let run = await run(
            output: "a b.json",
            [
                "--namespace-name", "trial", "--namespace-nonce", "7", "--alias-prefix", "m", "--keys-dir",
                path("keys"),
                "--pivot-hash", String(repeating: "ab", count: 32), "--dr-key", path("dr.pub"),
            ])
        #expect(run.status == .done)
        let request = try GenesisRequest(reading: folder.bytes("a b.json"))
        #expect(request.namespaceName == "trial")
        #expect(request.namespaceNonce == 7)
        #expect(request.shareSet == request.manifestSet)
        #expect(request.shareSet.threshold == 2)
        #expect(request.shareSet.members.map(\.alias) == ["m1", "m2", "m3"])
        #expect(request.pivotHash == [UInt8](repeating: 0xab, count: 32))
        #expect(request.recoveryKey == recovery.bytes)
        #expect(try names("keys") == ["m1.secret", "m2.secret", "m3.secret"])
        let next =
            "  curl -sS -H 'Content-Type: application/json' --data-binary '@\(path("a b.json"))' "
            + "http://127.0.0.1:3000/enclave/genesis-boot\n"
        #expect(run.output.hasSuffix("\nNext:\n" + next))
    }

    @Test("a stray -- before the arguments is no misuse")
    func stray() async throws {
        let run = await GeneratorSession.run(
            ["--", "--member-count", "2", "--threshold", "2", "--output", path("r.json")])
        #expect(run.status == .done)
        #expect(try names() == ["r.json", "r.keys"])
    }

    @Test("an output without .json gets .keys behind its name")
    func otherEnding() async throws {
        #expect(await run(output: "request").status == .done)
        #expect(try names() == ["request", "request.keys"])
    }

    @Test("the timestamp is now, in milliseconds and as a string")
    func timestamp() async throws {
        #expect(await run().status == .done)
        let json = try JSONValue(parsing: folder.bytes("genesis_request.json"))
        let text = try json.required("timestampMs").text()
        #expect(try #require(UInt64(text)) > 1_700_000_000_000)
    }

    @Test("255 members have 255 keys")
    func most() async throws {
        let run = await run(members: 255, threshold: 255, ["--json"])
        #expect(run.status == .done)
        #expect(try names("genesis_request.keys").count == 255)
        let members = try JSONValue(parsing: Array(run.output.utf8)).required("members").elements()
        #expect(Set(try members.map { try $0.required("fingerprint").text() }).count == 255)
        #expect(try members[254].required("secret_file") == .string(path("genesis_request.keys/member255.secret")))
    }

    @Test("under a passphrase every key opens with it")
    func passphrase() async throws {
        try folder.write("pass\n", "passphrase")
        #expect(await run(members: 2, ["--passphrase-file", path("passphrase")]).status == .done)
        let text = try folder.bytes("genesis_request.keys/member2.secret")
        let pair = try EncryptedKeyFile.open(text.span, passphrase: Array("pass".utf8).span)
        let request = try GenesisRequest(reading: folder.bytes("genesis_request.json"))
        #expect(request.shareSet.members[1].publicKey == pair.publicKey.bytes)
    }

    // MARK: What it leaves alone

    @Test(
        "nothing at all is written where one of the files is there",
        arguments: ["genesis_request.json", "genesis_request.keys/member3.secret"]
    )
    func present(name: String) async throws {
        try folder.write("older", name)
        let run = await run()
        #expect(run.status == .failed)
        #expect(run.errors.hasSuffix("is already there, and nothing was written.\n  hint: --force replaces it.\n"))
        #expect(try folder.text(name) == "older")
        #expect(try names() == [name.prefix { $0 != "/" }.description])
        if name.contains("/") { #expect(try names("genesis_request.keys") == ["member3.secret"]) }
        #expect(await self.run(["--force"]).status == .done)
        #expect(try folder.text(name) != "older")
    }

    @Test("where the request cannot be written no key is left")
    func unwritable() async throws {
        let run = await run(output: "missing/r.json", ["--keys-dir", path("keys")])
        #expect(run.status == .failed)
        #expect(run.errors.hasSuffix("r.json cannot be written: No such file or directory.\n"))
        #expect(try names().isEmpty)
        try folder.write("", "directory/file")
        #expect(await self.run(output: "directory", ["--keys-dir", path("keys"), "--force"]).status == .failed)
        #expect(try names() == ["directory"])
    }

    @Test("a recovery key that is none stops it before anything is written")
    func badRecoveryKey() async throws {
        try folder.write("00", "dr.pub")
        #expect(await run(["--dr-key", path("dr.pub")]).status == .failed)
        #expect(try names() == ["dr.pub"])
    }

    // MARK: Misuse

    @Test(
        "numbers that make no quorum are misuse",
        arguments: [
            (1, 2, "--member-count must be 2 to 255."), (0, 0, "--member-count must be 2 to 255."),
            (256, 2, "--member-count must be 2 to 255."), (-1, 2, "--member-count must be 2 to 255."),
            (3, 1, "--threshold must be 2 to 3, the number of members."),
            (3, 4, "--threshold must be 2 to 3, the number of members."),
        ]
    )
    func numbers(members: Int, threshold: Int, sentence: String) async throws {
        let run = await run(members: members, threshold: threshold)
        #expect(run.status == .misuse)
        #expect(run.errors.contains(sentence))
        #expect(try names().isEmpty)
    }

    @Test(
        "words that cannot be used are misuse, and are not repeated where they may be a secret",
        arguments: [
            ["hunter2"], ["--alias-prefix", "a/b"], ["--alias-prefix", "a.b"], ["--namespace-name", ""],
            ["--namespace-nonce", "4294967296"], ["--pivot-hash", "ab"], ["--frobnicate"],
            ["--passphrase-file", "-", "--dr-key", "-"], ["--passphrase-file", "x", "--passphrase-prompt"],
        ]
    )
    func words(more: [String]) async throws {
        let run = await run(more)
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains("hunter2"))
        #expect(try names().isEmpty)
    }

    @Test("help and version are answers", arguments: ["--help", "--version"])
    func answers(argument: String) async {
        let run = await GeneratorSession.run([argument])
        #expect(run.status == .done)
        #expect(!run.output.isEmpty)
    }
}

/// A whole command line of the generator, with everything that it says written down.
private struct GeneratorSession {
    private final class Paper: Sendable {
        private let text = Mutex("")

        func add(_ more: String) { text.withLock { $0 += more } }

        var all: String { text.withLock { $0 } }
    }

    let status: CommandStatus
    let output: String
    let errors: String

    static func run(_ arguments: [String]) async -> Self {
        let (output, errors) = (Paper(), Paper())
        let session = CommandSession(
            environment: { _ in nil },
            input: RecordedSession.Input(),
            output: CommandOutput(
                isTerminal: false,
                standardOutput: { text throws(OutputError) in output.add(text) },
                standardError: { text throws(OutputError) in errors.add(text) }
            ),
            timeLimit: .seconds(60)
        )
        let status = await KeyGeneratorCommand.run(commandLine: arguments, in: session)
        return Self(status: status, output: output.all, errors: errors.all)
    }
}
