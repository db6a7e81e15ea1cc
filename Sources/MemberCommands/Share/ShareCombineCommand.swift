// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum
import SecretMemory

/// `renclave share combine`
struct ShareCombineCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "combine",
        abstract: "Rebuilds the quorum key from plain shares, without an enclave.",
        discussion: """
            For disaster recovery on a machine that is connected to nothing: whoever holds the file that this writes \
            holds the quorum key. Nothing is written unless the shares give exactly the key that is named. With \
            --genesis a wrong share is found and named too.
            """
    )

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "The plain shares: 33 bytes each, raw, in hexadecimal or as a JSON array.", valueName: "file"),
        completion: .file()
    )
    var share: [String]

    @Option(help: ArgumentHelp("The public quorum key.", valueName: "file"), completion: .file())
    var publicKey: String?

    @Option(
        help: ArgumentHelp("What the genesis gave: the answer, or genesis_output.", valueName: "file"),
        completion: .file()
    )
    var genesis: String?

    @Option(help: ArgumentHelp("Where to write the secret quorum key.", valueName: "file"), completion: .file())
    var output: String

    @OptionGroup var writing: NewSecretOptions

    @Flag(help: "Prints one JSON object: secret_file, public_key, fingerprint.")
    var json = false

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("There is a word too many. Name the files of the shares after --share.")
        }
        guard (publicKey == nil) != (genesis == nil) else {
            throw ValidationError("Name either --public-key or --genesis.")
        }
        guard (2...ShareCollection.maximumCount).contains(share.count) else {
            throw ValidationError("Name 2 to \(ShareCollection.maximumCount) shares.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput(share + [publicKey, genesis, writing.passphraseFile], writing: [output])
        try writing.demandTerminal(in: session)
        try writing.demandRoom(for: output)
        let target = try target(in: session)
        let shares = try GivenShares(reading: share, in: session)
        if let record = target.record { try shares.check(against: record) }
        let pair = try shares.key(expecting: target.key)
        let passphrase = try writing.passphrase(in: session)
        try KeyFile.text(of: pair, passphrase: passphrase).withBytes { text throws(CommandFailure) in
            try MemberFiles.write(text, to: output, mode: 0o600, replacing: writing.force)
        }
        try say(pair.publicKey, to: session.output)
        return .done
    }

    /// The key that the shares have to give.
    private func target(
        in session: CommandSession
    ) throws(CommandFailure) -> (key: QuorumPublicKey, record: GenesisRecord?) {
        guard let genesis else {
            return (try PublicKeyFile.read(publicKey ?? "", "public key", in: session), nil)
        }
        let record = try GenesisRecord(reading: MemberFiles.read(genesis, "genesis", in: session))
        return (record.quorumKey, record)
    }

    private func say(_ key: QuorumPublicKey, to screen: CommandOutput) throws(OutputError) {
        let fingerprint = Hex.encode(key.fingerprint)
        guard !json else {
            return try screen.json(
                JSONValue.fields([
                    "secret_file": .string(output),
                    "public_key": .string(Hex.encode(key.bytes)),
                    "fingerprint": .string(fingerprint),
                ]).line
            )
        }
        var rows = LabelledLines()
        rows.add("Quorum key", output)
        rows.add("Fingerprint", fingerprint)
        try screen.lines(rows.lines)
        screen.remark("This file is the whole quorum key: move it where it is needed, and destroy every other copy.")
    }
}
