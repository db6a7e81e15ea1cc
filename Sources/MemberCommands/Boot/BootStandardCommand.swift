// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum

/// `renclave boot standard`
struct BootStandardCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "standard",
        abstract: "Lets an enclave wait for the shares of an existing quorum key.",
        discussion: """
            Sends a manifest with its approvals, and the share commitments of its genesis, with which the enclave can \
            judge each share alone. --output saves the answer, from which members learn the ephemeral key. With \
            --root or --policy an attestation document must show that the key is that of an enclave with this \
            manifest.

            With --directory everything comes from what boot genesis saved there; with --keys the trial goes on until \
            the enclave has the key, which must be the one that was saved.
            """
    )

    @Option(help: ArgumentHelp("The manifest or its envelope.", valueName: "file"), completion: .file())
    var manifest: String?

    @Option(help: ArgumentHelp("The share commitments alone.", valueName: "file"), completion: .file())
    var commitments: String?

    @Option(
        help: ArgumentHelp("The answer to the genesis, for its share commitments.", valueName: "file"),
        completion: .file()
    )
    var answer: String?

    @Option(help: ArgumentHelp("What boot genesis saved.", valueName: "directory"), completion: .directory)
    var directory: String?

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
        guard (manifest == nil) != (directory == nil) else {
            throw ValidationError("Name either --manifest or --directory.")
        }
        guard [commitments, answer, directory].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("--commitments, --answer and --directory exclude each other.")
        }
        guard trial.keys == nil || directory != nil else {
            throw ValidationError("--keys needs --directory, where the encrypted shares are.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput(
            [manifest, commitments, answer] + trial.files, writing: [target.output])
        let address = try gateway.address(in: session)
        try target.checkFree()
        if let output = target.output { try BootAnswerFile.demandWritable(output) }
        let plan = try plan(in: session)
        let vouching = try trial.accepted.vouching(in: session)
        let keys = try plan.record.flatMap { (record) throws(CommandFailure) in
            try trial.read(for: record.shareSet, in: session)
        }
        if keys != nil { try nonces.trialMemory(in: session)?.check(plan.manifest, in: session) }
        let saved = try directory.flatMap { (path) throws(CommandFailure) in
            try CeremonyDirectory(path: path).key(in: session)
        }
        let steps = CeremonySteps(output: session.output, json: json)
        try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
            try await hold(plan, Holding(keys: keys, saved: saved, vouching: vouching), client, steps)
        }
        return .done
    }

    private func hold(
        _ plan: Plan,
        _ holding: Holding,
        _ client: GatewayClient,
        _ before: CeremonySteps
    ) async throws {
        var steps = before
        let answer = try await client.post("/enclave/boot-standard", json: plan.body)
        guard answer.status == 200 else { throw answer.refusal(from: client.address) }
        let (booted, path) = try await BootAnswerFile.keeping(
            answer, on: steps.output, remarking: "The enclave has booted, but the answer is not saved."
        ) {
            guard let booted = BootAnswer(answer) else { throw answer.notUnderstood(from: client.address) }
            guard booted.manifestHash == plan.manifest.hash else {
                throw CommandFailure.failed("The enclave took another manifest: \(Hex.encode(booted.manifestHash)).")
            }
            return (booted, try target.write(answer.body))
        }
        try steps.tell(booted.line, booted.facts)
        if let path { try steps.tell("Saved: \(path)", ["output": .string(path)]) }
        try await steps.verify(booted.ephemeralKey, under: plan.manifest, by: holding.vouching, with: client)
        if let keys = holding.keys, let record = plan.record {
            let trial = TrialCeremony(
                record: record, manifest: plan.manifest, ephemeralKey: booted.ephemeralKey, keys: keys)
            let report = try await trial.hold(with: client, telling: &steps)
            try Self.compare(report, with: holding.saved, telling: &steps)
        }
        try steps.finish()
    }

    private static func compare(
        _ report: EnclaveKeyReport,
        with saved: JSONValue?,
        telling steps: inout CeremonySteps
    ) throws {
        guard let saved else {
            return try steps.tell("Not compared: no key check was saved after the genesis", ["same_key": .null])
        }
        guard report.isAbout(saved) else {
            throw CommandFailure.failed("The key check is not the one that was saved: this is another key.")
        }
        try steps.tell("Compared: the key check is the one that was saved", ["same_key": .bool(true)])
    }
}

