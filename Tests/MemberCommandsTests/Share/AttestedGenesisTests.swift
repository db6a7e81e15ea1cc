// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Quorum
import Testing

@testable import MemberCommands

@Suite("A genesis that is attested, before its share is decrypted or its manifest approved")
struct AttestedGenesisTests {
    let folder: TrialFolder
    let quorum: TrialQuorum
    /// Long after the genesis.
    static let later = Moment(milliseconds: TrialModule.moment.milliseconds + 90 * 86_400_000)

    init() throws {
        folder = try TrialFolder()
        quorum = try TrialQuorum()
        try folder.write(quorum.answer(attestedBy: TrialModule().genesis(of: quorum, nonce: [7])).line, "genesis.json")
        try folder.write(quorum.answer.line, "bare.json")
        try folder.write(quorum.request.line, "request.json")
        try folder.write(TrialModule.policy, "policy.json")
        try folder.write(TrialModule.roots, "roots.json")
        for name in ["alice", "bob"] { try folder.write(TrialQuorum.secret(name), "\(name).secret") }
    }

    private func path(_ name: String) -> String { folder.path(of: name) }

    private func decrypt(
        _ genesis: String = "genesis.json", policy: String = "policy.json", _ more: [String] = []
    ) async -> RecordedSession {
        await RecordedSession.run(
            [
                "share", "decrypt", "--key", path("bob.secret"), "--alias", "bob", "--genesis", path(genesis),
                "--request", path("request.json"), "--policy", path(policy),
            ] + more, clock: Self.later)
    }

    private func approve(
        _ file: String = "genesis.json", policy: String = "policy.json", _ more: [String] = []
    ) async -> RecordedSession {
        await RecordedSession.run(
            [
                "manifest", "approve", path(file), "--key", path("alice.secret"), "--alias", "alice", "--request",
                path("request.json"), "--yes", "--state", path("state"), "--policy", path(policy),
            ] + more, clock: Self.later)
    }

    private static let attested =
        "Attested: an enclave made exactly this genesis, on 2027-01-15 08:00:00 UTC, by the word of "
        + "\(KnownRoot.development.meaning).\n"

    @Test("a member who names measurements learns that there is no recovery key")
    func vouched() async throws {
        let share = await decrypt()
        #expect(share.status == .done)
        #expect(share.output == Hex.encode(try quorum.share("bob")) + "\n")
        #expect(
            share.errors.hasPrefix(
                "Not compared: the pivot's hash, which the request does not name; PCR3.\n" + Self.attested))
        #expect(share.errors.contains("\nRecovery key   none\n"))
        let approval = await approve()
        #expect(approval.status == .done)
        #expect(approval.errors.contains("\nRecovery key  none\n"))
        #expect(approval.errors.contains(Self.attested))
        #expect(!approval.errors.contains("Warning"))
    }

    @Test("without measurements that is not known, which is said; --pcrs compares them as well")
    func noMeasurements() async throws {
        let share = await decrypt(policy: "roots.json")
        #expect(share.status == .done)
        #expect(share.errors.contains("Warning: which program that enclave ran was compared with nothing but "))
        #expect(share.errors.contains("Recovery key   none named (attested by a program that nobody compared)\n"))
        let lines = (0..<3).map { "\(Hex.encode(TrialModule.registers[$0])) PCR\($0)\n" }
        try folder.write(lines.joined(), "release.pcrs")
        let approval = await approve(policy: "roots.json", ["--pcrs", path("release.pcrs")])
        #expect(approval.status == .done)
        #expect(!approval.errors.contains("Warning: which program"))
    }

    @Test("a recovery key that the enclave was given cannot be hidden any more")
    func recoveryKey() async throws {
        let recovered = try TrialQuorum(recovery: true)
        try folder.write(
            recovered.answer(attestedBy: TrialModule().genesis(of: recovered)).line, "genesis.json")
        let refused = await decrypt()
        #expect(refused.status == .failed)
        #expect(refused.errors.contains("differs: the seed is also sealed to a disaster recovery key"))
        // Stripped from the answer, it is another genesis than the attested one.
        try folder.write(quorum.answer(attestedBy: TrialModule().genesis(of: recovered)).line, "genesis.json")
        let stripped = await decrypt()
        #expect(stripped.status == .failed)
        #expect(stripped.output.isEmpty)
        #expect(
            stripped.errors.hasSuffix(
                "Error: The attestation document is about another genesis: its user data is not this one's hash.\n"))
    }

    @Test("a genesis without a document, or one that is not accepted, is refused")
    func refused() async throws {
        for run in [await decrypt("bare.json"), await approve("bare.json")] {
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("Error: The genesis has no attestation document"))
        }
        try folder.write("{}", "aws.json")
        for run in [await decrypt(policy: "aws.json"), await approve(policy: "aws.json")] {
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("its certificates come from a root that is not trusted here"))
        }
        #expect(!MemberFiles.exists(path("state/nonces.json")))
    }

    @Test("the nonce of the member's own request must be carried")
    func nonce() async throws {
        for (nonce, isCarried) in [([7] as [UInt8], true), ([8], false)] {
            let asked = JSONValue.object(
                try quorum.request.members() + [JSONMember(name: "nonce", value: .byteArray(nonce))])
            try folder.write(asked.line, "request.json")
            #expect(await decrypt().status == (isCarried ? .done : .failed))
            #expect(await approve().status == (isCarried ? .done : .failed))
        }
    }

    @Test("without --root and --policy a warning says that nothing vouches for the genesis")
    func unverified() async throws {
        let run = await RecordedSession.run([
            "share", "decrypt", "--key", path("bob.secret"), "--alias", "bob", "--genesis", path("genesis.json"),
            "--request", path("request.json"),
        ])
        #expect(run.status == .done)
        #expect(run.errors.contains("Warning: No verified attestation document vouches "))
        #expect(run.errors.contains("Recovery key   none named (not attested)\n"))
    }

    @Test("what has no genesis has no document to verify")
    func noGenesis() async throws {
        try folder.write(quorum.manifest.encoded(), "manifest.json")
        let approval = await approve("manifest.json")
        #expect(approval.status == .failed)
        #expect(approval.errors.contains("This is not the answer to a genesis, so there is no attestation document"))
        let share = await RecordedSession.run(
            ["share", "decrypt", "--key", "k", "--share", "s", "--policy", path("policy.json")])
        #expect(share.status == .misuse)
        try folder.write(quorum.genesis.output.encoded(), "genesis_output")
        let output = await decrypt("genesis_output")
        #expect(output.status == .failed)
        #expect(output.errors.contains("Error: The genesis has no attestation document"))
    }
}
