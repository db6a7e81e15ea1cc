// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum

/// `renclave forward`
struct ForwardCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "forward",
        abstract: "Forwards the quorum key from one enclave to others.",
        discussion: """
            For each target in turn: gives it the manifest, lets it attest a key of its own with a nonce of the \
            source, lets the source verify that and seal the quorum key to it, brings that to the target, and compares \
            fingerprint and key check. Each check is a line. The key never leaves the enclaves in the clear.

            It may be interrupted and run again at any time; a target that holds the same key is done already. One \
            that fails does not keep the others from getting it.

            The exit status is 0 if all targets hold the key, and 1 if one does not.
            """
    )

    @Option(help: ArgumentHelp("The gateway of the enclave that has the key.", valueName: "url"))
    var from: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("The gateways of those that are to get it.", valueName: "url"))
    var to: [String]

    @Option(
        help: ArgumentHelp(
            "Gives the targets this approved manifest, of a later build, instead of the source's own.",
            valueName: "file"),
        completion: .file()
    )
    var manifest: String?

    @OptionGroup var expected: ExpectedKeyOptions

    @OptionGroup var accepted: AttestationOptions

    @Flag(help: "Prints one JSON object: from, quorum_key_fingerprint, key_check, manifest_hash, targets.")
    var json = false

    func validate() throws {
        let addresses = ([from] + to).map(GatewayAddress.init)
        // None is repeated, since it may hold a password.
        guard addresses.allSatisfy({ $0 != nil }) else {
            throw ValidationError("An address of --from or --to \(GatewayAddress.rule).")
        }
        guard Set(addresses.compactMap { $0?.text }).count == addresses.count else {
            throw ValidationError("An address is named twice; a source and its targets are different enclaves.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput([manifest] + accepted.files)
        let fingerprint = try expected.fingerprint(in: session)
        let vouching = try accepted.vouching(in: session)
        let later = try manifest.map { (name) throws(CommandFailure) in try OfferedManifest.read(name, in: session) }
        let addresses = ([from] + to).compactMap(GatewayAddress.init)
        let areDone = try await GatewayClient.withClients(of: addresses, timeLimit: session.timeLimit) { clients in
            try await forward(clients, later: later, expecting: fingerprint, vouching, in: session)
        }
        return areDone ? .done : .failed
    }

    /// - Parameter clients: the source's first.
    private func forward(
        _ clients: [GatewayClient],
        later: OfferedManifest?,
        expecting fingerprint: String?,
        _ vouching: EnclaveVouching?,
        in session: CommandSession
    ) async throws -> Bool {
        guard let giver = clients.first else { return false }
        let source = try await ForwardingSource.ask(giver, later: later, expecting: fingerprint)
        try tell(source, of: giver, isExpected: fingerprint != nil, to: session.output)
        let forwarding = KeyForwarding(source: source, vouching: vouching)
        var reports: [ForwardingReport] = []
        for taker in clients.dropFirst() {
            var report = ForwardingReport(of: taker.address, output: session.output, json: json)
            try report.begin()
            do {
                try report.end(.success(await forwarding.forward(from: giver, to: taker, telling: &report)))
            } catch let failure as CommandFailure {
                try report.end(.failure(failure))
            }
            reports.append(report)
        }
        if json { try session.output.json(Self.json(source, of: giver, reports).line) }
        return reports.allSatisfy(\.isDone)
    }

    private func tell(
        _ source: ForwardingSource,
        of giver: GatewayClient,
        isExpected: Bool,
        to output: CommandOutput
    ) throws {
        let namespace = source.manifest.manifest.namespace
        if !json {
            try output.lines([
                "Source \(giver.address.text)",
                "  \(source.key.state): quorum key \(source.key.fingerprint), key check \(source.key.keyCheck)",
                "  Manifest: \(Hex.encode(source.manifest.hash)), namespace \(namespace.name.quoted), "
                    + "nonce \(namespace.nonce), of the same quorum key",
            ])
            if isExpected { try output.lines(["  Compared: the quorum key is the expected one"]) }
        }
        if !isExpected {
            output.remark(
                "Not compared: whether this is the right quorum key; --expect-key or \(ExpectedKeyOptions.variable) "
                    + "says which one.")
        }
    }

    private static func json(
        _ source: ForwardingSource,
        of giver: GatewayClient,
        _ reports: [ForwardingReport]
    ) -> JSONValue {
        .fields([
            "from": .string(giver.address.text),
            "quorum_key_fingerprint": .string(source.key.fingerprint),
            "key_check": .string(source.key.keyCheck),
            "manifest_hash": ManifestSummary.hex(source.manifest.hash),
            "targets": .array(reports.map(\.json)),
        ])
    }
}
