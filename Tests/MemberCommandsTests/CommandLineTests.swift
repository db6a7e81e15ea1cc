// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Synchronization
import Testing

@testable import MemberCommands

private let phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"

@Suite("The command line")
struct CommandLineTests {
    @Test(
        "what is used wrongly ends with 2, before anything is sent",
        arguments: [
            ["frobnicate"], ["seed", "frobnicate"], ["status", "--frobnicate"], ["status", "extra"],
            ["seed", "generate", "--strength", "100"], ["seed", "generate", "--strength"],
            ["seed", "generate", "--language", "klingon"], ["seed", "generate", "extra"],
            ["seed", "generate", "--passphrase-file", "x", "--passphrase-prompt"],
            ["seed", "generate", "--passphrase-prompt"], ["seed", "validate", "one", "two"],
            ["status", "--url", "ftp://host"], ["status", "--url", ""],
        ]
    )
    func misuse(arguments: [String]) async {
        let run = await RecordedSession.run(arguments)
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("Error: "))
    }

    @Test("the parser's own words are kept")
    func parserMessage() async {
        let run = await RecordedSession.run(["seed", "generate", "--strength", "100"])
        #expect(run.errors.contains("The value '100' is invalid for '--strength <bits>'."))
        #expect(run.errors.contains("See 'renclave seed generate --help' for more information."))
    }

    @Test(
        "help, a noun alone, the version and completions are answers",
        arguments: [
            ([], "SUBCOMMANDS:"), (["--help"], "SUBCOMMANDS:"), (["seed"], "validate"), (["help", "status"], "--json"),
            (["seed", "generate", "--help"], "--passphrase-prompt"), (["--version"], "."),
            (["--generate-completion-script", "bash"], "#!/bin/bash"),
            (["--generate-completion-script", "zsh"], "#compdef renclave"),
            (["--generate-completion-script", "fish"], "renclave"),
        ]
    )
    func answers(arguments: [String], part: String) async {
        let run = await RecordedSession.run(arguments)
        #expect(run.status == .done)
        #expect(run.output.contains(part))
        #expect(run.output.hasSuffix("\n"))
        #expect(run.errors.isEmpty)
    }

    @Test(
        "a phrase or passphrase in the arguments is refused and not repeated",
        arguments: [
            ["seed", "validate"] + phrase.split(separator: " ").map(String.init), ["seed", "validate", phrase],
            ["seed", phrase], [phrase], phrase.split(separator: " ").map(String.init),
            ["seed", "validate", "--x=\(phrase)"],
            ["seed", "validate", "legal", "winner"], ["seed", "generate", "winner"],
            ["seed", "generate", "--passphrase", "winner"], ["seed", "generate", "--passphrase=winner"],
        ]
    )
    func notRepeated(arguments: [String]) async {
        let run = await RecordedSession.run(arguments)
        #expect(run.status == .misuse)
        #expect(!(run.output + run.errors).contains("winner"))
    }

    @Test("the name of a file that cannot be read is not repeated, since it may be a secret in the wrong place")
    func fileName() async {
        for arguments in [["seed", "validate", "winner"], ["seed", "generate", "--passphrase-file", "winner"]] {
            let run = await RecordedSession.run(arguments)
            #expect(run.status == .failed)
            #expect(run.errors.hasSuffix(" cannot be read: No such file or directory.\n"))
            #expect(!run.errors.contains("winner"))
        }
    }

    @Test("an address with a password is refused and not repeated")
    func passwordInAddress() async {
        let address = "http://me:hunter2@127.0.0.1"
        let option = await RecordedSession.run(["status", "--url", address])
        let variable = await RecordedSession.run(["status"], environment: ["RENCLAVE_URL": address])
        #expect(option.status == .misuse)
        #expect(variable.status == .misuse)
        #expect(variable.errors == "Error: RENCLAVE_URL \(GatewayAddress.rule).\n")
        #expect(!(option.errors + variable.errors).contains("hunter2"))
    }

    @Test("a secret sent in the clear to another machine is warned of")
    func warning() throws {
        let gateway = try GatewayOptions.parse(["--url", "http://10.0.0.1:3000"])
        #expect(
            try warnings(gateway) == """
                Warning: http://10.0.0.1:3000 is not encrypted: everyone on the way can read the words. Use https.

                """
        )
        #expect(try warnings(GatewayOptions.parse(["--url", "https://10.0.0.1:3000"])).isEmpty)
        #expect(try warnings(GatewayOptions.parse(["--url", "http://localhost:3000"])).isEmpty)
        #expect(try warnings(GatewayOptions.parse([])).isEmpty)
    }

    private func warnings(_ gateway: GatewayOptions) throws -> String {
        let warned = Warned()
        let session = CommandSession(
            environment: { _ in nil },
            input: RecordedSession.Input(),
            output: CommandOutput(
                isTerminal: false,
                standardOutput: { _ throws(OutputError) in },
                standardError: { text throws(OutputError) in warned.add(text) }
            ),
            timeLimit: .seconds(1)
        )
        _ = try gateway.address(sending: "the words", in: session)
        return warned.text
    }
}

private final class Warned: Sendable {
    private let said = Mutex("")

    var text: String { said.withLock { $0 } }

    func add(_ more: String) { said.withLock { $0 += more } }
}
