// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Quorum
import Testing

@testable import MemberCommands

/// The first of QuorumOS's key vectors.
private enum Known {
    static let secret = Hex.encode(Array(0..<32))
    static let encryption =
        "046eae4d17a1a7aea6f2adc6baad7cba061d20e263aa27783c8d77af2af6301f30"
        + "f493367756b8eb3141f87d5ac3c163c8eb3e116ebc2dd016dd3719f6cf09ea0b"
    static let signing =
        "047516371d03733b46d880508616d359e38d86812d2c2a360bef997a9a7f88449a"
        + "97ac341074043cdd3572cbc73cc2cee9338b294a32115413a054c6b8be6b133a"
    static let publicKey = encryption + signing
    static let fingerprint = Hex.encode(SHA256.digest(Hex.decode(publicKey) ?? []))
}

@Suite("renclave key generate")
struct KeyGenerateCommandTests {
    let folder: TrialFolder

    init() throws {
        folder = try TrialFolder()
    }

    private func arguments(_ more: [String] = []) -> [String] {
        ["key", "generate", "alice", "--directory", folder.path] + more
    }

    @Test("a pair is written as QuorumOS writes it, and only what is public is said")
    func files() async throws {
        let run = await RecordedSession.run(arguments())
        #expect(run.status == .done)
        #expect(run.errors.isEmpty)
        #expect(try folder.permissions("alice.secret") == 0o600)
        #expect(try folder.permissions("alice.pub") == 0o644)
        let secret = try folder.text("alice.secret")
        #expect(secret.utf8.count == 65)
        let pair = try SeedFile.read(Array(secret.utf8).span)
        #expect(try folder.text("alice.pub") == Hex.encode(pair.publicKey.bytes) + "\n")
        #expect(run.output.contains(Hex.encode(pair.publicKey.fingerprint)))
        #expect(!run.output.contains(secret.dropLast()))
    }

    @Test("the directory is made, for its owner alone; two pairs are never the same")
    func directory() async throws {
        let path = folder.path(of: "keys")
        for name in ["alice", "bob"] {
            #expect(await RecordedSession.run(["key", "generate", name, "--directory", path]).status == .done)
        }
        #expect(try folder.permissions("keys") == 0o700)
        #expect(try folder.text("keys/alice.pub") != folder.text("keys/bob.pub"))
    }

    @Test("directories above it are made too, and none is left where nothing is written")
    func nested() async throws {
        let line = ["key", "generate", "alice", "--directory", folder.path(of: "p/q/r")]
        #expect(await RecordedSession.run(line).status == .done)
        #expect(try folder.permissions("p/q/r") == 0o700)
        #expect(try folder.permissions("p/q/r/alice.secret") == 0o600)
        try folder.write("", "file")
        let blocked = await RecordedSession.run(["key", "generate", "a", "--directory", folder.path(of: "file/d")])
        #expect(blocked.status == .failed)
    }

    @Test("--json says where the files are and what the public key is")
    func json() async throws {
        let run = await RecordedSession.run(arguments(["--json"]))
        #expect(run.status == .done)
        let answer = try JSONValue(parsing: Array(run.output.utf8))
        #expect(try answer.required("secret_file") == .string(folder.path(of: "alice.secret")))
        #expect(try answer.required("public_key_file") == .string(folder.path(of: "alice.pub")))
        let key = try QuorumPublicKey(answer.required("public_key").hexBytes())
        #expect(try answer.required("fingerprint") == .string(Hex.encode(key.fingerprint)))
        #expect(try folder.text("alice.pub") == Hex.encode(key.bytes) + "\n")
    }

    @Test("under a passphrase the file opens with it, and with no other")
    func passphrase() async throws {
        let passphrase = try folder.write("pass word\n", "passphrase")
        let run = await RecordedSession.run(arguments(["--passphrase-file", passphrase]))
        #expect(run.status == .done)
        let secret = try folder.text("alice.secret")
        #expect(secret.hasPrefix(Hex.encode(Array("renclave-secret-v1\0".utf8))))
        #expect(try folder.permissions("alice.secret") == 0o600)
        let show = ["key", "show", folder.path(of: "alice.secret")]
        let asked = await RecordedSession.run(show, typed: ["pass word"])
        #expect(asked.status == .done)
        #expect(asked.output.contains(try folder.text("alice.pub").dropLast()))
        let wrong = await RecordedSession.run(show, typed: ["password"])
        #expect(wrong.status == .failed)
        #expect(wrong.errors.hasSuffix("The passphrase is not that of this secret key, or its file was changed.\n"))
        let noTerminal = await RecordedSession.run(show)
        #expect(noTerminal.status == .failed)
        #expect(noTerminal.errors.hasSuffix("hint: Name the file that holds the passphrase with --passphrase-file.\n"))
        let file = await RecordedSession.run(show + ["--passphrase-file", passphrase])
        #expect(file.status == .done)
    }

