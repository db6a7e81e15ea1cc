// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import Quorum
import SecretMemory

/// A member's secret key in a file: 64 hexadecimal characters as QuorumOS writes them, or the same seed under a
/// passphrase.
enum KeyFile {
    /// Reads the key.
    ///
    /// - Parameters:
    ///   - name: a path, or `-` for standard input.
    ///   - passphraseFile: where the passphrase is, if the file is under one; without it a person is asked.
    static func read(
        _ name: String,
        passphraseFile: String?,
        in session: CommandSession
    ) throws(CommandFailure) -> QuorumKeyPair {
        let text = try MemberFiles.readSecret(name, "secret key", in: session)
        return try read(text, passphraseFile: passphraseFile, in: session)
    }

    /// The key that the text of a file holds.
    static func read(
        _ text: borrowing SecretBytes,
        passphraseFile: String?,
        in session: CommandSession
    ) throws(CommandFailure) -> QuorumKeyPair {
        guard text.withBytes({ EncryptedKeyFile.isEncrypted($0) }) else {
            if passphraseFile != nil {
                session.output.remark("Note: the secret key is under no passphrase, so that of the file was not used.")
            }
            return try quorum(reading: text) { (text) throws(QuorumError) in try SeedFile.read(text) }
        }
        let passphrase = try passphrase(from: passphraseFile, in: session)
        return try quorum(reading: text) { (text) throws(QuorumError) in
            try EncryptedKeyFile.open(text, passphrase: passphrase.bytes.span)
        }
    }

    /// What is written to a file: one line.
    ///
    /// - Parameter passphrase: nil for the plain form.
    static func text(of pair: QuorumKeyPair, passphrase: RedactedText?) throws(CommandFailure) -> SecretBytes {
        do {
            guard let passphrase else { return try line(SeedFile.text(of: pair, memory: .guarded)) }
            let text = try EncryptedKeyFile.seal(pair, passphrase: passphrase.bytes.span, entropy: EntropySource())
            return try line(text.span)
        } catch {
            throw error.failure(writing: "secret key")
        }
    }

    private static func line(_ text: borrowing SecretBytes) throws(QuorumError) -> SecretBytes {
        try text.withBytes { (text) throws(QuorumError) in try line(text) }
    }

    private static func line(_ text: borrowing Span<UInt8>) throws(QuorumError) -> SecretBytes {
        var line: SecretBytes
        do {
            line = try SecretBytes(guardedCount: text.count + 1)
        } catch {
            throw .memory(error)
        }
        line.withMutableBytes { span in
            span.copy(text, at: 0)
            span[span.count - 1] = UInt8(ascii: "\n")
        }
        return line
    }

    private static func passphrase(
        from file: String?,
        in session: CommandSession
    ) throws(CommandFailure) -> RedactedText {
        guard file != nil || session.input.isTerminal else {
            throw .failed(
                "The secret key is under a passphrase, and there is no terminal to ask for it at.",
                hint: "Name the file that holds the passphrase with --passphrase-file."
            )
        }
        do {
            let origin = file.map { SecretOrigin($0) } ?? .terminal
            return try origin.read(prompt: "Passphrase of the secret key (not shown): ", in: session)
        } catch {
            throw error.failure(reading: "passphrase")
        }
    }

    private static func quorum(
        reading text: borrowing SecretBytes,
        _ body: (borrowing Span<UInt8>) throws(QuorumError) -> QuorumKeyPair
    ) throws(CommandFailure) -> QuorumKeyPair {
        do {
            return try text.withBytes(body)
        } catch {
            throw error.failure(readingKey: ())
        }
    }
}

extension QuorumError {
    /// The failure to read a secret key.
    fileprivate func failure(readingKey: Void) -> CommandFailure {
        switch self {
        case .malformedHex:
            .failed(
                "This is not a secret key: its file must hold 64 hexadecimal characters.",
                hint: "The file name usually ends in .secret."
            )
        case .badSecret: .failed("This secret gives no key pair.")
        case .malformedEnvelope: .failed("This is not a secret key under a passphrase, or it is damaged.")
        case .cannotDecrypt: .failed("The passphrase is not that of this secret key, or its file was changed.")
        default: failure(writing: "secret key")
        }
    }

    /// The failure to make something, which only the machine is to blame for.
    ///
    /// - Parameter content: what was to be made, such as "secret key".
    func failure(writing content: String) -> CommandFailure {
        switch self {
        case .memory:
            .failed(
                "There is no locked memory for the \(content).",
                hint: "ulimit -l shows how much memory may be locked."
            )
        case .primitive(.entropyFailed): .failed("The system's random numbers failed their test.")
        default: .failed("The \(content) cannot be made here.")
        }
    }
}

extension CommandFailure {
    /// Runs something of the quorum that only the machine can make fail.
    ///
    /// - Parameter content: what is made, such as "secret key", for the error.
    static func making<Result: ~Copyable>(
        _ content: String,
        _ body: () throws(QuorumError) -> Result
    ) throws(CommandFailure) -> Result {
        do {
            return try body()
        } catch {
            throw error.failure(writing: content)
        }
    }
}
