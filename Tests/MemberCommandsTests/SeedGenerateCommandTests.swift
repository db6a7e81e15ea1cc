// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing

@testable import MemberCommands

/// Answers to a request for 128 bits.
private enum Answer {
    static let words = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    static let entropy = String(repeating: "7f", count: 16)
    static let seed = String(repeating: "ab", count: 64)
    static let plain =
        #"{"seed_phrase":"\#(words)","entropy":"\#(entropy)","strength":128,"word_count":12}"#
    static let withSeed =
        #"{"seed_phrase":"\#(words)","entropy":"\#(entropy)","strength":128,"word_count":12,"seed":"\#(seed)"}"#
}

@Suite("renclave seed generate")
struct SeedGenerateCommandTests {
    private func stub(
        _ answer: [UInt8]?,
        _ body: (StubGateway, _ url: String) async throws -> Void
    ) async throws {
        try await StubGateway.with(["/generate-seed": answer], body)
    }

    @Test("the phrase is shown as numbered words, without entropy")
    func readable() async throws {
        try await stub(StubGateway.json(200, Answer.plain)) { gateway, url in
            let run = await RecordedSession.run(["seed", "generate", "--strength", "128", "--url", url])
            #expect(run.status == .done)
            #expect(run.outputLines.first == "   1. legal       7. worth")
            #expect(run.output.hasSuffix("\nStrength  128 bits\nWords     12\nLanguage  english\n"))
            #expect(!run.output.contains(Answer.entropy))
            #expect(run.errors.isEmpty)
            #expect(gateway.requests == [.init(line: "POST /generate-seed HTTP/1.1", body: #"{"strength":128}"#)])
        }
    }

    @Test("--show-entropy adds the entropy and, with a passphrase, the seed")
    func entropy() async throws {
        try await stub(StubGateway.json(200, Answer.withSeed)) { _, url in
            let arguments = ["seed", "generate", "--strength", "128", "--show-entropy", "--passphrase-file", "-"]
            let run = await RecordedSession.run(arguments + ["--url", url], piped: "TREZOR\n")
            #expect(run.status == .done)
            #expect(run.output.contains("Passphrase  in use: the words alone do not restore this seed\n"))
            #expect(run.output.contains("Entropy     \(Answer.entropy)\n"))
            #expect(run.output.contains("Seed        \(Answer.seed)\n"))
        }
    }

    @Test("--json prints the answer on one line, without white space between its tokens")
    func json() async throws {
        let spread = Answer.plain.replacing(",", with: ",\r\n ")
        try await stub(StubGateway.json(200, spread)) { _, url in
            let run = await RecordedSession.run(["seed", "generate", "--strength", "128", "--json", "--url", url])
            #expect(run.status == .done)
            #expect(run.output == Answer.plain + "\n")
        }
    }

    @Test("a person at a terminal is reminded of what the words are")
    func reminder() async throws {
        try await stub(StubGateway.json(200, Answer.plain)) { _, url in
            let arguments = ["seed", "generate", "--strength", "128", "--url", url]
            let run = await RecordedSession.run(arguments, terminalOutput: true)
            #expect(run.errors.hasPrefix("These words are the money: "))
            #expect(run.errors.count(where: \.isNewline) == 1)
        }
    }

    @Test("a passphrase typed twice is sent, and never shown")
    func prompt() async throws {
        try await stub(StubGateway.json(200, Answer.withSeed)) { gateway, url in
            let arguments = ["seed", "generate", "--strength", "128", "--passphrase-prompt", "--url", url]
            let run = await RecordedSession.run(arguments, typed: ["hunter2", "hunter2"])
            #expect(run.status == .done)
            let sent = try #require(gateway.requests.first).body
            let fields = try JSONDecoder().decode([String: StringOrInt].self, from: Data(sent.utf8))
            #expect(fields == ["strength": .int(128), "passphrase": .string("hunter2")])
            #expect(!(run.output + run.errors).contains("hunter2"))
        }
    }

