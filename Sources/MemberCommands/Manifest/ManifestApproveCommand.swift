// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Quorum

/// `renclave manifest approve`
struct ManifestApproveCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Signs a manifest, after showing all of it.",
        discussion: """
            Prints the approval (QuorumOS's Approval in JSON). It is given only for a manifest whose sets are sound \
            and which names you, never for a lower nonce than you have agreed to, and only for what --request, \
            --manifest-hash, --pcrs and --pivot-hash say, where they are given. Without any, nothing is compared.

            With --root or --policy, FILE is the answer to a genesis, whose attestation document must show that an \
            enclave made exactly this genesis.
            """
    )

    @OptionGroup var manifest: ManifestArgument

    @OptionGroup var member: MemberKeyOptions

    @OptionGroup var ownCopy: OwnCopyOptions

    @OptionGroup var accepted: AttestationOptions

    @OptionGroup var nonces: NonceOptions

    @OptionGroup var target: OutputOptions

    @Flag(help: "Approves without asking; needs --request or --manifest-hash.")
    var yes = false

    @Flag(help: "Prints one JSON object: manifest_hash, namespace, approval, output.")
    var json = false

    func validate() throws {
        guard !yes || ownCopy.identifiesManifest else {
            throw ValidationError("--yes needs --request or --manifest-hash; else nothing would be compared by anyone.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput(
            [manifest.file, member.key, member.passphraseFile] + ownCopy.files + accepted.files,
            writing: [target.output])
        try Confirmation.demandPossible(isGiven: yes, in: session)
        try nonces.demandDirectory(in: session)
        let offered = try OfferedManifest.read(manifest.file, in: session)
        let asked = try ownCopy.readRequest(in: session)
        let evidence = try await evidence(for: offered, asked: asked, in: session)
        for line in ManifestPage(offered, evidence).lines { session.output.remark(line) }
        let checked = try offered.checked()
        try offered.answer?.checkCommitments(of: checked)
        try ownCopy.check(offered, asked: asked, evidence, in: session)
        ownCopy.warnIfNothing(in: session)
        var memory = try nonces.check(checked, in: session)
        try target.checkFree(name: fileName(for: checked))
        let pair = try member.read(for: checked.manifestSet, "manifest set", in: session)
        try Confirmation.ask("Approve this manifest?", isGiven: yes, in: session)
        let approval = try Self.approve(checked, alias: member.alias, with: pair)
        // Before the approval gets out: what cannot be remembered is not agreed to.
        try memory.remember(checked, in: session)
        try write(approval, of: checked, to: session.output)
        return .done
    }

    private func evidence(
        for offered: OfferedManifest,
        asked: GenesisRequest?,
        in session: CommandSession
    ) async throws(CommandFailure) -> GenesisEvidence {
        let vouching = try accepted.vouching(in: session)
        guard let genesis = offered.genesis else {
            guard vouching == nil else {
                throw .failed(
                    "This is not the answer to a genesis, so there is no attestation document to verify.",
                    hint: "A later manifest is compared with the agreed build by --pcrs and --pivot-hash.")
            }
            return .nothing
        }
        return try await GenesisEvidence.of(genesis, by: vouching, asked: asked)
    }

    private static func approve(
        _ manifest: CheckedManifest,
        alias: String,
        with pair: QuorumKeyPair
    ) throws(CommandFailure) -> Approval {
        do {
            return try Approval(of: manifest.hash, alias: alias, key: pair)
        } catch {
            throw error.failure(writing: "approval")
        }
    }

    private func write(_ approval: Approval, of manifest: CheckedManifest, to output: CommandOutput) throws {
        let path = try target.write(approval.encoded(), name: fileName(for: manifest))
        if json {
            let namespace = manifest.manifest.namespace
            let answer = JSONValue.fields([
                "manifest_hash": ManifestSummary.hex(manifest.hash),
                "namespace": .fields(["name": .string(namespace.name), "nonce": .count(namespace.nonce)]),
                "approval": approval.json,
                "output": path.map { .string($0) } ?? .null,
            ])
            try output.json(answer.line)
        } else if let path {
            try output.lines(["Approved: \(path)"])
        } else {
            try output.json(String(decoding: approval.encoded(), as: UTF8.self))
        }
    }

    /// As QuorumOS names the file, and never in another directory.
    private func fileName(for manifest: CheckedManifest) -> String {
        let namespace = manifest.manifest.namespace
        let name = "\(member.alias)-\(namespace.name)-\(namespace.nonce).approval"
        var result = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            let isPlain = scalar != "/" && scalar.properties.generalCategory != .control
            result.append(isPlain ? scalar : "-")
        }
        return String(result)
    }
}
