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
            The share comes from --share (plain in any form, or still sealed to you), from --genesis, or from the \
            answer of a genesis that also brings the enclave's ephemeral key. That key comes from --ephemeral-key, \
            from --answer (of a genesis or a boot), or else from the gateway. --manifest is your own copy.

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
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try UnverifiedKey.demandConsent(insecureDevelopment)
        try MemberFiles.demandOneStandardInput(
            [manifest, member.key, member.passphraseFile, share, genesis, ephemeralKey, answer],
            writing: [target.output, approvalPath])
        try nonces.demandDirectory(in: session)
        if ephemeralKey == nil, answer == nil { _ = try gateway.address(in: session) }
        try checkRoom()
        let checked = try OfferedManifest.read(manifest, in: session).checked()
        var memory = try nonces.check(checked, in: session)
        let enclave = try await enclave(under: checked, in: session)
        let pair = try member.read(for: checked.shareSet, "share set", in: session)
        let sealing = try seal(with: pair, checked, enclave, in: session)
        try memory.remember(checked, in: session)
        try give(sealing, to: session.output)
        say(checked, enclave.key, to: session.output)
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

    private func say(_ manifest: CheckedManifest, _ key: QuorumPublicKey, to screen: CommandOutput) {
        let namespace = manifest.manifest.namespace
        screen.remark("Namespace \(namespace.name.quoted), nonce \(namespace.nonce)")
        screen.remark("Manifest  \(Hex.encode(manifest.hash))")
        screen.remark("Sealed to \(Hex.encode(key.fingerprint)), for which NO attestation document vouches")
    }
}

// MARK: - The enclave's key

extension ShareSealCommand {
    /// The key of the enclave that is to have the share, with the answer that told it.
    struct EnclaveKey {
        let key: QuorumPublicKey
        /// As it came; empty where the key was in a file of its own.
        let bytes: [UInt8]
        let answer: CeremonyAnswer?
    }

    private func enclave(
        under manifest: CheckedManifest,
        in session: CommandSession
    ) async throws -> EnclaveKey {
        if let ephemeralKey {
            let key = try PublicKeyFile.read(ephemeralKey, "ephemeral key", in: session)
            return EnclaveKey(key: key, bytes: [], answer: nil)
        }
        guard let answer else {
            return try Self.key(in: try await askGateway(in: session), under: manifest)
        }
        return try Self.key(in: MemberFiles.read(answer, "answer", in: session), under: manifest)
    }

    private func askGateway(in session: CommandSession) async throws -> [UInt8] {
        let address = try gateway.address(in: session)
        let answer = try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
            try await client.get("/enclave/genesis")
        }
        guard answer.status != 404 else {
            throw CommandFailure.failed(
                "The enclave had no genesis, so its gateway cannot tell the ephemeral key again.",
                hint: "The answer of boot standard has it: --answer."
            )
        }
        guard answer.status == 200 else { throw answer.refusal(from: address) }
        return answer.body
    }

    /// The key in an answer, which must be about the member's own manifest.
    private static func key(in bytes: [UInt8], under manifest: CheckedManifest) throws(CommandFailure) -> EnclaveKey {
        let answer: CeremonyAnswer
        do {
            answer = try CeremonyAnswer(JSONValue(parsing: bytes))
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw .failed("The answer is not JSON as a gateway writes it.")
        }
        guard let key = answer.ephemeralKey else { throw .failed("The answer has no ephemeral_key.") }
        guard let hash = answer.manifestHash ?? answer.envelope?.manifest.hash() else {
            throw .failed("The answer does not say which manifest the enclave has.")
        }
        guard hash == manifest.hash else {
            throw .failed(
                "The enclave has another manifest than yours: \(Hex.encode(hash)).",
                hint: "Yours is \(Hex.encode(manifest.hash))."
            )
        }
        if let key = answer.quorumKey, key != manifest.quorumKey {
            throw .failed(
                "The answer names another quorum key than your manifest: \(Hex.encode(key.fingerprint)).",
                hint: "Yours is \(Hex.encode(manifest.quorumKey.fingerprint)).")
        }
        try answer.checkCommitments(of: manifest)
        return EnclaveKey(key: key, bytes: bytes, answer: answer)
    }
}
