// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave manifest show and hash")
struct ManifestShowTests {
    @Test("every form of a manifest of QuorumOS has the hash of the vectors", arguments: try ManifestFiles.all())
    func hashes(vector: ManifestFiles.Vector) async throws {
        let folder = try TrialFolder()
        let file = try folder.write(vector.bytes, "manifest")
        let plain = await RecordedSession.run(["manifest", "hash", file])
        #expect(plain.status == .done)
        #expect(plain.output == vector.hash + "\n")
        #expect(plain.errors.isEmpty)
        let json = await RecordedSession.run(["manifest", "hash", file, "--json"])
        #expect(json.output == #"{"manifest_hash":"\#(vector.hash)"}"# + "\n")
        let shown = await RecordedSession.run(["manifest", "show", file])
        #expect(shown.status == .done)
        #expect(shown.outputLines.first?.hasSuffix("hash \(vector.hash)") == true)
    }

    @Test("everything that a manifest says is shown")
    func complete() async throws {
        let envelope = try ManifestFiles.envelope(version: 2)
        let run = await RecordedSession.run(
            ["manifest", "show", "-"], piped: String(decoding: envelope.encoded(), as: UTF8.self))
        let alice = Hex.encode(SHA256.digest(envelope.manifest.manifestSet.members[0].publicKey))
        let lines = run.outputLines
        #expect(run.status == .done)
        #expect(lines[0] == "Manifest      version 2, hash \(Hex.encode(envelope.manifest.hash()))")
        #expect(lines[1] == #"Namespace     "vectors/v2", nonce 3"#)
        #expect(lines[3] == "Manifest set  2 of 3 must approve")
        #expect(lines[4] == #"              "alice" \#(alice)"#)
        #expect(lines[7] == "Share set     2 of 3 give the key")
        for part in [
            "PCR0          a0a0a0", "PCR1          a1a1a1", "PCR2          a2a2a2", "PCR3          500b81f4",
            "Root          SHA-256 \(Hex.encode(SHA256.digest([0x30, 0x00])))\n              NOT KNOWN to this tool\n",
            "Pivot         SHA-256 d6386c59a6bcfcb1e4ced6beeb4594757afaa891ac805388076d0c83d2f5260a\n",
            "Arguments     \"--n\"\n              \"1\"\n", "Restart       never\n",
            "Bridges       server, port 3000, host \"0.0.0.0\"\n              client, port 0, any host\n",
            "Debug mode    off\n", "Environment   ALPHA=\"é \\\"1\\\"\"\n              ZED=\"z\"\n",
            "Resolvers     1.1.1.1\n              2606:4700:4700::1111\n",
            "Approvals     \"alice\" \(alice)  valid\n",
        ] {
            #expect(run.output.contains(part), "\(part)")
        }
        #expect(!run.output.contains("Patch set"))
        #expect(!run.output.contains("NOT SOUND"))
    }

    @Test("the patch set of older versions is shown too, and said to be used for nothing")
    func patchSet() async throws {
        let manifest = try ManifestFiles.envelope(version: 1).manifest
        let run = await RecordedSession.run(
            ["manifest", "show", "-"], piped: String(decoding: manifest.encoded(), as: UTF8.self))
        let set = try #require(manifest.patchSet)
        #expect(
            run.output.contains(
                "Patch set     \(set.threshold) of \(set.members.count) (hashed, but used for nothing)\n"))
        for key in set.members { #expect(run.output.contains(ManifestPage.fingerprint(key))) }
        #expect(run.output.contains("Approvals     none\n"))
    }

    @Test("measurements of a debug enclave, unsound sets, strange lengths and known roots stand out")
    func warnings() throws {
        var manifest = try ManifestFiles.envelope(version: 2).manifest
        manifest.enclave.pcr0 = [UInt8](repeating: 0, count: 48)
        manifest.enclave.pcr1 = [1, 2]
        manifest.enclave.pcr3 = manifest.enclave.pcr0
        manifest.manifestSet.threshold = 4
        manifest.namespace.quorumKey = [4]
        let page = ManifestPage(try OfferedManifest(manifest.encoded())).lines
        let zeros = String(repeating: "0", count: 96)
        #expect(page.contains("PCR0          \(zeros)  ALL ZERO: a debug enclave, into which others can look"))
        #expect(page.contains("PCR1          0102  NO MEASUREMENT: 2 bytes"))
        #expect(page.contains("PCR3          \(zeros)  all zero: bound to no role"))
        #expect(page.contains("Quorum key    NO KEY: 1 bytes that are none"))
        #expect(page.last == "NOT SOUND     the manifest set has a threshold of 4 for 3 members")
    }

