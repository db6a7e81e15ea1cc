// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing

@testable import MemberCommands

@Suite("renclave seed validate")
struct SeedValidateCommandTests {
    private func stub(_ answer: String, _ body: (StubGateway, _ url: String) async throws -> Void) async throws {
        try await StubGateway.with(["/validate-seed": StubGateway.json(200, answer)], body)
    }

    @Test(
        "the verdict is a line for a person, and the exit status",
        arguments: [
            (
                #"{"valid":true,"word_count":24,"strength":256,"language":"english"}"#,
                "valid: 24 words, 256 bits, english\n", CommandStatus.done
            ),
            (
                #"{"valid":false,"word_count":24,"reason":"unknown_word","position":6}"#,
                "not valid: word 7 is not in the list\n", .failed
            ),
            (
                #"{"valid":false,"word_count":12,"reason":"unknown_word","position":0,"hint":"Use lower case."}"#,
                "not valid: word 1 is not in the list\nhint: Use lower case.\n", .failed
            ),
            (
                #"{"valid":false,"word_count":12,"reason":"unknown_word"}"#,
                "not valid: a word is not in the list\n", .failed
            ),
            (
                #"{"valid":false,"word_count":12,"reason":"bad_checksum"}"#,
                "not valid: the words do not fit together (checksum); one is wrong, or the order is\n", .failed
            ),
            (
                #"{"valid":false,"word_count":23,"reason":"bad_word_count"}"#,
                "not valid: 23 words, where a phrase has 12, 15, 18, 21 or 24\n", .failed
            ),
            (
                #"{"valid":false,"word_count":12,"reason":"of_another_day","more":1}"#,
                "not valid: of_another_day\n", .failed
            ),
        ]
    )
    func verdict(answer: String, text: String, status: CommandStatus) async throws {
        try await stub(answer) { _, url in
            let readable = await RecordedSession.run(["seed", "validate", "-", "--url", url], piped: "a b c")
            #expect(readable.output == text)
            #expect(readable.status == status)
            #expect(readable.errors.isEmpty)
            let json = await RecordedSession.run(["seed", "validate", "-", "--json", "--url", url], piped: "a b c")
            #expect(json.output == answer + "\n")
            #expect(json.status == status)
        }
    }

    @Test("the phrase comes from a file, standard input or a prompt, and is sent as it is")
    func origins() async throws {
        try await stub(#"{"valid":false,"word_count":3,"reason":"bad_word_count"}"#) { gateway, url in
            try await withFile(Data("een  twee drie\n".utf8)) { path in
                _ = await RecordedSession.run(["seed", "validate", path, "--url", url])
            }
            _ = await RecordedSession.run(["seed", "validate", "-", "--url", url], piped: "un deux trois")
            let asked = await RecordedSession.run(["seed", "validate", "--url", url], typed: ["uno due tre"])
            let dash = await RecordedSession.run(["seed", "validate", "-", "--url", url], typed: ["um dois três"])
            #expect(
                gateway.requests.map(\.body) == [
                    #"{"seed_phrase":"een  twee drie"}"#, #"{"seed_phrase":"un deux trois"}"#,
                    #"{"seed_phrase":"uno due tre"}"#, #"{"seed_phrase":"um dois três"}"#,
                ]
            )
            #expect(asked.errors == "Seed phrase (not shown): \n")
            #expect(dash.errors == "Seed phrase (not shown): \n")
        }
    }

    @Test(
        "an answer that the contract does not know is no verdict",
        arguments: [
            #"{"valid":true}"#, #"{"word_count":12}"#, #"{"valid":false,"word_count":12}"#,
            #"{"valid":false,"word_count":12,"reason":"unknown_word","position":12}"#,
            #"{"valid":false,"word_count":12,"reason":"unknown_word","position":-1}"#,
            #"{"valid":false,"word_count":9223372036854775808,"reason":"unknown_word"}"#,
        ]
    )
    func garbled(answer: String) async throws {
        try await stub(answer) { _, url in
            let run = await RecordedSession.run(["seed", "validate", "-", "--url", url], piped: "a b c")
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("that is not understood"))
        }
    }

    @Test("without a file and without a terminal it asks for one or the other")
    func nothing() async {
        let run = await RecordedSession.run(["seed", "validate"])
        #expect(run.status == .misuse)
        #expect(run.errors == "Error: Name the file that holds the phrase, or - for standard input.\n")
    }
}
