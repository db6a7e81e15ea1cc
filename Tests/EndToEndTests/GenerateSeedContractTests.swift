// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

/// A body that is refused, and how.
struct BadBody: Sendable, CustomTestStringConvertible {
    let body: String
    let status: Int
    let reason: JSON
    let field: JSON?

    init(_ body: String, _ reason: JSON, field: JSON? = nil, status: Int = 400) {
        self.body = body
        self.status = status
        self.reason = reason
        self.field = field
    }

    var testDescription: String { String(body.prefix(60)) }
}

extension TwoProcesses {
    @Suite("generate-seed", .runningPair())
    struct GenerateSeedContract {
        private let gateway: RunningGateway

        init() throws { gateway = try Pair.shared.gateway }

        private static let strengths = [(128, 12), (160, 15), (192, 18), (224, 21), (256, 24)]

        @Test("each strength gives its number of words and bytes of entropy", arguments: strengths)
        func strength(bits: Int, words: Int) throws {
            let answer = try gateway.post("/generate-seed", #"{"strength":\#(bits)}"#)
            let body = try expectSuccess(answer)
            #expect(answer.memberOrder == ["seed_phrase", "entropy", "strength", "word_count"])
            #expect(body["seed_phrase"]?.string?.split(separator: " ").count == words)
            #expect(body["entropy"]?.string?.count == bits / 4)
            #expect(body["entropy"]?.string?.wholeMatch(of: /[0-9a-f]+/) != nil)
            #expect(body["strength"]?.int == bits)
            #expect(body["word_count"]?.int == words)
        }

        @Test("each strength with passphrase and language has the seed and the language too", arguments: strengths)
        func everything(bits: Int, words: Int) throws {
            let answer = try gateway.post(
                "/generate-seed", #"{"language":"spanish","passphrase":"naïve","strength":\#(bits)}"#)
            let body = try expectSuccess(answer)
            #expect(
                answer.memberOrder == ["seed_phrase", "entropy", "strength", "word_count", "seed", "language"])
            #expect(body["seed"]?.string?.wholeMatch(of: /[0-9a-f]{128}/) != nil)
            #expect(body["language"] == "spanish")
            #expect(body["word_count"]?.int == words)
        }

        @Test("without fields the strength is 256", arguments: ["{}", " { } ", "\n{\t}\r\n", ""])
        func defaults(body: String) throws {
            #expect(try expectSuccess(gateway.post("/generate-seed", body))["strength"] == 256)
        }

        @Test("no body at all is fine, whatever the headers say of it")
        func noBody() throws {
            try expectSuccess(gateway.answer(to: HTTPCall("POST", "/generate-seed")))
            let plain = HTTPCall("POST", "/generate-seed", headers: [("Content-Type", "text/plain")], body: [])
            try expectSuccess(gateway.answer(to: plain))
        }

        @Test(
            "every spelling of the integer 256 is the integer 256", arguments: ["256", "256.0", "2.56e2", "25600E-2"])
        func spellings(text: String) throws {
            #expect(try expectSuccess(gateway.post("/generate-seed", #"{"strength":\#(text)}"#))["strength"] == 256)
        }

        @Test(
            "a strength that is none of the five is out of range, however large",
            arguments: [
                "0", "-1", "1", "100", "127", "129", "255", "257", "65792", "18446744073709551616",
                "-9223372036854775809", "1e400", "1e-400", "0.0",
            ]
        )
        func strengthOutOfRange(text: String) throws {
            // 1e-400 is a fraction, though a very small one.
            let reason: JSON = text == "1e-400" ? "wrong_type" : "out_of_range"
            try expectRefusal(
                gateway.post("/generate-seed", #"{"strength":\#(text)}"#), 400, reason, field: "strength")
        }

        @Test(
            "a strength that is no integer is of a wrong type",
            arguments: [#""256""#, "null", "256.5", "true", "[256]", "{}", #""""#]
        )
        func strengthOfWrongType(text: String) throws {
            try expectRefusal(
                gateway.post("/generate-seed", #"{"strength":\#(text)}"#), 400, "wrong_type", field: "strength")
        }

        @Test(
            "other fields that are wrong are named",
            arguments: [
                BadBody(#"{"language":"klingon"}"#, "out_of_range", field: "language"),
                BadBody(#"{"language":"English"}"#, "out_of_range", field: "language"),
                BadBody(#"{"language":""}"#, "out_of_range", field: "language"),
                BadBody(#"{"language":null}"#, "wrong_type", field: "language"),
                BadBody(#"{"language":1}"#, "wrong_type", field: "language"),
                BadBody(#"{"passphrase":null}"#, "wrong_type", field: "passphrase"),
                BadBody(#"{"passphrase":1}"#, "wrong_type", field: "passphrase"),
                BadBody(#"{"passphrase":["a"]}"#, "wrong_type", field: "passphrase"),
                BadBody(#"{"seed_phrase":"x"}"#, "unknown_field", field: "seed_phrase"),
                BadBody(#"{"seed_type":"t"}"#, "missing_field", field: "seed_data"),
                BadBody(#"{"seed_data":"d"}"#, "missing_field", field: "seed_type"),
                BadBody(#"{"seed_type":"t","seed_data":null}"#, "missing_field", field: "seed_data"),
                BadBody(#"{"seed_type":null,"seed_data":""}"#, "missing_field", field: "seed_type"),
                BadBody(#"{"seed_type":"","seed_data":"d"}"#, "out_of_range", field: "seed_type"),
                BadBody(
                    #"{"seed_type":"\#(String(repeating: "t", count: 129))","seed_data":"d"}"#, "out_of_range",
                    field: "seed_type"),
                BadBody(
                    #"{"seed_type":"t","seed_data":"\#(String(repeating: "d", count: 4097))"}"#, "out_of_range",
                    field: "seed_data"),
                BadBody(#"{"seed_type":5,"seed_data":"d"}"#, "wrong_type", field: "seed_type"),
                BadBody(#"{"seed_type":"t","seed_data":{}}"#, "wrong_type", field: "seed_data"),
            ]
        )
        func wrongFields(bad: BadBody) throws {
            try expectRefusal(gateway.post("/generate-seed", bad.body), bad.status, bad.reason, field: bad.field)
        }

        @Test(
            "a misspelt field is refused with the name that was meant", arguments: ["strenght", "strengt", "Strength"])
        func misspelt(name: String) throws {
            let answer = try gateway.post("/generate-seed", #"{"\#(name)":256}"#)
            let body = try expectRefusal(answer, 400, "unknown_field")
            #expect(body["field"]?.string == name)
            #expect(body["hint"]?.string?.contains("strength") == true)
        }

        @Test("a passphrase of 1024 bytes is taken and one of 1025 is not")
        func passphraseLength() throws {
            let longest = String(repeating: "é", count: 512)
            let body = try expectSuccess(gateway.post("/generate-seed", #"{"passphrase":"\#(longest)"}"#))
            #expect(body["seed"]?.string?.count == 128)
            let answer = try gateway.post("/generate-seed", #"{"passphrase":"\#(longest)a"}"#)
            try expectRefusal(answer, 400, "out_of_range", field: "passphrase")
        }

        @Test("an empty passphrase is a passphrase")
        func emptyPassphrase() throws {
            #expect(try expectSuccess(gateway.post("/generate-seed", #"{"passphrase":""}"#))["seed"] != nil)
        }

        @Test("null for both fields of the derived form is the random form")
        func nullIsAbsent() throws {
            let body = try expectSuccess(gateway.post("/generate-seed", #"{"seed_type":null,"seed_data":null}"#))
            #expect(body["strength"] == 256)
            #expect(body["deterministic"] == nil)
        }

        @Test(
            "the derived form is refused in this state, and the answer says in which it is not",
            arguments: [
                #"{"seed_type":"wallet","seed_data":"1"}"#, #"{"seed_type":"wallet","seed_data":""}"#,
                #"{"seed_type":"wallet","seed_data":"1","strength":128,"passphrase":"p","language":"czech"}"#,
            ]
        )
        func derived(body: String) throws {
            let refusal = try expectRefusal(gateway.post("/generate-seed", body), 409, "wrong_state")
            #expect(refusal["state"] == "WaitingForBootInstruction")
            #expect(refusal["allowed_states"] == ["ApplicationReady"])
        }

        @Test("no two answers have the same entropy")
        func distinct() throws {
            let connection = try gateway.connect()
            var seen: Set<String> = []
            for _ in 0..<200 {
                let body = try expectSuccess(connection.answer(to: .post("/generate-seed", #"{"strength":128}"#)))
                #expect(seen.insert(try #require(body["entropy"]?.string)).inserted)
            }
        }
    }
}
