// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave manifest approve")
struct ManifestApproveTests {
    let folder: TrialFolder
    let quorum: TrialQuorum

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum(namespace: "trial/one")
        try folder.write(quorum.manifest.encoded(), "manifest.json")
        try folder.write(TrialQuorum.secret("alice"), "alice.secret")
        try folder.write(TrialQuorum.secret("mallory"), "mallory.secret")
    }

    private func arguments(
        _ file: String = "manifest.json",
        key: String = "alice",
        alias: String = "alice"
    ) -> [String] {
        [
            "manifest", "approve", folder.path(of: file), "--key", folder.path(of: "\(key).secret"), "--alias", alias,
            "--state", folder.path(of: "deep/state"),
        ]
    }

    /// Approves what has the hash that was told.
    private func yes(_ file: String = "manifest.json") throws -> [String] {
        ["--yes", "--manifest-hash", Hex.encode(try OfferedManifest(folder.bytes(file)).hash)]
    }

    private func isApproval(_ text: String) throws -> Bool {
        let approval = try Approval.decode(Array(text.utf8))
        try quorum.pairs[0].publicKey.verify(approval.signature, of: quorum.genesis.manifest.hash)
        return approval == (try quorum.approval("alice"))
    }

    @Test("prints QuorumOS's approval, after showing everything on standard error")
    func approves() async throws {
        let run = try await RecordedSession.run(arguments() + yes())
        #expect(run.status == .done)
        #expect(try isApproval(run.output))
        #expect(run.errors.contains("Manifest      version 2, hash \(Hex.encode(quorum.genesis.manifest.hash))\n"))
        #expect(run.errors.contains("Environment   none\n"))
    }

    @Test("asks at a terminal, and takes nothing but yes")
    func confirmation() async throws {
        let yes = await RecordedSession.run(arguments(), typed: ["yes"])
        #expect(yes.status == .done)
        #expect(yes.errors.hasSuffix("Approve this manifest? Type yes (not shown): \n"))
        for answer in [["y"], ["no"], [""], []] {
            let run = await RecordedSession.run(arguments(), typed: answer)
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.hasSuffix("Error: Not confirmed, and nothing was done.\n"))
        }
    }

    @Test("without a terminal --yes is needed")
    func noTerminal() async {
        let run = await RecordedSession.run(arguments())
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("Error: There is no terminal to ask at.\n"))
    }

    @Test("a file, or QuorumOS's name in a directory, is written once")
    func output() async throws {
        let run = try await RecordedSession.run(arguments() + yes() + ["--output", folder.path])
        let path = folder.path(of: "alice-trial-one-7.approval")
        #expect(run.status == .done)
        #expect(run.output == "Approved: \(Directory.path(of: "alice-trial-one-7.approval", in: folder.path))\n")
        #expect(try isApproval(folder.text("alice-trial-one-7.approval")))
        let again = try await RecordedSession.run(arguments() + yes() + ["--output", path])
        #expect(again.status == .failed)
        #expect(again.output.isEmpty)
        let forced = try await RecordedSession.run(arguments() + yes() + ["--json", "--force", "--output", path])
        #expect(forced.status == .done)
        let answer = try JSONValue(parsing: Array(forced.output.utf8))
        #expect(answer.member("output") == .string(path))
        #expect(answer.member("manifest_hash") == .string(Hex.encode(quorum.genesis.manifest.hash)))
        #expect(try isApproval(try answer.required("approval").line))
    }

    @Test("nobody approves who is not in the manifest set")
    func strangers() async throws {
        let alias = try await RecordedSession.run(arguments(alias: "mallory") + yes())
        #expect(alias.status == .failed)
        #expect(
            alias.errors.hasSuffix(#"Error: There is no "mallory" in the manifest set of this manifest."# + "\n"))
        let key = try await RecordedSession.run(arguments(key: "mallory") + yes())
        #expect(key.status == .failed)
        #expect(
            key.errors.hasSuffix(
                #"Error: The key of "alice" in the manifest set of this manifest is not yours."# + "\n"))
        #expect((alias.output + key.output).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder.path(of: "deep")))
    }

    @Test("a manifest that is not sound is not approved")
    func unsound() async throws {
        var manifest = quorum.manifest
        manifest.shareSet.threshold = 1
        try folder.write(manifest.encoded(), "unsound.json")
        let run = try await RecordedSession.run(arguments("unsound.json") + yes("unsound.json"))
        #expect(run.status == .failed)
        #expect(
            run.errors.hasSuffix(
                "Error: The manifest is not sound: the share set has a threshold of 1 for 3 members.\n"))
    }

    @Test("what the request does not ask for is not approved")
    func ownCopy() async throws {
        let request = try folder.write(TrialQuorum(namespace: "trial/two").request.line, "request.json")
        let run = await RecordedSession.run(arguments() + ["--yes", "--request", request])
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasSuffix(#"  differs: the namespace is "trial/one", not "trial/two""# + "\n"))
    }

    @Test("--yes needs something that identifies the manifest")
    func nothingIdentified() async throws {
        let hash = String(repeating: "1", count: 64)
        for more in [[], ["--pivot-hash", hash], ["--pcrs", "p"]] {
            let run = await RecordedSession.run(arguments() + ["--yes"] + more)
            #expect(run.status == .misuse)
            #expect(run.errors.contains("--yes needs --request or --manifest-hash"))
        }
    }

    @Test("a person who compares with nothing is warned")
    func nothingCompared() async throws {
        let run = await RecordedSession.run(arguments(), typed: ["yes"])
        #expect(run.status == .done)
        #expect(run.errors.contains("Warning: nothing was compared: all of this is only what the file says."))
    }

    @Test("the hash, the pivot and the measurements that one knows are compared")
    func known() async throws {
        let registers = ["a0", "a1", "a2"].map { String(repeating: $0, count: 48) }
        let lines = registers.enumerated().map { "\($1) PCR\($0)\n" }.joined()
        let pcrs = try folder.write(lines, "pcrs")
        let others = try folder.write(lines.replacing("a2", with: "b2"), "other-pcrs")
        let noPCRs = try folder.write("PCR0\n", "no-pcrs")
        let pivot = String(repeating: "11", count: 32)
        let all = try await RecordedSession.run(arguments() + yes() + ["--pcrs", pcrs, "--pivot-hash", pivot])
        #expect(all.status == .done)
        #expect(
            all.errors.hasSuffix(
                """
                The manifest has the hash of --manifest-hash.
                The pivot has the hash of --pivot-hash.
                PCR0, PCR1 and PCR2 are those of --pcrs.

                """))
        let zeros = String(repeating: "0", count: 64)
        let cases: [([String], String)] = [
            (["--yes", "--manifest-hash", zeros], "The manifest has another hash than --manifest-hash"),
            (try yes() + ["--pivot-hash", zeros], "The manifest is for another application than --pivot-hash"),
            (try yes() + ["--pcrs", others], "The manifest has another PCR2 than --pcrs"),
            (try yes() + ["--pcrs", noPCRs], "The measurements are not lines of PCR0, PCR1 and PCR2"),
        ]
        for (more, sentence) in cases {
            let run = await RecordedSession.run(arguments() + more)
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("Error: \(sentence)"))
        }
        let short = await RecordedSession.run(arguments() + ["--yes", "--manifest-hash", "11"])
        #expect(short.status == .misuse)
    }

    @Test("the highest nonce is kept in a file of the member's own, and a lower one refused without --rollback")
    func nonces() async throws {
        try folder.write(quorum.manifest(nonce: 6).encoded(), "older.json")
        try folder.write(quorum.manifest(nonce: 8).encoded(), "newer.json")
        let first = try await RecordedSession.run(arguments("older.json") + yes("older.json"))
        let second = try await RecordedSession.run(arguments("newer.json") + yes("newer.json"))
        #expect([first.status, second.status] == [.done, .done])
        #expect(try folder.permissions("deep/state/nonces.json") == 0o600)
        #expect(try folder.permissions("deep/state") == 0o700)
        let lower = try await RecordedSession.run(arguments() + yes())
        #expect(lower.status == .failed)
        #expect(lower.output.isEmpty)
        #expect(
            lower.errors.hasSuffix(
                """
                Error: This goes back behind what you know of the namespace "trial/one": \
                you have agreed to nonce 8 of it, and this manifest has 7.
                  hint: If everybody knows why, --rollback allows it.

                """))
        let allowed = try await RecordedSession.run(arguments() + yes() + ["--rollback"])
        #expect(allowed.status == .done)
        #expect(allowed.errors.contains("Warning: you have agreed to nonce 8 of it"))
        let record = try JSONValue(parsing: folder.bytes("deep/state/nonces.json"))
        let entries = try record.required("namespaces").elements()
        #expect(entries.count == 1)
        #expect(entries[0].member("nonce") == .count(8))
    }

    @Test("another manifest of the same nonce is refused; the same one is not")
    func sameNonce() async throws {
        try folder.write(quorum.manifest(nonce: 7, arguments: ["--evil"]).encoded(), "other.json")
        for _ in 0..<2 {
            #expect(try await RecordedSession.run(arguments() + yes()).status == .done)
        }
        let other = try await RecordedSession.run(arguments("other.json") + yes("other.json"))
        #expect(other.status == .failed)
        #expect(other.errors.contains("you have agreed to another manifest of the same nonce"))
    }

    @Test("another quorum key of a known namespace goes back, and so does the former one")
    func otherKey() async throws {
        try folder.write(TrialQuorum(namespace: "trial/one", nonce: 9).manifest.encoded(), "reborn.json")
        #expect(try await RecordedSession.run(arguments() + yes()).status == .done)
        let run = try await RecordedSession.run(arguments("reborn.json") + yes("reborn.json"))
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(
            run.errors.hasSuffix(
                """
                Error: This goes back behind what you know of the namespace "trial/one": \
                you know it with another quorum key, \(quorum.fingerprint).
                  hint: If all members agreed on a new key, --new-quorum-key allows it.

                """))
        let allowed = try await RecordedSession.run(
            arguments("reborn.json") + yes("reborn.json") + ["--new-quorum-key"])
        #expect(allowed.status == .done)
        #expect(allowed.errors.contains("Warning: you know it with another quorum key, \(quorum.fingerprint).\n"))
        #expect(try await RecordedSession.run(arguments("reborn.json") + yes("reborn.json")).status == .done)
        #expect(try await RecordedSession.run(arguments() + yes()).status == .failed)
        #expect(try await RecordedSession.run(arguments() + yes() + ["--rollback"]).status == .done)
    }

    @Test("a new quorum key is no reason to take a lower nonce of a known one")
    func newKeyOnly() async throws {
        try folder.write(quorum.manifest(nonce: 6).encoded(), "older.json")
        #expect(try await RecordedSession.run(arguments() + yes()).status == .done)
        let run = try await RecordedSession.run(arguments("older.json") + yes("older.json") + ["--new-quorum-key"])
        #expect(run.status == .failed)
        #expect(run.errors.contains("you have agreed to nonce 7 of it, and this manifest has 6"))
    }

    @Test("what another command has agreed to meanwhile is seen before the record is written")
    func race() async throws {
        let state = folder.path(of: "race")
        let session = CommandSession(
            environment: { _ in nil }, input: RecordedSession.Input(),
            output: CommandOutput(isTerminal: false, standardOutput: { _ in }, standardError: { _ in }),
            timeLimit: .seconds(1))
        let allowance = NonceMemory.Allowance(rollback: false, newQuorumKey: false)
        let newer = try CheckedManifest(quorum.manifest(nonce: 8))
        var slow = try NonceMemory(directory: state, allowing: allowance, in: session)
        try slow.check(quorum.genesis.manifest, in: session)
        var fast = try NonceMemory(directory: state, allowing: allowance, in: session)
        try fast.remember(newer, in: session)
        #expect(throws: CommandFailure.self) { try slow.remember(quorum.genesis.manifest, in: session) }
        let record = try JSONValue(parsing: folder.bytes("race/nonces.json"))
        #expect(try record.required("namespaces").elements().map { $0.member("nonce") } == [.count(8)])
        #expect(try folder.permissions("race/nonces.lock") == 0o600)
    }

    @Test("a damaged record is never taken for an empty one")
    func damaged() async throws {
        try folder.write("{}", "deep/state/nonces.json")
        let run = try await RecordedSession.run(arguments() + yes())
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("is damaged"))
    }

    @Test("the record is in XDG_STATE_HOME, else below the home directory")
    func defaultState() async throws {
        let line = try Array(arguments().dropLast(2)) + yes()
        let state = await RecordedSession.run(
            line, environment: ["XDG_STATE_HOME": folder.path(of: "xdg"), "HOME": folder.path(of: "home")])
        #expect(state.status == .done)
        #expect(try folder.permissions("xdg/renclave/nonces.json") == 0o600)
        let home = await RecordedSession.run(
            line, environment: ["XDG_STATE_HOME": "relative", "HOME": folder.path(of: "home")])
        #expect(home.status == .done)
        #expect(try folder.permissions("home/.local/state/renclave/nonces.json") == 0o600)
        let none = await RecordedSession.run(line)
        #expect(none.status == .misuse)
        #expect(none.errors.hasSuffix("hint: Name a directory with --state.\n"))
    }

    @Test("an approval that cannot be remembered is not given")
    func noMemory() async throws {
        try folder.write("", "file")
        let line = try Array(arguments().dropLast(1)) + [folder.path(of: "file/state")] + yes()
        let run = await RecordedSession.run(line)
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
    }
}