    @Test("a passphrase file is read to its last byte but one line end")
    func file() async throws {
        try await stub(StubGateway.json(200, Answer.withSeed)) { gateway, url in
            try await withFile(Data("pass word\n\n".utf8)) { path in
                let arguments = ["seed", "generate", "--strength", "128", "--passphrase-file", path, "--url", url]
                #expect(await RecordedSession.run(arguments).status == .done)
            }
            let sent = try #require(gateway.requests.first)
            #expect(sent.body.contains(#""passphrase":"pass word\n""#))
        }
    }

    @Test("--passphrase-file - at a terminal asks twice, without echo")
    func dashAtTerminal() async throws {
        try await stub(StubGateway.json(200, Answer.withSeed)) { gateway, url in
            let arguments = ["seed", "generate", "--strength", "128", "--passphrase-file", "-", "--url", url]
            let run = await RecordedSession.run(arguments, typed: ["one", "two"])
            #expect(run.status == .failed)
            #expect(run.errors.hasSuffix("Error: The two passphrases differ; nothing was made.\n"))
            #expect(gateway.requests.isEmpty)
        }
    }

    @Test("the language is sent and must come back")
    func language() async throws {
        let answer = Answer.plain.dropLast() + #","language":"french"}"#
        try await stub(StubGateway.json(200, String(answer))) { gateway, url in
            let arguments = ["seed", "generate", "--strength", "128", "--url", url, "--language"]
            let french = await RecordedSession.run(arguments + ["french"])
            #expect(french.status == .done)
            #expect(french.output.hasSuffix("Language  french\n"))
            let sent = try #require(gateway.requests.first)
            #expect(sent.body.contains(#""language":"french""#))
            let czech = await RecordedSession.run(arguments + ["czech"])
            #expect(czech.status == .failed)
        }
    }

    @Test(
        "an answer that is not the one asked for is not shown at all",
        arguments: [
            "<html>", "", "null", "[]", "{}", Answer.plain + "{}", Answer.plain.replacing("128", with: "256"),
            Answer.plain.replacing("12}", with: "13}"), Answer.plain.replacing("legal winner", with: "legal"),
            Answer.plain.replacing("legal winner", with: #"legal \u001b[2J"#),
            Answer.plain.replacing("7f7f", with: "7f"), Answer.plain.replacing("7f7f", with: "7F7F"),
            Answer.withSeed,
        ]
    )
    func garbled(body: String) async throws {
        try await stub(StubGateway.json(200, body)) { _, url in
            for form in [[], ["--json"]] {
                let run = await RecordedSession.run(["seed", "generate", "--strength", "128", "--url", url] + form)
                #expect(run.status == .failed)
                #expect(run.output.isEmpty)
                #expect(
                    run.errors == """
                        Error: \(url) answered something (HTTP 200) that is not understood, and it is not shown.
                          hint: Is this the address of a renclave gateway, with its path prefix if it has one?
                          request id: req-1

                        """
                )
            }
        }
    }

    @Test("an answer without a seed, though a passphrase was sent, is not shown: it was made without it")
    func passphraseIgnored() async throws {
        try await stub(StubGateway.json(200, Answer.plain)) { _, url in
            let arguments = ["seed", "generate", "--strength", "128", "--passphrase-file", "-", "--url", url]
            let run = await RecordedSession.run(arguments, piped: "TREZOR")
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
        }
    }

    @Test("an answer that cannot be written is a failure")
    func fullDisk() async throws {
        try await stub(StubGateway.json(200, Answer.plain)) { _, url in
            let arguments = ["seed", "generate", "--strength", "128", "--url", url]
            let run = await RecordedSession.run(arguments, outputFails: true)
            #expect(run.status == .failed)
            #expect(run.errors == "Error: The answer could not be written to standard output.\n")
        }
    }
}

/// A JSON string or integer.
private enum StringOrInt: Decodable, Equatable {
    case string(String)
    case int(Int)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let number = try? value.decode(Int.self) {
            self = .int(number)
        } else {
            self = .string(try value.decode(String.self))
        }
    }
}
