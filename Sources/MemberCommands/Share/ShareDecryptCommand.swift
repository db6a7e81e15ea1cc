// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum
import SecretMemory

/// `renclave share decrypt`
struct ShareDecryptCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt",
        abstract: "Decrypts a member's own share.",
        discussion: """
            The share is taken from a file of QuorumOS (--share), or from what a genesis gave (--genesis): the \
            gateway's answer, or QuorumOS's genesis_output. A genesis is used only if all its parts agree; with \
            --request it must also be the one that was asked for, which no gateway can tell you. With --root or \
            --policy its attestation document must show that an enclave made exactly this genesis.

            The share is written to --output as 33 bytes, else to standard output in hexadecimal, or with --json as \
            the array that decrypted_share takes.
            """
    )

    @Option(help: ArgumentHelp("The member's secret key.", valueName: "file"), completion: .file())
    var key: String

    @Option(
        help: ArgumentHelp("The encrypted share: an envelope of 130 bytes.", valueName: "file"), completion: .file())
    var share: String?

    @Option(help: ArgumentHelp("What the genesis gave.", valueName: "file"), completion: .file())
    var genesis: String?

    @Option(help: ArgumentHelp("The member's name in the share set.", valueName: "name"))
    var alias: String?

    @Option(
        help: ArgumentHelp("The member's own copy of the genesis request, to compare.", valueName: "file"),
        completion: .file()
    )
    var request: String?

    @OptionGroup var accepted: AttestationOptions

    @Option(help: ArgumentHelp("Where to write the share.", valueName: "file"), completion: .file())
    var output: String?

    @Flag(help: "Replaces a file that is already there.")
    var force = false

    @Option(
        help: ArgumentHelp("Reads the passphrase of the secret key from a file.", valueName: "file"),
        completion: .file()
    )
    var passphraseFile: String?

    @Flag(help: "Prints the share as a JSON array of 33 integers, and nothing else.")
    var json = false

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("There is a word too many. Keys and shares are named by their files.")
        }
        guard (share == nil) != (genesis == nil) else { throw ValidationError("Name either --share or --genesis.") }
        guard (genesis == nil) == (alias == nil) else {
            throw ValidationError("--genesis and --alias need each other.")
        }
        guard request == nil || genesis != nil else { throw ValidationError("--request is compared with --genesis.") }
        guard !accepted.isGiven || genesis != nil else {
            throw ValidationError("--root and --policy verify the attestation document of --genesis.")
        }
        guard output == nil || !json else { throw ValidationError("--json is for standard output, not for --output.") }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput(
            [key, share, genesis, request, passphraseFile] + accepted.files, writing: [output])
        if let output { try NewSecretOptions.demandRoom(for: output, force: force) }
        let asked = try request.map { (name) throws(CommandFailure) in
            try GenesisRequest(reading: MemberFiles.read(name, "request", in: session))
        }
        let record = try record(asked: asked, in: session)
        let evidence = try await evidence(for: record, asked: asked, in: session)
        let pair = try KeyFile.read(key, passphraseFile: passphraseFile, in: session)
        let sealed = try sealedShare(of: pair.publicKey, in: record, session)
        let plain = try sealed.open(with: pair)
        try give(plain, record.map { GenesisPage($0, evidence).lines } ?? [], session.output)
        return .done
    }

    /// The genesis, where one is named, compared with the request.
    private func record(
        asked: GenesisRequest?,
        in session: CommandSession
    ) throws(CommandFailure) -> GenesisRecord? {
        guard let genesis else { return nil }
        let record = try GenesisRecord(reading: MemberFiles.read(genesis, "genesis", in: session))
        guard let asked else {
            session.output.remark(
                "Warning: without --request nobody has compared this genesis with what the members agreed on."
            )
            return record
        }
        try record.compare(with: asked)
        if record.manifest == nil {
            session.output.remark(
                "Warning: a genesis_output has no namespace, manifest set or pivot; only the share set was compared."
            )
        }
        return record
    }

    /// What vouches for the genesis, said and with what it leaves open.
    private func evidence(
        for record: GenesisRecord?,
        asked: GenesisRequest?,
        in session: CommandSession
    ) async throws(CommandFailure) -> GenesisEvidence {
        guard let record else { return .nothing }
        let evidence = try await GenesisEvidence.of(record, by: accepted.vouching(in: session), asked: asked)
        if let asked, record.manifest != nil { session.output.remarkGaps(after: asked, evidence) }
        session.output.remark(evidence)
        return evidence
    }

    private func sealedShare(
        of key: QuorumPublicKey,
        in record: GenesisRecord?,
        _ session: CommandSession
    ) throws(CommandFailure) -> SealedShare {
        if let record { return try record.share(ofAlias: alias ?? "", key: key) }
        let envelope = try MemberFiles.read(share ?? "", "encrypted share", isNamed: false, in: session)
        session.output.remark(
            "Warning: without --genesis it cannot be told whose share this is, or of which quorum key.")
        return SealedShare(envelope: envelope, expectation: nil)
    }

    private func give(
        _ share: borrowing SecretBytes,
        _ facts: [String],
        _ screen: CommandOutput
    ) throws {
        if let output {
            try share.withBytes { share throws(CommandFailure) in
                try MemberFiles.write(share, to: output, mode: 0o600, replacing: force)
            }
            return try screen.lines(facts + ["The share was written to \(output)."])
        }
        facts.forEach { screen.remark($0) }
        if screen.isTerminal { screen.remark("This share is a secret: clear the screen when it is stored.") }
        let text = try share.withBytes { share throws(CommandFailure) in
            json ? PlainShare.json(share) : try PlainShare.hex(share)
        }
        try screen.json(text)
    }
}