    @Test("two passphrases that differ make nothing")
    func slip() async throws {
        let run = await RecordedSession.run(arguments(["--passphrase-prompt"]), typed: ["one", "two"])
        #expect(run.status == .failed)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("neither file is replaced without --force", arguments: ["alice.secret", "alice.pub"])
    func present(name: String) async throws {
        try folder.write("older", name)
        let run = await RecordedSession.run(arguments())
        #expect(run.status == .failed)
        #expect(run.errors.contains("\(name) is already there, and nothing was written.\n  hint: --force replaces it."))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
        #expect(try folder.text(name) == "older")
        #expect(await RecordedSession.run(arguments(["--force"])).status == .done)
        #expect(try folder.text(name) != "older")
    }

    @Test("a directory that cannot be made leaves nothing")
    func unwritable() async throws {
        try folder.write("", "a")
        let run = await RecordedSession.run(["key", "generate", "alice", "--directory", folder.path(of: "a/b")])
        #expect(run.status == .failed)
        #expect(run.errors.hasSuffix("cannot be made: File exists.\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
    }

    @Test(
        "a name that is no alias, and a word too many, are misuse",
        arguments: [
            ["a/b"], ["a.b"], [""], ["."], [" a"], ["a\u{7}"], [String(repeating: "a", count: 65)],
            ["alice", "hunter2"],
            [], ["alice", "--passphrase-file", "x", "--passphrase-prompt"],
        ]
    )
    func misuse(words: [String]) async throws {
        let run = await RecordedSession.run(["key", "generate"] + words + ["--directory", folder.path])
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains("hunter2"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}

@Suite("renclave key show")
struct KeyShowCommandTests {
    private static let page = """
        Public key        \(Known.publicKey)
        Fingerprint       \(Known.fingerprint)
        Encryption point  \(Known.encryption)
        Signing point     \(Known.signing)

        """

    @Test(
        "a secret key and a public key show the same",
        arguments: [Known.secret, Known.secret + "\n", "0x" + Known.secret.uppercased(), Known.publicKey + "\n"]
    )
    func page(text: String) async throws {
        let folder = try TrialFolder()
        let file = await RecordedSession.run(["key", "show", try folder.write(text, "key")])
        let piped = await RecordedSession.run(["key", "show", "-"], piped: text)
        for run in [file, piped] {
            #expect(run.status == .done)
            #expect(run.output == Self.page)
            #expect(run.errors.isEmpty)
            #expect(!run.output.contains(Known.secret))
        }
    }

    @Test("a key typed at a terminal is not shown")
    func typed() async {
        let run = await RecordedSession.run(["key", "show", "-"], typed: [Known.secret])
        #expect(run.output == Self.page)
        #expect(run.errors == "The key (not shown): \n")
    }

    @Test("--json has the same four facts")
    func json() async throws {
        let run = await RecordedSession.run(["key", "show", "-", "--json"], piped: Known.secret)
        #expect(
            try JSONValue(parsing: Array(run.output.utf8))
                == .fields([
                    "public_key": .string(Known.publicKey), "fingerprint": .string(Known.fingerprint),
                    "encryption_point": .string(Known.encryption), "signing_point": .string(Known.signing),
                ])
        )
    }

    @Test("others' right to a secret file is warned of, and to a public one not")
    func openToOthers() async throws {
        let folder = try TrialFolder()
        let path = try folder.write(Known.secret, "key")
        try folder.openToOthers("key")
        let warned = await RecordedSession.run(["key", "show", path])
        #expect(warned.status == .done)
        #expect(
            warned.errors == "Warning: the file of the secret key is open to other users; chmod 600 keeps it to you.\n")
        try folder.write(Known.publicKey, "key")
        try folder.openToOthers("key")
        #expect(await RecordedSession.run(["key", "show", path]).errors.isEmpty)
    }

    @Test(
        "what is no key is refused, without a byte of it",
        arguments: [
            "", "hunter2", Known.secret.dropLast() + "", Known.secret + "00", Known.publicKey.dropLast(2) + "zz",
        ]
    )
    func refused(text: String) async {
        let run = await RecordedSession.run(["key", "show", "-"], piped: text)
        #expect(run.status == .failed)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains("hunter2"))
        #expect(!run.errors.contains(Known.secret.prefix(8)))
    }

    @Test("a secret in place of the file's name is not repeated")
    func misplaced() async {
        let run = await RecordedSession.run(["key", "show", Known.secret])
        #expect(run.status == .failed)
        #expect(run.errors == "Error: The key cannot be read: No such file or directory.\n")
        let two = await RecordedSession.run(["key", "show", "file", Known.secret])
        #expect(two.status == .misuse)
        #expect(!two.errors.contains(Known.secret))
    }

    @Test("key and passphrase cannot both be standard input")
    func standardInput() async {
        let run = await RecordedSession.run(["key", "show", "-", "--passphrase-file", "-"], piped: Known.secret)
        #expect(run.status == .misuse)
    }
}
