// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum

/// `renclave share inject`
struct ShareInjectCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "inject",
        abstract: "Brings members' shares to an enclave that waits for them.",
        discussion: """
            Takes what renclave share seal prints, one or an array of them in each file. Plain shares, \
            {"member_alias":"…","decrypted_share":[…]}, are taken too: the gateway and everyone on the way can read \
            them. What share seal wrote with --output FILE is named by --sealed-share FILE and --member-alias; its \
            approval is read from FILE.approval. The exit status is 0 if at least one share was accepted.
            """
    )

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Files of shares, or - for standard input.", valueName: "file"),
        completion: .file()
    )
    var shareJson: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Files of sealed shares, with FILE.approval beside each.", valueName: "file"),
        completion: .file()
    )
    var sealedShare: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Whose the sealed shares are, in the order of their files.", valueName: "name")
    )
    var memberAlias: [String] = []

    @Option(help: ArgumentHelp("Takes the namespace from your copy of the manifest.", valueName: "file"))
    var manifest: String?

    @Option(help: ArgumentHelp("The namespace's name.", valueName: "name"))
    var namespaceName: String?

    @Option(help: ArgumentHelp("The namespace's nonce.", valueName: "number"))
    var namespaceNonce: UInt32?

    @Flag(help: "Prints the gateway's answer as one line of JSON.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("There is a word too many. Keys and shares are named by their files.")
        }
        guard !shareJson.isEmpty || !sealedShare.isEmpty else {
            throw ValidationError("Name --share-json, or --sealed-share and --member-alias.")
        }
        guard sealedShare.count == memberAlias.count else {
            throw ValidationError("--sealed-share and --member-alias name as many members, in the same order.")
        }
        guard (namespaceName == nil) == (namespaceNonce == nil), (manifest == nil) != (namespaceName == nil) else {
            throw ValidationError("Name either --manifest, or --namespace-name and --namespace-nonce.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput(shareJson + sealedShare + [manifest])
        _ = try gateway.address(in: session)
        let checked = try manifest.map { (name) throws(CommandFailure) in
            try OfferedManifest.read(name, in: session).checked()
        }
        let shares = try ShareInjectFiles(
            reading: shareJson, sealed: zip(sealedShare, memberAlias).map { ($0, alias: $1) }, in: session)
        let address =
            shares.arePlain
            ? try gateway.address(sending: "the shares", in: session) : try gateway.address(in: session)
        let body = ShareInjection.body(
            namespaceName: checked?.manifest.namespace.name ?? namespaceName ?? "",
            namespaceNonce: checked?.manifest.namespace.nonce ?? namespaceNonce ?? 0,
            shares: shares.elements
        )
        let answer = try await GatewayClient.withClient(of: address, timeLimit: session.timeLimit) { client in
            try await client.post(ShareInjection.path, json: body)
        }
        try show(answer, from: address, in: session)
        return try judge(answer, from: address, expecting: checked?.quorumKey, in: session)
    }

    private func show(_ answer: GatewayAnswer, from address: GatewayAddress, in session: CommandSession) throws {
        guard answer.status == 200 || answer.status == 422 else { throw answer.refusal(from: address) }
        if json {
            guard let line = answer.json else { throw answer.notUnderstood(from: address) }
            try session.output.json(line)
        } else {
            try session.output.lines((ShareInjection.verdicts(in: answer) ?? []).map(\.line))
        }
    }

    private func judge(
        _ answer: GatewayAnswer,
        from address: GatewayAddress,
        expecting key: QuorumPublicKey?,
        in session: CommandSession
    ) throws -> CommandStatus {
        guard answer.status == 200 else { throw answer.refusal(from: address) }
        guard let injection = ShareInjection(answer) else { throw answer.notUnderstood(from: address) }
        if let key, let rebuilt = injection.quorumKey, rebuilt != key {
            throw CommandFailure.failed(
                "The enclave now has another quorum key than the manifest's: \(Hex.encode(rebuilt.fingerprint)).")
        }
        if !json { try session.output.lines(Self.page(injection)) }
        return injection.verdicts.contains { $0.reason == nil } ? .done : .failed
    }

    private static func page(_ injection: ShareInjection) -> [String] {
        var rows = LabelledLines()
        rows.add("Shares", "\(injection.received) of \(injection.threshold)")
        rows.add("State", injection.state)
        if let key = injection.quorumKey { rows.add("Quorum key", Hex.encode(key.fingerprint)) }
        return rows.lines
    }
}
