// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave share decrypt")
struct ShareDecryptTests {
    let folder: TrialFolder
    let quorum: TrialQuorum

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        try folder.write(quorum.answer.line, "genesis.json")
        try folder.write(quorum.request.line, "request.json")
        for name in ["alice", "bob", "mallory"] { try folder.write(TrialQuorum.secret(name), "\(name).secret") }
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    private func run(
        key: String = "bob", alias: String = "bob", genesis: String = "genesis.json", _ more: [String] = []
    ) async -> RecordedSession {
        await RecordedSession.run(
            [
                "share", "decrypt", "--key", path("\(key).secret"), "--genesis", path(genesis), "--alias", alias,
            ] + more)
    }

    private var request: [String] { ["--request", path("request.json")] }

    // MARK: What it gives

    @Test("with --json standard output is the array that decrypted_share takes, and nothing else")
    func json() async throws {
        let run = await run(request + ["--json"])
        #expect(run.status == .done)
        #expect(run.output == JSONValue.byteArray(try quorum.share("bob")).line + "\n")
    }

    @Test("without --output it is hexadecimal, with the facts beside it")
    func hexadecimal() async throws {
        let run = await run(request)
        #expect(run.status == .done)
        #expect(run.output == Hex.encode(try quorum.share("bob")) + "\n")
        #expect(run.errors.contains("Namespace      \"trial\", nonce 7\n"))
        #expect(run.errors.contains("Share set      2 of 3\n"))
        for (index, alias) in TrialQuorum.aliases.enumerated() {
            let fingerprint = Hex.encode(quorum.pairs[index].publicKey.fingerprint)
            #expect(run.errors.contains("\(index + 1). \"\(alias)\" \(fingerprint)\n"))
        }
        #expect(run.errors.contains("Quorum key     \(quorum.fingerprint)\n"))
        #expect(run.errors.contains("Recovery key   none named (not attested)\n"))
        #expect(
            run.errors.hasPrefix(
                """
                Not compared: the pivot's hash, which the request does not name; PCR0 to PCR3 and the root.
                Warning: No verified attestation document vouches that an enclave made this genesis: its gateway \
                could hide a recovery key, or have made the key itself. --root or --policy verifies it.

                """))
        #expect(!run.errors.contains(run.output))
    }

    @Test("with --output the 33 bytes are for their owner alone, and the screen has the facts only")
    func output() async throws {
        let target = path("bob.share")
        let run = await run(request + ["--output", target])
        #expect(run.status == .done)
        #expect(try folder.bytes("bob.share") == quorum.share("bob"))
        #expect(try folder.permissions("bob.share") == 0o600)
        #expect(run.output.hasSuffix("The share was written to \(target).\n"))
        #expect(!run.output.contains(Hex.encode(try quorum.share("bob"))))
        let again = await self.run(request + ["--output", target])
        #expect(again.status == .failed)
        #expect(
            again.errors
                == "Error: \(target) is already there, and nothing was written.\n  hint: --force replaces it.\n")
        #expect(await self.run(request + ["--output", target, "--force"]).status == .done)
    }

    @Test("the answer and the request are also read from standard input, in either form of a request")
    func standardInput() async throws {
        let arguments = ["share", "decrypt", "--key", path("bob.secret"), "--alias", "bob", "--json", "--genesis"]
        let piped = await RecordedSession.run(arguments + ["-"] + request, piped: quorum.answer.line)
        #expect(piped.status == .done)
        let asked = try GenesisRequest(reading: Array(quorum.request.line.utf8))
        try folder.write(asked.json(milliseconds: 1, organization: "o").line, "request.json")
        #expect(await run(request).status == .done)
    }

    @Test("the recovery key is shown, and must be the one that was asked for")
    func recoveryKey() async throws {
        let recovered = try TrialQuorum(recovery: true)
        try folder.write(recovered.answer.line, "genesis.json")
        let refused = await run(request)
        #expect(refused.status == .failed)
        #expect(
            refused.errors.contains("differs: the seed is also sealed to a disaster recovery key that nobody asked for")
        )
        try folder.write(recovered.request.line, "request.json")
        let done = await run(request)
        #expect(done.status == .done)
        let fingerprint = Hex.encode(try TrialQuorum.pair("recovery").publicKey.fingerprint)
        #expect(done.errors.contains("Recovery key   \(fingerprint): its holder alone has the whole key\n"))
    }

    @Test("without --request the member is told that nobody compared anything")
    func unchecked() async {
        let run = await run()
        #expect(run.status == .done)
        #expect(run.errors.hasPrefix("Warning: without --request nobody has compared this genesis "))
    }

    // MARK: Whose share

    @Test("alias and key must both be the member's, and each mismatch is said as what it is")
    func own() async throws {
        let fingerprint = Hex.encode(try TrialQuorum.pair("mallory").publicKey.fingerprint)
        let bob = Hex.encode(quorum.pairs[1].publicKey.fingerprint)
        let alice = Hex.encode(quorum.pairs[0].publicKey.fingerprint)
        let cases = [
            (
                "bob", "alice",
                "\"alice\" has another key in the share set: \(alice).\n  hint: The key \(bob) is that of \"bob\"."
            ),
            (
                "mallory", "bob",
                "\"bob\" has another key in the share set: \(bob).\n  hint: Nobody in it has the key \(fingerprint)."
            ),
            ("bob", "dave", "The share set has no \"dave\"; this key is that of \"bob\"."),
            ("mallory", "dave", "The share set has no \"dave\", and nobody in it has the key \(fingerprint)."),
        ]
        for (key, alias, sentence) in cases {
            let run = await run(key: key, alias: alias, request)
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.hasSuffix("Error: \(sentence)\n"))
        }
    }

    // MARK: The request

    @Test(
        "a genesis that is not the one that was asked for is refused, with every difference",
        arguments: [
            (["namespace_name"], .string("other"), "the namespace is \"trial\", not \"other\""),
            (["namespace_nonce"], .count(8), "the nonce is 7, not 8"),
            (["manifest_threshold"], .count(3), "the manifest set's threshold is 2, not 3"),
            (["share_threshold"], .count(3), "the share set's threshold is 2, not 3"),
            (["share_members", "1", "alias"], .string("Bob"), "member 2 of the share set is \"bob\", not \"Bob\""),
            (["share_members", "1", "pub_key", "5"], .count(1), "member 2 of the share set, \"bob\", has another key"),
            (["manifest_members", "0", "alias"], .string("x"), "member 1 of the manifest set is \"alice\", not \"x\""),
            (["manifest_members"], .array([]), "the manifest set has 3 members, not 0"),
            (["share_members"], .array([]), "the share set has 3 members, not 0"),
            (["pivot_args"], .array([.string("--evil")]), "the pivot has other arguments"),
            (["dr_key"], .byteArray([1]), "no disaster recovery key was used, although one was asked for"),
        ] as [([String], JSONValue, String)]
    )
    func compared(field: [String], value: JSONValue, difference: String) async throws {
        try folder.write(quorum.request.replacing(field, with: value).line, "request.json")
        let run = await run(request)
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(
            run.errors.hasPrefix(
                "Error: The genesis is not the one that the request asks for; nothing was decrypted.\n"))
        #expect(run.errors.contains("  differs: \(difference)"))
    }

    @Test("the pivot's hash is compared where the request has one, and zeros are none")
    func pivotHash() async throws {
        let members = try quorum.request.members()
        for (byte, isEqual) in [(UInt8(0), true), (0x11, true), (0x12, false)] {
            let hash = JSONMember(name: "pivot_hash", value: .byteArray([UInt8](repeating: byte, count: 32)))
            try folder.write(JSONValue.object(members + [hash]).line, "request.json")
            #expect(await run(request).status == (isEqual ? .done : .failed))
        }
    }

    @Test("members in another order are other members, since a share's number is a place")
    func order() async throws {
        let members = try #require(quorum.request.member("share_members")).elements()
        try folder.write(
            quorum.request.replacing(["share_members"], with: .array(members.reversed())).line, "request.json")
        #expect(await run(request).status == .failed)
    }

    @Test(
        "what is no request is refused",
        arguments: ["", "{}", "[]", #"{"parameters":{}}"#, #"{"namespace_name":"trial"}"#]
    )
    func noRequest(text: String) async throws {
        try folder.write(text, "request.json")
        let run = await run(request)
        #expect(run.status == .failed)
        #expect(run.errors.hasPrefix("Error: The request is not one for a genesis: "))
    }

    @Test("a field that nobody knows makes no request, since it would not be compared")
    func unknownField() async throws {
        let members = try quorum.request.members() + [JSONMember(name: "dr_keys", value: .null)]
        try folder.write(JSONValue.object(members).line, "request.json")
        #expect(await run(request).status == .failed)
    }

    // MARK: The answer

    @Test(
        "an answer that was changed in any part is refused",
        arguments: [
            ["quorum_public_key", "70"], ["manifest_hash", "0"], ["threshold"],
            ["manifest_envelope", "manifest", "namespace", "name"],
            ["manifest_envelope", "manifest", "namespace", "nonce"],
            ["manifest_envelope", "manifest", "shareSet", "members", "0", "alias"],
            ["manifest_envelope", "manifest", "shareSet", "threshold"],
            ["manifest_envelope", "manifest", "manifestSet", "members", "2", "alias"],
            ["manifest_envelope", "manifest", "pivot", "hash"],
            ["encrypted_shares", "1", "share_set_member", "alias"],
            ["encrypted_shares", "1", "encrypted_quorum_key_share", "100"],
            ["encrypted_shares", "1", "share_hash", "3"], ["encrypted_shares", "0", "share_hash", "3"],
            ["share_commitments", "namespace_name"], ["share_commitments", "namespace_nonce"],
            ["share_commitments", "manifest_hash", "5"], ["share_commitments", "quorum_public_key", "5"],
            ["share_commitments", "threshold"], ["share_commitments", "epoch"],
            ["share_commitments", "shares", "1", "x"], ["share_commitments", "shares", "1", "alias"],
            ["share_commitments", "shares", "1", "share_hash", "7"], ["share_commitments", "signature", "40"],
            ["genesis_output", "30"], ["genesis_output", "500"], ["genesis_output", "1200"],
        ]
    )
    func tampered(path: [String]) async throws {
        let old = try #require(quorum.answer.value(at: path))
        let new: JSONValue =
            switch old {
            case .integer(let number): .count((number.magnitude + 1) % 256)
            case .string(let text): .string((text.hasPrefix("0") ? "1" : "0") + text.dropFirst())
            default: .null
            }
        try folder.write(quorum.answer.replacing(path, with: new).line, "genesis.json")
        let run = await run(["--json"])
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains(where: { $0 == "[" }))
    }

    @Test("every byte of the genesis output that is changed is noticed")
    func tamperedOutput() throws {
        let output = quorum.genesis.output.encoded()
        // The length of the recovery permutations, the hash of the key and the test ciphertext vouch for nothing that
        // is used here, and are covered by the attestation alone.
        let used = try #require(
            output.indices.first { output[$0...].starts(with: quorum.genesis.output.quorumKeyHash) })
        for place in stride(from: 0, to: used, by: 17) {
            var changed = output
            changed[place] ^= 0x10
            let answer = quorum.answer.replacing(["genesis_output"], with: .byteArray(changed))
            #expect(throws: CommandFailure.self) { try GenesisRecord(reading: Array(answer.line.utf8)) }
        }
    }

    @Test(
        "an answer that lacks a part is refused",
        arguments: [
            "quorum_public_key", "manifest_envelope", "manifest_hash", "threshold", "encrypted_shares",
            "share_commitments", "genesis_output",
        ]
    )
    func incomplete(field: String) async throws {
        try folder.write(quorum.answer.replacing([field], with: nil).line, "genesis.json")
        #expect(await run().status == .failed)
    }

    @Test("a wrapped key that the genesis output does not have is refused, and so is one that is left out")
    func wrappedKey() async throws {
        let members = try quorum.answer.members()
        let added = JSONMember(name: "dr_key_wrapped_quorum_key", value: .byteArray([1, 2, 3]))
        try folder.write(JSONValue.object(members + [added]).line, "genesis.json")
        #expect(await run().status == .failed)
        let recovered = try TrialQuorum(recovery: true).answer
        try folder.write(recovered.replacing(["dr_key_wrapped_quorum_key"], with: nil).line, "genesis.json")
        #expect(await run().status == .failed)
        try folder.write(recovered.line, "genesis.json")
        #expect(await run().status == .done)
    }

    @Test("what is neither an answer nor a genesis output is refused", arguments: ["", "{", "{}", "genesis"])
    func noGenesis(text: String) async throws {
        try folder.write(text, "genesis.json")
        let run = await run()
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
    }

    // MARK: QuorumOS's files

    @Test("a genesis output of QuorumOS gives each member's share, in both layouts")
    func genesisOutput() async throws {
        let vectors = try GenesisVectors.read()
        for output in [vectors.current, vectors.legacy] {
            try folder.write(try #require(Hex.decode(output.borsh)), "genesis_output")
            for (alias, share) in zip(["alice", "bob"], vectors.plainShares) {
                try folder.write(try #require(vectors.memberSeeds[alias]), "own.secret")
                let run = await run(key: "own", alias: alias, genesis: "genesis_output")
                #expect(run.status == .done)
                #expect(run.output == share + "\n")
                #expect(run.errors.contains("not said: this genesis_output has none"))
            }
        }
    }

    @Test("a genesis output of which a byte was changed is refused, or its share is")
    func tamperedGenesisOutput() throws {
        let vectors = try GenesisVectors.read()
        let pair = try SeedFile.read(Array(try #require(vectors.memberSeeds["bob"]).utf8).span)
        let bytes = try #require(Hex.decode(vectors.current.borsh))
        let output = try GenesisOutput.decode(bytes)
        var changed: [GenesisOutput] = []
        for index in 0..<7 {
            var copy = output
            switch index {
            case 0: copy.quorumKey = pair.publicKey.bytes
            case 1: copy.memberOutputs.swapAt(0, 1)
            case 2: copy.memberOutputs.removeLast()
            case 3: copy.memberOutputs[1].encryptedShare = copy.memberOutputs[0].encryptedShare
            case 4: copy.testMessage.append(0)
            case 5: copy.wrappedQuorumKey = nil
            default: copy.recoveryPermutations = [[RecoveredShare(member: copy.memberOutputs[0].member, share: [1])]]
            }
            changed.append(copy)
        }
        for copy in changed {
            #expect(throws: CommandFailure.self) {
                let record = try GenesisRecord(reading: copy.encoded())
                _ = try record.share(ofAlias: "bob", key: pair.publicKey).open(with: pair)
            }
        }
    }

    @Test("a share file of QuorumOS is decrypted, without a word on whose it is")
    func shareFile() async throws {
        let output = quorum.genesis.output.memberOutputs[1]
        try folder.write(output.encryptedShare, "bob.share")
        let arguments = ["share", "decrypt", "--share", path("bob.share"), "--key"]
        let run = await RecordedSession.run(arguments + [path("bob.secret")])
        #expect(run.status == .done)
        #expect(run.output == Hex.encode(try quorum.share("bob")) + "\n")
        #expect(
            run.errors == "Warning: without --genesis it cannot be told whose share this is, or of which quorum key.\n")
        let other = await RecordedSession.run(arguments + [path("alice.secret")])
        #expect(other.status == .failed)
        #expect(other.errors.contains("Error: The share is encrypted to another key than this one, or was changed.\n"))
    }

    @Test("what is not an envelope of a share is refused", arguments: [0, 129, 131])
    func noShare(count: Int) async throws {
        try folder.write([UInt8](repeating: 1, count: count), "x.share")
        let run = await RecordedSession.run(
            ["share", "decrypt", "--key", path("bob.secret"), "--share", path("x.share")])
        #expect(run.status == .failed)
        #expect(run.errors.hasSuffix("This is not an encrypted share, which is an envelope of 130 bytes.\n"))
    }

    // MARK: The command line

    @Test(
        "what is used wrongly ends with 2",
        arguments: [
            [], ["--share", "a"], ["--key", "k"], ["--key", "k", "--share", "a", "--genesis", "b", "--alias", "c"],
            ["--key", "k", "--genesis", "b"], ["--key", "k", "--share", "a", "--alias", "c"],
            ["--key", "k", "--share", "a", "--request", "r"], ["--key", "k", "--share", "a", "hunter2"],
            ["--key", "-", "--share", "-"], ["--key", "-", "--genesis", "-", "--alias", "bob"],
            ["--key", "k", "--share", "a", "--json", "--output", "o"], ["--key", "k", "--share", "a", "--output", "-"],
        ]
    )
    func misuse(arguments: [String]) async {
        let run = await RecordedSession.run(["share", "decrypt"] + arguments)
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains("hunter2"))
    }
}