    @Test("text of others is quoted, and cannot fake a line")
    func hostileText() async throws {
        let quorum = try TrialQuorum(namespace: "x\u{202E}y", arguments: ["\u{1B}[2J\nDebug mode  off"])
        let run = await RecordedSession.run(["manifest", "show", "-"], piped: quorum.answer.line)
        #expect(run.output.contains(#""x\u{202e}y", nonce 7"#))
        #expect(run.output.contains(#"Arguments     "\u{1b}[2J\u{a}Debug mode  off""#))
        #expect(!run.output.unicodeScalars.contains("\u{1B}"))
    }

    @Test("the answer to a genesis also shows whether there is a recovery key")
    func recoveryKey() async throws {
        let with = try TrialQuorum(recovery: true)
        let without = try TrialQuorum()
        let key = Hex.encode(try TrialQuorum.pair("recovery").publicKey.fingerprint)
        let shown = await RecordedSession.run(["manifest", "show", "-"], piped: with.answer.line)
        #expect(shown.output.contains("Recovery key  \(key)  ITS HOLDER HAS THE WHOLE QUORUM KEY\n"))
        let none = await RecordedSession.run(["manifest", "show", "-"], piped: without.answer.line)
        #expect(none.output.contains("Recovery key  none named (not attested)\n"))
        #expect(
            none.errors.hasPrefix("Warning: No verified attestation document vouches that an enclave made this genesis")
        )
        let bare = await RecordedSession.run(["manifest", "show", "-"], piped: without.envelope.json.line)
        #expect(bare.output.contains("Recovery key  not said"))
        #expect(bare.errors.isEmpty)
        let json = await RecordedSession.run(["manifest", "show", "-", "--json"], piped: with.answer.line)
        #expect(try member("recovery_key_fingerprint", of: json) == .string(key))
    }

    @Test("--json prints one object with all of it")
    func json() async throws {
        let quorum = try TrialQuorum()
        let run = await RecordedSession.run(["manifest", "show", "-", "--json"], piped: quorum.answer.line)
        #expect(run.status == .done)
        let value = try JSONValue(parsing: Array(run.output.utf8))
        #expect(
            try value.members().map(\.name) == [
                "version", "manifest_hash", "namespace", "quorum_key_fingerprint", "manifest_set", "share_set",
                "enclave", "pivot", "recovery_key_fingerprint", "approvals",
            ])
        #expect(value.member("version") == .count(2))
        #expect(value.member("quorum_key_fingerprint") == .string(quorum.fingerprint))
        #expect(value.member("recovery_key_fingerprint") == .null)
        #expect(value.member("namespace") == .fields(["name": .string("trial"), "nonce": .count(7)]))
        let enclave = try value.required("enclave")
        #expect(enclave.member("debug") == .bool(false))
        #expect(enclave.member("root")?.member("known") == .string("renclave_development"))
    }

    @Test("--request refuses what was not asked for, and says what")
    func ownCopy() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        let file = try folder.write(quorum.answer.line, "genesis.json")
        let same = try folder.write(quorum.request.line, "same.json")
        let other = try folder.write(TrialQuorum(nonce: 8).request.line, "other.json")
        let agreed = await RecordedSession.run(["manifest", "show", file, "--request", same])
        #expect(agreed.status == .done)
        #expect(
            agreed.errors.hasSuffix(
                """
                The manifest is what the request asks for.
                Not compared: the pivot's hash, which the request does not name; PCR0 to PCR3 and the root.

                """))
        let bare = try folder.write(quorum.manifest.encoded(), "manifest.json")
        let less = await RecordedSession.run(["manifest", "show", bare, "--request", same])
        #expect(
            less.errors.hasPrefix(
                "The manifest is what the request asks for, except the recovery key, which a manifest does not "
                    + "name.\n"))
        let refused = await RecordedSession.run(["manifest", "show", file, "--request", other])
        #expect(refused.status == .failed)
        #expect(
            refused.errors.hasSuffix(
                """
                Error: The manifest is not what the request asks for.
                  differs: the nonce is 7, not 8

                """))
    }

    @Test("--request compares the recovery key where the file says it")
    func unaskedRecoveryKey() async throws {
        let folder = try TrialFolder()
        let request = try folder.write(TrialQuorum().request.line, "request.json")
        let answer = try folder.write(TrialQuorum(recovery: true).answer.line, "genesis.json")
        let run = await RecordedSession.run(["manifest", "show", answer, "--request", request])
        #expect(run.status == .failed)
        #expect(run.errors.contains("differs: the seed is also sealed to a disaster recovery key"))
    }

    @Test(
        "an answer that says only some of its genesis is refused, since it could hide a recovery key",
        arguments: ["genesis_output", "encrypted_shares", "share_commitments", "dr_key_wrapped_quorum_key"]
    )
    func stripped(name: String) async throws {
        let answer = try TrialQuorum(recovery: true).answer
        let less = JSONValue.object(try answer.members().filter { !$0.isNamed(name) })
        let run = await RecordedSession.run(["manifest", "show", "-"], piped: less.line)
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(
            run.errors.hasPrefix("Error: This is not the whole answer to a genesis.")
                || run.errors.hasPrefix("Error: The genesis contradicts itself: dr_key_wrapped_quorum_key"))
    }

    @Test("a manifest of another make than renclave's is not what a genesis gave")
    func commit() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        var manifest = quorum.manifest
        manifest.enclave.qosCommit = "abc"
        let file = try folder.write(manifest.encoded(), "manifest.json")
        let request = try folder.write(quorum.request.line, "request.json")
        let run = await RecordedSession.run(["manifest", "show", file, "--request", request])
        #expect(run.status == .failed)
        #expect(run.errors.contains(#"differs: the manifest's commit is "abc", and not that of a renclave"#))
    }

    @Test("aliases that are equal only to Swift differ, and are spelled out")
    func normalization() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        let file = try folder.write(
            Array(quorum.manifest.encoded()).split(separator: Array("alice".utf8)).joined(
                separator: Array("Zo\u{EB}".utf8)), "manifest.json")
        let request = try folder.write(
            quorum.request.line.replacing("alice", with: "Zoe\u{308}"), "request.json")
        let run = await RecordedSession.run(["manifest", "show", file, "--request", request])
        #expect(run.errors.contains(#"member 1 of the share set is "Zo\u{eb}", not "Zoe\u{308}""#))
    }

    @Test("known roots are named")
    func roots() {
        #expect(KnownRoot([0x30, 0x00]) == nil)
        #expect(KnownRoot(rawValue: "641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b") == .nitro)
    }

    @Test(
        "what is no manifest is refused",
        arguments: [
            ("", "Error: This is no manifest: a field is missing, unknown or of another kind."),
            ("{}", "Error: This is no manifest: a field is missing, unknown or of another kind."),
            (#"{"version":"v3"}"#, "Error: This is no manifest: a field is missing, unknown or of another kind."),
            (
                #"{"manifest_envelope":{}}"#,
                "Error: The field manifest_envelope of the answer is not what it must be: "
                    + "a field is missing, unknown or of another kind."
            ),
            (#"{"manifest_envelope":null}"#, "Error: The answer has no manifest: manifest_envelope is null."),
        ]
    )
    func refused(text: String, sentence: String) async {
        let run = await RecordedSession.run(["manifest", "hash", "-"], piped: text)
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix(sentence))
    }

    @Test("an answer whose parts belie each other is refused")
    func contradictions() async throws {
        let quorum = try TrialQuorum()
        let other = try TrialQuorum(nonce: 8)
        let changes: [(String, JSONValue, String)] = [
            ("manifest_hash", .byteArray([UInt8](repeating: 0, count: 32)), "manifest_hash is not the hash"),
            ("quorum_public_key", .byteArray(other.genesis.manifest.quorumKey.bytes), "quorum_public_key is not"),
            ("genesis_output", .byteArray(other.genesis.output.encoded()), "genesis_output is of another quorum key"),
            ("encrypted_shares", .array([]), "encrypted_shares are not for"),
        ]
        for (name, value, part) in changes {
            let changed = JSONValue.object(
                try quorum.answer.members().map { $0.isNamed(name) ? JSONMember(name: name, value: value) : $0 })
            let run = await RecordedSession.run(["manifest", "show", "-"], piped: changed.line)
            #expect(run.status == .failed)
            #expect(run.errors.hasPrefix("Error: The answer contradicts itself: \(part)"))
        }
    }

    private func member(_ name: String, of run: RecordedSession) throws -> JSONValue? {
        try JSONValue(parsing: Array(run.output.utf8)).member(name)
    }
}
