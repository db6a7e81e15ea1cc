// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave manifest verify and join")
struct ManifestVerifyTests {
    struct Check: Sendable, CustomTestStringConvertible {
        let name: String
        let envelope: ManifestEnvelope
        /// QuorumOS's refusal.
        let error: String?

        var testDescription: String { name }
    }

    /// The cases of the vectors that are of the manifest of the vectors.
    static func checks() throws -> [Check] {
        let manifest = try ManifestFiles.envelope(version: 1).manifest
        let members = try JSONValue(parsing: manifest.encoded()).required("manifestSet").required("members")
        return try ManifestFiles.file("approvals.json").required("checks").elements().compactMap { check in
            guard try check.required("members") == members,
                try check.required("threshold").unsigned(max: 9) == manifest.manifestSet.threshold
            else { return nil }
            return Check(
                name: try check.required("name").text(),
                envelope: ManifestEnvelope(
                    manifest: manifest,
                    manifestSetApprovals: try check.required("approvals").elements().map { approval in
                        try Approval.decode(approval.compact())
                    }),
                error: try check.optional("error")?.text()
            )
        }
    }

    @Test("QuorumOS's outcome is that of the vectors", arguments: try checks())
    func vectors(check: Check) async throws {
        let run = await RecordedSession.run(
            ["manifest", "verify", "-", "--json"], piped: String(decoding: check.envelope.encoded(), as: UTF8.self))
        let answer = try JSONValue(parsing: Array(run.output.utf8))
        #expect(answer.member("quorum_os") == .string(check.error ?? "ok"))
        // Where QuorumOS is content, so is renclave; it also is where only an extra approval is bad.
        let isApproved = check.error == nil || check.name.hasPrefix("extra bad approval")
        #expect(answer.member("approved") == .bool(isApproved))
        #expect(run.status == (isApproved ? .done : .failed))
    }

    @Test("there are eight of those")
    func count() throws {
        #expect(try Self.checks().count == 8)
    }

    @Test("a threshold of zero is enough for QuorumOS only")
    func noThreshold() async throws {
        var manifest = try ManifestFiles.envelope(version: 2).manifest
        manifest.manifestSet.threshold = 0
        let text = String(decoding: manifest.encoded(), as: UTF8.self)
        let run = await RecordedSession.run(["manifest", "verify", "-"], piped: text)
        #expect(run.status == .failed)
        #expect(run.outputLines.contains("Approvals  none"))
        #expect(run.outputLines.contains("Sets       NOT SOUND: the manifest set has a threshold of 0 for 3 members"))
        #expect(run.outputLines.contains("QuorumOS   takes it"))
        #expect(run.outputLines.contains("Approved   NO"))
    }

    @Test("each approval is judged, with its reason")
    func verdicts() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        var wrong = try quorum.approval("carol")
        wrong.signature[0] ^= 1
        var stranger = try quorum.approval("alice")
        stranger.member.alias = "mallory"
        var broken = try quorum.approval("alice")
        broken.signature = [1]
        let given = [try quorum.approval("bob"), wrong, stranger, broken]
        let files = try given.enumerated().map { try folder.write($1.encoded(), "\($0).approval") }
        let manifest = try folder.write(quorum.manifest.encoded(), "manifest.json")
        let run = await RecordedSession.run(["manifest", "verify", manifest, "--approval"] + files + ["--json"])
        #expect(run.status == .failed)
        let answer = try JSONValue(parsing: Array(run.output.utf8))
        let reasons = try answer.required("approvals").elements().map { try $0.optional("reason")?.text() }
        #expect(reasons == [nil, "wrong_signature", "not_a_member", "malformed_signature"])
        #expect(answer.member("valid_approvals") == .count(1))
        #expect(answer.member("threshold") == .count(2))
        #expect(answer.member("flaw") == .null)
        #expect(answer.member("quorum_os") == .string("InvalidManifestApproval"))
        let page = await RecordedSession.run(["manifest", "verify", manifest, "--approval"] + files)
        #expect(page.output.contains("Valid      1, needed 2\n"))
        #expect(page.output.contains("DOES NOT COUNT: the signature is by another key or of another manifest\n"))
    }

    @Test("approvals of the envelope and of files count together, each once")
    func together() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        var envelope = quorum.envelope
        envelope.manifestSetApprovals = [try quorum.approval("alice")]
        let file = try folder.write(envelope.encoded(), "envelope.json")
        let alice = try folder.write(quorum.approval("alice").encoded(), "alice.approval")
        let bob = try folder.write(quorum.approval("bob").encoded(), "bob.approval")
        let run = await RecordedSession.run(["manifest", "verify", file, "--approval", alice, bob])
        #expect(run.status == .done)
        #expect(run.output.contains("Valid      2, needed 2\n"))
        #expect(run.output.contains("QuorumOS   takes it\nApproved   yes\n"))
    }

    @Test("join puts them into QuorumOS's envelope")
    func join() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        var expected = quorum.envelope
        expected.manifestSetApprovals = [try quorum.approval("carol"), try quorum.approval("alice")]
        let file = try folder.write(quorum.manifest.encoded(), "manifest.json")
        let approvals = try ["carol", "alice"].map { alias in
            try folder.write(quorum.approval(alias).encoded(), "\(alias).approval")
        }
        let run = await RecordedSession.run(["manifest", "join", file, "--approval"] + approvals)
        let stored = String(decoding: expected.encoded(), as: UTF8.self)
        #expect(run.status == .done)
        #expect(run.output == stored + "\n")
        #expect(run.errors == "2 of 2 approvals\n")
        let output = folder.path(of: "envelope.json")
        let written = await RecordedSession.run(
            ["manifest", "join", file, "--output", output, "--json", "--approval"] + approvals)
        #expect(written.status == .done)
        #expect(try folder.bytes("envelope.json") == expected.encoded())
        let answer = try JSONValue(parsing: Array(written.output.utf8))
        #expect(answer.member("output") == .string(output))
        #expect(answer.member("valid_approvals") == .count(2))
        #expect(answer.member("manifest_envelope") == (try JSONValue(parsing: expected.encoded())))
        let again = await RecordedSession.run(
            ["manifest", "join", file, "--output", output, "--approval"] + approvals)
        #expect(again.status == .failed)
        #expect(again.errors.hasSuffix("--force replaces it.\n"))
    }

    @Test("join refuses an approval that would spoil the others, and what is none")
    func joinRefusal() async throws {
        let folder = try TrialFolder()
        let quorum = try TrialQuorum()
        let file = try folder.write(quorum.manifest.encoded(), "manifest.json")
        let bad = try folder.write(TrialQuorum(nonce: 8).approval("alice").encoded(), "bad.approval")
        let run = await RecordedSession.run(["manifest", "join", file, "--approval", bad])
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix(#"Error: An approval cannot be joined: "alice" "#))
        let none = try folder.write("{}", "none.approval")
        let refused = await RecordedSession.run(["manifest", "join", file, "--approval", none])
        #expect(refused.status == .failed)
        #expect(refused.errors.contains("is no approval: a field is missing"))
        let twice = await RecordedSession.run(["manifest", "join", "-", "--approval", "-"])
        #expect(twice.status == .misuse)
    }
}
