// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum
import SecretMemory

/// `renclave share seal`
struct ShareSealCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "seal",
        abstract: "Seals a member's share to an enclave.",
        discussion: """
            The enclave's ephemeral key comes from an attestation document that must be verified: of the gateway, \
            asked with a fresh nonce, or of --document. It must show that the key is that of an enclave with exactly \
            --manifest, your own copy. Without --root and --policy the root is that of AWS Nitro Enclaves. Where \
            --answer or --ephemeral-key tells the key too, it must be the same.

            The share comes from --share (plain in any form, or still sealed to you), from --genesis, from --answer \
            (of a genesis), or else from the gateway.

            Prints an element of "shares", which renclave share inject takes. With --output the envelope and the \
            approval become files.
            """
    )

    @OptionGroup var member: MemberKeyOptions

    @Option(help: ArgumentHelp("Your own copy of the manifest.", valueName: "file"), completion: .file())
    var manifest: String

    @Option(help: ArgumentHelp("Your share, or - for standard input.", valueName: "file"), completion: .file())
    var share: String?

    @Option(help: ArgumentHelp("What the genesis of the key gave.", valueName: "file"), completion: .file())
    var genesis: String?

    @Option(
        help: ArgumentHelp("The enclave's attestation document, in any form.", valueName: "file"), completion: .file())
    var document: String?

    @Option(help: ArgumentHelp("The nonce that --document must carry.", valueName: "hex"))
    var nonce: String?

    @OptionGroup var accepted: AttestationOptions

    @Option(help: ArgumentHelp("The enclave's ephemeral key in hexadecimal.", valueName: "file"), completion: .file())
    var ephemeralKey: String?

    @Option(help: ArgumentHelp("The answer of the gateway that booted.", valueName: "file"), completion: .file())
    var answer: String?

    @OptionGroup var nonces: NonceOptions

    @OptionGroup var target: OutputOptions

    @Flag(help: "Seals to a key that no attestation document vouches for; for experiments only.")
    var insecureDevelopment = false

    @Flag(help: "Prints the element of shares, also with --output.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("There is a word too many. Keys and shares are named by their files.")
        }
        guard share == nil || genesis == nil else { throw ValidationError("Name either --share or --genesis.") }
        guard ephemeralKey == nil || answer == nil else {
            throw ValidationError("Name either --ephemeral-key or --answer.")
        }
        guard ephemeralKey == nil || share != nil || genesis != nil else {
            throw ValidationError("With --ephemeral-key, name --share or --genesis.")
        }
        guard document == nil || [share, genesis, answer].contains(where: { $0 != nil }) else {
            throw ValidationError("With --document, name --share, --genesis or --answer.")
        }
        guard nonce.map({ document != nil && AttestationNonce.read($0) != nil }) ?? true else {
            throw ValidationError("--nonce is for --document: 1 to 512 bytes in hexadecimal.")
        }
        guard !insecureDevelopment || document == nil && !accepted.isGiven else {
            throw ValidationError(
                "--insecure-development verifies nothing, so there is no --document, --root or --policy with it.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput(
            [manifest, member.key, member.passphraseFile, share, genesis, ephemeralKey, answer, document]
                + accepted.files,
            writing: [target.output, approvalPath])
        try nonces.demandDirectory(in: session)
        if asksGateway { _ = try gateway.address(in: session) }
        try checkRoom()
        let vouching =
            insecureDevelopment
            ? nil : EnclaveVouching(policy: try accepted.read(in: session), clock: session.clock)
        let checked = try OfferedManifest.read(manifest, in: session).checked()
        var memory = try nonces.check(checked, in: session)
        let enclave = try await enclave(under: checked, by: vouching, in: session)
        let pair = try member.read(for: checked.shareSet, "share set", in: session)
        let sealing = try seal(with: pair, checked, enclave, in: session)
        try memory.remember(checked, in: session)
        try give(sealing, to: session.output)
        say(checked, enclave, to: session.output)
        return .done
    }

    private func seal(
        with pair: QuorumKeyPair,
        _ manifest: CheckedManifest,
        _ enclave: EnclaveKey,
        in session: CommandSession
    ) throws(CommandFailure) -> ShareSealing {
        let source = ShareSealSource(alias: member.alias, pair: pair, manifest: manifest)
        let plain: SecretBytes
        if let share {
            plain = try source.read(share, expecting: enclave.answer, in: session)
        } else if let genesis {
            plain = try source.open(from: MemberFiles.read(genesis, "genesis", in: session))
        } else {
            plain = try source.open(from: enclave.bytes)
        }
        return try ShareSealing(
            plain, alias: member.alias, pair: pair, ephemeralKey: enclave.key, manifestHash: manifest.hash)
    }

    private var approvalPath: String? { target.output.map { "\($0).approval" } }

    private func checkRoom() throws(CommandFailure) {
        guard let output = target.output, let approvalPath else { return }
        try NewSecretOptions.demandRoom(for: output, force: target.force)
        try NewSecretOptions.demandRoom(for: approvalPath, force: target.force)
    }

    private func give(_ sealing: ShareSealing, to screen: CommandOutput) throws {
        if let output = target.output, let approvalPath {
            let approval = JSONValue.fields(["signature": .byteArray(sealing.signature)]).compact()
            let batch = FileBatch(replacing: target.force)
            try batch.stage(sealing.envelope.span, for: output, mode: 0o644)
            try batch.stage(approval.span, for: approvalPath, mode: 0o644)
            try batch.publish()
            if !json { try screen.lines(["Sealed share: \(output)", "Approval: \(approvalPath)"]) }
        }
        if json || target.output == nil { try screen.json(sealing.json.line) }
    }

    private func say(_ manifest: CheckedManifest, _ enclave: EnclaveKey, to screen: CommandOutput) {
        let namespace = manifest.manifest.namespace
        screen.remark("Namespace \(namespace.name.quoted), nonce \(namespace.nonce)")
        screen.remark("Manifest  \(Hex.encode(manifest.hash))")
        screen.remark("Sealed to \(Hex.encode(enclave.key.fingerprint)), \(enclave.voucher)")
    }
}