// MARK: - What is sent

extension BootStandardCommand {
    private struct Plan {
        let envelope: ManifestEnvelope
        let manifest: CheckedManifest
        let commitments: JSONValue?
        /// Where everything is in a directory.
        let record: GenesisRecord?

        var body: [UInt8] {
            JSONValue.fields(["manifest_envelope": envelope.json, "share_commitments": commitments]).compact()
        }
    }

    /// What the boot is held with, besides what is sent.
    private struct Holding {
        /// Where this process acts for the members.
        let keys: [TrialKey]?
        /// What was saved of the key after the genesis.
        let saved: JSONValue?
        let vouching: EnclaveVouching?
    }

    private func plan(in session: CommandSession) throws(CommandFailure) -> Plan {
        if let directory {
            let contents = try CeremonyDirectory(path: directory).read(in: session)
            return try Self.plan(contents.manifest, contents.commitments, contents.record)
        }
        guard let manifest else { throw .misuse("Name either --manifest or --directory.") }
        let offered = try OfferedManifest.read(manifest, in: session)
        return try Self.plan(offered, try givenCommitments(in: session) ?? offered.answer?.commitmentsJSON, nil)
    }

    private func givenCommitments(in session: CommandSession) throws(CommandFailure) -> JSONValue? {
        guard let name = commitments ?? answer else { return nil }
        let bytes = try MemberFiles.read(name, "share commitments", in: session)
        guard let json = try? JSONValue(parsing: bytes) else { throw .failed("The share commitments are not JSON.") }
        guard answer != nil else { return json }
        guard let commitments = json.member("share_commitments") else {
            throw .failed("The answer has no share_commitments.")
        }
        return commitments
    }

    /// Everything that can be found wrong here is found before the enclave is asked.
    private static func plan(
        _ offered: OfferedManifest,
        _ commitments: JSONValue?,
        _ record: GenesisRecord?
    ) throws(CommandFailure) -> Plan {
        let manifest = try offered.checked()
        if let commitments {
            do {
                try ShareCommitments(answer: commitments).check(against: manifest)
            } catch {
                throw .failed("The share commitments are not those of this manifest's quorum key: \(error.words).")
            }
        }
        return Plan(envelope: offered.envelope, manifest: manifest, commitments: commitments, record: record)
    }
}

/// The answer to a boot.
private struct BootAnswer {
    let state: String
    let ephemeralKey: QuorumPublicKey
    let manifestHash: [UInt8]
    let threshold: UInt64
    let approvals: UInt64

    init?(_ answer: GatewayAnswer) {
        guard let json = try? JSONValue(parsing: answer.body),
            let state = try? json.required("state").text(),
            let key = try? QuorumPublicKey(json.required("ephemeral_key").byteArray()),
            let hash = try? json.required("manifest_hash").byteArray(count: 32),
            let threshold = try? json.required("threshold").unsigned(max: 255),
            let approvals = try? json.required("approvals_counted").unsigned(max: 255)
        else { return nil }
        self.state = state
        ephemeralKey = key
        manifestHash = hash
        self.threshold = threshold
        self.approvals = approvals
    }

    var line: String {
        "Booted: \(state), \(approvals) \(approvals == 1 ? "approval" : "approvals") counted, "
            + "\(threshold) shares needed, ephemeral key \(Hex.encode(ephemeralKey.fingerprint))"
    }

    var facts: KeyValuePairs<String, JSONValue> {
        [
            "state_after_boot": .string(state),
            "manifest_hash": ManifestSummary.hex(manifestHash),
            "ephemeral_key_fingerprint": ManifestSummary.hex(ephemeralKey.fingerprint),
            "threshold": .count(threshold),
            "approvals_counted": .count(approvals),
        ]
    }
}
