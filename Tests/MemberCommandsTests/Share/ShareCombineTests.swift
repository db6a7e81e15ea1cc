// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave share combine")
struct ShareCombineTests {
    let folder: TrialFolder
    let quorum: TrialQuorum

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        try folder.write(Hex.encode(quorum.genesis.manifest.quorumKey.bytes) + "\n", "quorum_key.pub")
        try folder.write(quorum.answer.line, "genesis.json")
        try folder.write(quorum.share("alice"), "1.share")
        try folder.write(Hex.encode(quorum.share("bob")) + "\n", "2.share")
        try folder.write(JSONValue.byteArray(quorum.share("carol")).line, "3.share")
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    private func run(_ shares: [String], _ more: [String]) async -> RecordedSession {
        await RecordedSession.run(
            ["share", "combine", "--share"] + shares.map(path) + ["--output", path("quorum.secret")] + more)
    }

    private var byKey: [String] { ["--public-key", path("quorum_key.pub")] }
    private var byGenesis: [String] { ["--genesis", path("genesis.json")] }

    private func expectNothingWritten() {
        #expect(!FileManager.default.fileExists(atPath: path("quorum.secret")))
    }

    @Test(
        "enough shares in any form and order give the secret key, for its owner alone",
        arguments: [["1.share", "2.share"], ["3.share", "1.share"], ["2.share", "3.share", "1.share"]]
    )
    func combined(shares: [String]) async throws {
        for target in [byKey, byGenesis] {
            let run = await run(shares, target + ["--force"])
            #expect(run.status == .done)
            let text = try folder.text("quorum.secret")
            #expect(text.utf8.count == 65)
            #expect(try folder.permissions("quorum.secret") == 0o600)
            #expect(try SeedFile.read(Array(text.utf8).span).publicKey == quorum.genesis.manifest.quorumKey)
            #expect(run.output.contains(quorum.fingerprint))
            #expect(!(run.output + run.errors).contains(text.dropLast()))
        }
    }

    @Test("QuorumOS's shares give QuorumOS's seed, checked by its genesis output in both layouts")
    func vectors() async throws {
        let vectors = try GenesisVectors.read()
        for (index, share) in vectors.plainShares.enumerated() { try folder.write(share, "\(index + 1).share") }
        for output in [vectors.current, vectors.legacy] {
            try folder.write(try #require(Hex.decode(output.borsh)), "genesis.json")
            let run = await run(["1.share", "2.share"], byGenesis + ["--force"])
            #expect(run.status == .done)
            #expect(try folder.text("quorum.secret") == vectors.quorumMasterSeed + "\n")
        }
    }

    @Test("--json has the file and what is public of the key")
    func json() async throws {
        let run = await run(["1.share", "2.share"], byKey + ["--json"])
        #expect(
            try JSONValue(parsing: Array(run.output.utf8))
                == .fields([
                    "secret_file": .string(path("quorum.secret")),
                    "public_key": .string(Hex.encode(quorum.genesis.manifest.quorumKey.bytes)),
                    "fingerprint": .string(quorum.fingerprint),
                ])
        )
    }

    @Test("the key is written under a passphrase where one is given")
    func passphrase() async throws {
        let passphrase = try folder.write("pass", "passphrase")
        let run = await run(["1.share", "2.share"], byKey + ["--passphrase-file", passphrase])
        #expect(run.status == .done)
        let text = Array(try folder.text("quorum.secret").utf8)
        let isEncrypted = EncryptedKeyFile.isEncrypted(text.span)
        #expect(isEncrypted)
        let pair = try EncryptedKeyFile.open(text.span, passphrase: Array("pass".utf8).span)
        #expect(pair.publicKey == quorum.genesis.manifest.quorumKey)
    }

