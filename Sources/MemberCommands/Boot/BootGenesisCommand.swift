// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum

/// `renclave boot genesis`
struct BootGenesisCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "genesis",
        abstract: "Lets a quorum key be born, and saves what comes of it.",
        discussion: """
            Sends the request, compares the answer with it, and saves the answer in the file of --output. Every \
            member gets a copy of it, and of the request from somebody else than the gateway. With --root or \
            --policy its attestation document must show that an enclave made exactly this genesis, and, by the nonce \
            of the request, for this request.

            With --keys the trial goes on until the enclave has the key, and --output is a directory: genesis.json, \
            manifest.json, commitments.json and key.json, from which renclave boot standard gives the key to the next \
            enclave.
            """
    )

    @Option(help: ArgumentHelp("The request for the genesis, or - for standard input.", valueName: "file"))
    var request: String

    @OptionGroup var target: OutputOptions

    @OptionGroup var trial: TrialKeyOptions

    @OptionGroup var nonces: NonceOptions

    @Flag(help: "Prints one JSON object when everything is done.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("There is a word too many. Keys, manifests and answers are named by their files.")
        }
        guard trial.keys == nil || target.output != nil else {
            throw ValidationError("With --keys, name a directory with --output; nothing of the genesis would be left.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput([request] + trial.files, writing: [target.output])
        let address = try gateway.address(in: session)
        let body = try MemberFiles.read(request, "request", in: session)
        let asked = try GenesisRequest(reading: body)
        try checkRoom()
        let vouching = try trial.accepted.vouching(in: session)
        let keys = try trial.read(for: Self.shareSet(of: asked), in: session)
        // The key is about to be born, so a namespace that is known has another one.
        if keys != nil {
            try nonces.trialMemory(in: session)?.checkBirth(inNamespace: asked.namespaceName, in: session)
        }
        let steps = CeremonySteps(output: session.output, json: json)
        try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
            try await hold(asked, body, keys, vouching, client, steps)
        }
        return .done
    }

    private static func shareSet(of request: GenesisRequest) throws(CommandFailure) -> CheckedMembers {
        do {
            return try CheckedMembers(request.shareSet, as: .shareSet)
        } catch {
            throw .failed("The share set of the request is not sound: \(error.error.words).")
        }
    }

    private func hold(
        _ asked: GenesisRequest,
        _ body: [UInt8],
        _ keys: [TrialKey]?,
        _ vouching: EnclaveVouching?,
        _ client: GatewayClient,
        _ before: CeremonySteps
    ) async throws {
        var steps = before
        let answer = try await client.post("/enclave/genesis-boot", json: body)
        guard answer.status == 200 else { throw answer.refusal(from: client.address) }
        let (born, evidence) = try await BootAnswerFile.keeping(
            answer, on: steps.output, remarking: Self.beginAgain
        ) {
            let born = try Birth(answer.body, asked: asked)
            return (born, try await GenesisEvidence.of(born.record, by: vouching, asked: asked, isKept: false))
        }
        try steps.tell("Genesis: quorum key \(Hex.encode(born.manifest.quorumKey.fingerprint))", born.facts)
        try steps.tell("Compared: the genesis is what the request asks for, and agrees with itself")
        steps.output.remarkGaps(after: asked, evidence)
        if vouching != nil, asked.nonce == nil {
            steps.output.remark(
                "Not compared: a nonce, which the request does not have, so the genesis may be an old one, of an "
                    + "enclave that is no more.")
        }
        steps.output.remark(evidence)
        try await BootAnswerFile.keeping(
            answer, on: steps.output, remarking: "The genesis was held, but is not saved."
        ) {
            try save(born)
        }
        try tellSaved(&steps)
        if let keys, let output = target.output {
            try await steps.verify(born.ephemeralKey, under: born.manifest, by: vouching, with: client)
            let trial = TrialCeremony(
                record: born.record, manifest: born.manifest, ephemeralKey: born.ephemeralKey, keys: keys)
            let report = try await trial.hold(with: client, telling: &steps)
            try CeremonyDirectory(path: output).save(report)
        }
        try steps.finish()
    }
}

// MARK: - Saving

extension BootGenesisCommand {
    /// Whether what comes of it is saved in a directory, rather than as one file.
    private var savesDirectory: Bool {
        trial.keys != nil || target.output.map { MemberFiles.isDirectory($0) || $0.hasSuffix("/") } ?? false
    }

    /// Before the genesis, since it can be held only once.
    private func checkRoom() throws(CommandFailure) {
        guard let output = target.output else { return }
        guard savesDirectory else {
            try NewSecretOptions.demandRoom(for: output, force: target.force)
            return try BootAnswerFile.demandWritable(output)
        }
        if let path = CeremonyDirectory(path: output).present.first, !target.force {
            throw .alreadyThere(path)
        }
        try Directory.make(output)
        try BootAnswerFile.demandWritable(Directory.path(of: "genesis.json", in: output))
    }

    private static let beginAgain = "The enclave now holds this genesis; restart it to begin again."

    private func save(_ born: Birth) throws(CommandFailure) {
        guard let output = target.output else { return }
        if savesDirectory {
            try CeremonyDirectory(path: output).save(
                born.bytes, envelope: born.envelope, commitments: born.commitments, replacing: target.force)
        } else {
            try MemberFiles.write(born.bytes.span, to: output, mode: 0o644, replacing: target.force)
        }
    }

    private func tellSaved(_ steps: inout CeremonySteps) throws {
        guard let output = target.output else {
            return try steps.tell(
                "Not saved: GET /enclave/genesis gives the answer again until the key is provisioned",
                ["output": .null])
        }
        try steps.tell("Saved: \(output)", ["output": .string(output)])
    }
}

/// The answer to a genesis that is what was asked for.
private struct Birth {
    let bytes: [UInt8]
    let record: GenesisRecord
    let manifest: CheckedManifest
    let envelope: ManifestEnvelope
    let commitments: JSONValue
    let ephemeralKey: QuorumPublicKey

    init(_ bytes: [UInt8], asked: GenesisRequest) throws(CommandFailure) {
        record = try GenesisRecord(reading: bytes)
        let answer = try OfferedManifest(bytes)
        guard let manifest = record.manifest, let ephemeralKey = answer.answer?.ephemeralKey,
            let commitments = answer.answer?.commitmentsJSON
        else { throw .failed("The gateway's answer is not the whole answer to a genesis.") }
        let found = record.differences(from: asked)
        guard found.isEmpty else { throw .differing("The genesis is not the one that the request asks for.", found) }
        self.bytes = bytes
        self.manifest = manifest
        envelope = answer.envelope
        self.commitments = commitments
        self.ephemeralKey = ephemeralKey
    }

    var facts: KeyValuePairs<String, JSONValue> {
        [
            "quorum_key_fingerprint": ManifestSummary.hex(manifest.quorumKey.fingerprint),
            "manifest_hash": ManifestSummary.hex(manifest.hash),
            "ephemeral_key_fingerprint": ManifestSummary.hex(ephemeralKey.fingerprint),
            "threshold": .count(manifest.shareSet.threshold),
        ]
    }
}
