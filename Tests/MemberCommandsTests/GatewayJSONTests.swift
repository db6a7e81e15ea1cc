// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

@Suite("JSON that a gateway sent")
struct GatewayJSONTests {
    @Test(
        "JSON is put on one line, its tokens as they came",
        arguments: [
            (" {\r\n \"a\" : [ 1 , -0.5e+3 ,\t0 ] }\n", #"{"a":[1,-0.5e+3,0]}"#),
            (#"{"a b":"c , \" d","e":null}"#, #"{"a b":"c , \" d","e":null}"#), ("75.9", "75.9"),
            (#"{"n":18446744073709551616,"m":1E9}"#, #"{"n":18446744073709551616,"m":1E9}"#), (#""\\""#, #""\\""#),
        ]
    )
    func line(body: String, line: String) {
        #expect(GatewayJSON(Array(body.utf8))?.line == line)
    }

    @Test(
        "what is not strictly JSON is not taken",
        arguments: [
            "", " ", "{", "hello", "{} {}", "1 2", "[1 2]", "01", "1.", ".5", "-", "+1", "1e", "1e+", "--1", "1.2.3",
            "[1,]", "{'a':1}", #"{"a":1,"a":2}"#,
            #"{"a":1,"\u0061":2}"#, "\"", #""\"#, #""\x""#, "\"\n\"", "\"\u{1B}\"",
            #""\ud800""#, "nul", "NaN", "/**/1", "\u{FEFF}1", "1\0", "\u{A0}1",
        ]
    )
    func notJSON(body: String) {
        #expect(GatewayJSON(Array(body.utf8)) == nil)
    }

    @Test(
        "bytes that are not UTF-8 are not taken",
        arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0xFF]])
    func notUTF8(bytes: [UInt8]) {
        #expect(GatewayJSON(bytes) == nil)
    }

    @Test("an answer that has a member twice, or steers a terminal, is not printed as it came")
    func printed() async throws {
        let twice = #"{"valid":true,"valid":false,"word_count":12,"reason":"bad_checksum"}"#
        let steering = "{\"valid\":false,\"word_count\":12,\"reason\":\"\u{9B}2J\u{202E}\"}"
        let line = ["seed", "validate", "-", "--json", "--url"]
        try await StubGateway.with(["/validate-seed": StubGateway.json(200, twice)]) { _, url in
            let run = await RecordedSession.run(line + [url], piped: "legal winner")
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("that is not understood"))
        }
        try await StubGateway.with(["/validate-seed": StubGateway.json(200, steering)]) { _, url in
            let run = await RecordedSession.run(line + [url], piped: "legal winner")
            #expect(run.output == #"{"valid":false,"word_count":12,"reason":"\u009b2J\u202e"}"# + "\n")
        }
    }
}
