// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Primitives
import Quorum
import SecretMemory

/// `renclave key show`
struct KeyShowCommand: MemberCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows what is public of a key.",
        discussion: """
            The file is a secret or a public key, or - for standard input. Of a secret key only the public half is \
            shown. The fingerprint is SHA-256 of the public key's 130 bytes.
            """
    )

    @Argument(help: "The key file, or - for standard input.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp("Reads the passphrase of a secret key from a file.", valueName: "file"),
        completion: .file()
    )
    var passphraseFile: String?

    @Flag(help: "Prints one JSON object: public_key, fingerprint, encryption_point, signing_point.")
    var json = false

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("Name one file, or - for standard input. A secret is never taken as an argument.")
        }
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput([file, passphraseFile])
        let key = try publicKey(in: session)
        let (encryption, signing) = (Hex.encode(key.encryptionPoint), Hex.encode(key.signingPoint))
        let (all, fingerprint) = (Hex.encode(key.bytes), Hex.encode(key.fingerprint))
        if json {
            try session.output.json(
                JSONValue.fields([
                    "public_key": .string(all),
                    "fingerprint": .string(fingerprint),
                    "encryption_point": .string(encryption),
                    "signing_point": .string(signing),
                ]).line
            )
        } else {
            var rows = LabelledLines()
            rows.add("Public key", all)
            rows.add("Fingerprint", fingerprint)
            rows.add("Encryption point", encryption)
            rows.add("Signing point", signing)
            try session.output.lines(rows.lines)
        }
        return .done
    }

    private func publicKey(in session: CommandSession) throws(CommandFailure) -> QuorumPublicKey {
        let text = try MemberFiles.readSecret(file, "key", warning: false, in: session)
        let isPublic = text.withBytes { PublicKeyFile.isOne($0) }
        guard isPublic else {
            MemberFiles.warnIfOpenToOthers(file, "secret key", in: session)
            return try KeyFile.read(text, passphraseFile: passphraseFile, in: session).publicKey
        }
        return try text.withBytes { text throws(CommandFailure) in try PublicKeyFile.key(in: text, "public key") }
    }
}