    @Test("a wrong share gives another key, which is refused; with the genesis it is named")
    func wrongShare() async throws {
        var share = try quorum.share("bob")
        share[9] ^= 1
        try folder.write(share, "2.share")
        let byKey = await run(["1.share", "2.share"], byKey)
        #expect(byKey.status == .failed)
        #expect(byKey.errors.hasPrefix("Error: These shares do not give this quorum key, and nothing was written.\n"))
        let byGenesis = await run(["1.share", "2.share"], byGenesis)
        #expect(byGenesis.status == .failed)
        #expect(byGenesis.errors == "Error: Share 2 is not the one that \"bob\" got in this genesis.\n")
        expectNothingWritten()
    }

    @Test("too few shares are refused, with their number where the genesis is known")
    func tooFew() async throws {
        let other = try TrialQuorum(nonce: 8)
        try folder.write(other.answer.line, "genesis.json")
        let foreign = await run(["1.share", "2.share"], byGenesis)
        #expect(foreign.status == .failed)
        #expect(foreign.errors == "Error: Share 1 is not the one that \"alice\" got in this genesis.\n")
        try folder.write([4] + quorum.share("carol").dropFirst(), "3.share")
        try folder.write(quorum.answer.line, "genesis.json")
        let number = await run(["1.share", "3.share"], byGenesis)
        #expect(number.errors == "Error: Share 2 is not of this genesis: it has number 4 of 3.\n")
        expectNothingWritten()
    }

    @Test("one share twice, a share with number 0, an encrypted one and what is none are refused by their place")
    func places() async throws {
        let cases: [([UInt8], String)] = [
            (try quorum.share("alice"), "Share 1 and share 2 are both the share with number 1."),
            ([UInt8](repeating: 0, count: 33), "Share 2 is not a share: its number is 0."),
            (
                quorum.genesis.output.memberOutputs[1].encryptedShare,
                "Share 2 is still encrypted.\n  hint: Its member decrypts it: renclave share decrypt"
            ),
            ([1, 2, 3], "Share 2 is not a share: 33 bytes, raw, in hexadecimal or as a JSON array."),
        ]
        for (share, sentence) in cases {
            try folder.write(share, "2.share")
            let run = await run(["1.share", "2.share"], byKey)
            #expect(run.status == .failed)
            #expect(run.errors == "Error: \(sentence)\n")
        }
        let missing = await run(["1.share", "9.share"], byKey)
        #expect(missing.errors == "Error: The share 2 cannot be read: No such file or directory.\n")
        expectNothingWritten()
    }

    @Test("a file that is there is kept without --force")
    func present() async throws {
        try folder.write("older", "quorum.secret")
        #expect(await run(["1.share", "2.share"], byKey).status == .failed)
        #expect(try folder.text("quorum.secret") == "older")
    }

    @Test("a directory that is missing leaves nothing")
    func unwritable() async throws {
        let arguments = ["share", "combine", "--share", path("1.share"), "--share", path("2.share")]
        let run = await RecordedSession.run(arguments + byKey + ["--output", path("missing/quorum.secret")])
        #expect(run.status == .failed)
        #expect(run.errors.hasSuffix("cannot be written: No such file or directory.\n"))
    }

    @Test(
        "what is used wrongly ends with 2",
        arguments: [
            ["--share", "a", "b", "--output", "o"], ["--share", "a", "--public-key", "k", "--output", "o"],
            ["--share", "a", "b", "--public-key", "k"], ["--output", "o", "--public-key", "k"],
            ["--share", "a", "b", "--public-key", "k", "--genesis", "g", "--output", "o"],
            ["--share", "-", "-", "--public-key", "k", "--output", "o"],
            ["hunter2", "--share", "a", "b", "--public-key", "k", "--output", "o"],
            ["--share", "a", "b", "--public-key", "k", "--output", "-"],
        ]
    )
    func misuse(arguments: [String]) async {
        let run = await RecordedSession.run(["share", "combine"] + arguments)
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains("hunter2"))
    }
}
