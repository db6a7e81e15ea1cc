// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import ArgumentParser
import Primitives
import Protocol
import Quorum
import SecretMemory

/// `genesis_key_generator`: the members of a trial quorum and the request for its genesis, in one step.
package struct KeyGeneratorCommand: MemberCommand {
    /// The name and the help page.
    package static let configuration = CommandConfiguration(
        commandName: "genesis_key_generator",
        abstract: "Makes the keys of a quorum's members, and the request for its genesis.",
        discussion: """
            Every member approves manifests and gets a share. All keys are made in one place, so this is for trials \
            and tests; in a real quorum every member makes an own key (renclave key generate), and nobody sees two of \
            them.

            Exit status: 0 done, 1 failed, 2 used wrongly.
            """,
        version: Version.product
    )

    @Option(parsing: .unconditional, help: ArgumentHelp("Members, 2 to 255.", valueName: "count"))
    var memberCount: Int

    @Option(parsing: .unconditional, help: ArgumentHelp("Members that are needed, 2 to all.", valueName: "count"))
    var threshold: Int

    @Option(help: ArgumentHelp("Where to write the request.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "Where to write the secret keys. (default: the output, with .keys for .json)", valueName: "dir"
        ),
        completion: .directory
    )
    var keysDir: String?

    @OptionGroup var content: GenesisRequestOptions

    @OptionGroup var writing: NewSecretOptions

    @Flag(help: "Prints one JSON object: request_file, keys_directory, members.")
    var json = false

    /// Takes what does not belong there, because the parser would repeat it, and it may be a secret.
    @Argument(help: .hidden) var misplaced: [String] = []

    /// What the parser fills.
    package init() {}

    /// Checks the numbers and the words.
    package func validate() throws {
        guard misplaced.isEmpty else {
            throw ValidationError("There is a word too many. Secrets are never taken from arguments.")
        }
        guard (2...CheckedMembers.most).contains(memberCount) else {
            throw ValidationError("--member-count must be 2 to \(CheckedMembers.most).")
        }
        guard (2...memberCount).contains(threshold) else {
            throw ValidationError("--threshold must be 2 to \(memberCount), the number of members.")
        }
        guard KeyName("\(content.aliasPrefix)\(memberCount)") != nil else {
            throw ValidationError("An alias, which is the --alias-prefix and a number, \(KeyName.rule).")
        }
    }

    /// Parses one command line of this tool, and runs it.
    ///
    /// - Parameter arguments: What follows the program's name; a `--` before all of it, which `swift run` may leave
    ///   there, is dropped.
    package static func run(commandLine arguments: [String], in session: CommandSession) async -> CommandStatus {
        await run(arguments.first == "--" ? Array(arguments.dropFirst()) : arguments, in: session)
    }

    func run(in session: CommandSession) async throws -> CommandStatus {
        try MemberFiles.demandOneStandardInput([content.drKey, writing.passphraseFile], writing: writtenPaths)
        try writing.demandTerminal(in: session)
        for path in writtenPaths { try writing.demandRoom(for: path) }
        let recoveryKey = try content.recoveryKey(in: session)
        let passphrase = try writing.passphrase(in: session)
        let members = try GeneratedMembers(count: memberCount, prefix: content.aliasPrefix, directory: directory)
        let request = try content.request(of: members.set(threshold: threshold), recoveryKey: recoveryKey)
        let batch = FileBatch(replacing: writing.force)
        try batch.makeDirectory(directory)
        for member in members.all {
            try KeyFile.text(of: member.pair, passphrase: passphrase).withBytes { text throws(CommandFailure) in
                try batch.stage(text, for: member.path, mode: 0o600)
            }
        }
        // Last, so that nobody finds a request whose keys are not there.
        try batch.stage(request.span, for: output, mode: 0o644)
        try batch.publish()
        try say(members, to: session.output)
        return .done
    }

    private var directory: String {
        if let keysDir { return keysDir }
        return (output.hasSuffix(".json") ? String(output.dropLast(5)) : output) + ".keys"
    }

    /// The request and all keys.
    private var writtenPaths: [String] {
        let places = GeneratedMembers.places(
            count: memberCount, prefix: content.aliasPrefix, directory: directory)
        return [output] + places.map(\.path)
    }

    private func say(_ members: GeneratedMembers, to screen: CommandOutput) throws(OutputError) {
        guard !json else {
            let list = members.all.map { member in
                JSONValue.fields([
                    "alias": .string(member.alias),
                    "secret_file": .string(member.path),
                    "fingerprint": .string(Hex.encode(member.pair.publicKey.fingerprint)),
                ])
            }
            return try screen.json(
                JSONValue.fields([
                    "request_file": .string(output), "keys_directory": .string(directory), "members": .array(list),
                ]).line
            )
        }
        var rows = LabelledLines()
        rows.add("Request", output)
        rows.add("Quorum", "\(threshold) of \(memberCount)")
        for (index, member) in members.all.enumerated() {
            rows.add(index == 0 ? "Secret keys" : "", member.path)
        }
        let next = "curl -sS -H 'Content-Type: application/json' --data-binary \("@\(output)".shellWord)"
        let address = GatewayAddress.standard.text
        try screen.lines(rows.lines + ["", "Next:", "  \(next) \(address)/enclave/genesis-boot"])
    }
}

extension String {
    /// The text as one word of a shell's command line.
    fileprivate var shellWord: String {
        let isPlain = utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || "@%+=:,./_-".utf8.contains(byte)
        }
        return isPlain ? self : "'" + replacing("'", with: #"'\''"#) + "'"
    }
}
