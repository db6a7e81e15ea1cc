// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum
import SecretMemory

/// `renclave key generate`
struct KeyGenerateCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Makes a member's key pair.",
        discussion: """
            Writes NAME.secret, which only its owner can read, and NAME.pub, which is for everybody. The secret never \
            appears on the screen. Both are files of QuorumOS, unless a passphrase is given: then the secret file is \
            one of renclave's own, and is of no use without the passphrase.
            """
    )

    @Argument(help: "The name of the files, usually the member's alias.")
    var name: String

    @Option(
        help: ArgumentHelp(
            "Where to write them; made where it is missing, with those above it. (default: here)", valueName: "dir"),
        completion: .directory
    )
    var directory: String?

    @OptionGroup var writing: NewSecretOptions

    @Flag(help: "Prints one JSON object: secret_file, public_key_file, public_key, fingerprint.")
    var json = false

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("There is a word too many. Secrets are never taken from arguments.")
        }
        guard KeyName(name) != nil else { throw ValidationError("The name \(KeyName.rule).") }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        let prefix = directory.map { $0.hasSuffix("/") ? $0 : $0 + "/" } ?? ""
        let (secretPath, publicPath) = ("\(prefix)\(name).secret", "\(prefix)\(name).pub")
        try MemberFiles.demandOneStandardInput([writing.passphraseFile], writing: [secretPath, publicPath])
        try writing.demandTerminal(in: session)
        try writing.demandRoom(for: secretPath)
        try writing.demandRoom(for: publicPath)
        let passphrase = try writing.passphrase(in: session)
        let pair = try CommandFailure.making("secret key") { () throws(QuorumError) in
            try QuorumKeyPair.generate(from: EntropySource())
        }
        let batch = FileBatch(replacing: writing.force)
        if let directory { try batch.makeDirectory(directory) }
        try KeyFile.text(of: pair, passphrase: passphrase).withBytes { text throws(CommandFailure) in
            try batch.stage(text, for: secretPath, mode: 0o600)
        }
        try batch.stage(PublicKeyFile.text(of: pair.publicKey).span, for: publicPath, mode: 0o644)
        try batch.publish()
        try say(pair.publicKey, secretPath: secretPath, publicPath: publicPath, to: session.output)
        return .done
    }

    private func say(
        _ key: QuorumPublicKey,
        secretPath: String,
        publicPath: String,
        to output: CommandOutput
    ) throws(OutputError) {
        let fingerprint = Hex.encode(key.fingerprint)
        guard !json else {
            return try output.json(
                JSONValue.fields([
                    "secret_file": .string(secretPath),
                    "public_key_file": .string(publicPath),
                    "public_key": .string(Hex.encode(key.bytes)),
                    "fingerprint": .string(fingerprint),
                ]).line
            )
        }
        var rows = LabelledLines()
        rows.add("Secret key", secretPath)
        rows.add("Public key", publicPath)
        rows.add("Fingerprint", fingerprint)
        try output.lines(rows.lines)
    }
}
