// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("request bodies", .runningPair())
    struct RequestBodyContract {
        private let gateway: RunningGateway

        init() throws { gateway = try Pair.shared.gateway }

        private static func nested(_ depth: Int) -> String {
            #"{"strength":"# + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
        }

        @Test(
            "what is not one JSON object is refused",
            arguments: [
                BadBody("not json", "invalid_json"),
                BadBody("{", "invalid_json"),
                BadBody(#"{"strength":25"#, "invalid_json"),
                BadBody(#"{"strength":256"#, "invalid_json"),
                BadBody(#"{"passphrase":"abc"#, "invalid_json"),
                BadBody(#"{"strength":256}}"#, "invalid_json"),
                BadBody(#"{"strength":256} {}"#, "invalid_json"),
                BadBody(#"{"strength":256,}"#, "invalid_json"),
                BadBody(#"{'strength':256}"#, "invalid_json"),
                BadBody(#"{"strength":0256}"#, "invalid_json"),
                BadBody(#"{"strength":+256}"#, "invalid_json"),
                BadBody(#"{"strength":NaN}"#, "invalid_json"),
                BadBody(#"{"strength":256}//"#, "invalid_json"),
                BadBody("{\"passphrase\":\"a\nb\"}", "invalid_json"),
                BadBody(#"{"passphrase":"\ud800"}"#, "invalid_json"),
                BadBody(#"{"passphrase":"\x"}"#, "invalid_json"),
                BadBody("\u{FEFF}{}", "invalid_json"),
                BadBody("   ", "invalid_json"),
                BadBody("[]", "wrong_type"),
                BadBody("[{}]", "wrong_type"),
                BadBody("null", "wrong_type"),
                BadBody("256", "wrong_type"),
                BadBody(#""{}""#, "wrong_type"),
                BadBody(#"{"strength":128,"strength":128}"#, "duplicate_key"),
                BadBody(#"{"strength":128,"\u0073trength":256}"#, "duplicate_key"),
                BadBody(#"{"strength":{"a":1,"a":2}}"#, "duplicate_key"),
                BadBody(nested(32), "wrong_type", field: "strength"),
                BadBody(nested(33), "invalid_json"),
                BadBody(nested(100_000), "invalid_json"),
                BadBody(String(repeating: "[", count: 500_000), "invalid_json"),
            ]
        )
        func bodies(bad: BadBody) throws {
            for path in ["/generate-seed", "/validate-seed"] where bad.field == nil || path == "/generate-seed" {
                try expectRefusal(gateway.post(path, bad.body), bad.status, bad.reason, field: bad.field)
            }
        }

        @Test(
            "bytes that are not UTF-8 are no JSON",
            arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]]
        )
        func notUTF8(bytes: [UInt8]) throws {
            let body = Array(#"{"passphrase":""#.utf8) + bytes + Array(#""}"#.utf8)
            let json = [("Content-Type", "application/json")]
            let answer = try gateway.answer(to: HTTPCall("POST", "/generate-seed", headers: json, body: body))
            try expectRefusal(answer, 400, "invalid_json")
        }

        @Test("a body over a mebibyte is too large, with and without an announced length")
        func tooLarge() throws {
            let body = #"{"passphrase":""# + String(repeating: "a", count: 2 * 1024 * 1024) + #""}"#
            try expectRefusal(gateway.post("/generate-seed", body), 413, "body_too_large")

            let connection = try gateway.connect()
            try connection.send(
                "POST /generate-seed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + String(body.utf8.count, radix: 16) + "\r\n" + body + "\r\n0\r\n\r\n")
            try expectRefusal(connection.answer(), 413, "body_too_large")
        }

        @Test("a body of exactly a mebibyte is read")
        func largest() throws {
            let frame = #"{"passphrase":""}"#
            let body = #"{"passphrase":""# + String(repeating: "a", count: 1_048_576 - frame.utf8.count) + #""}"#
            try expectRefusal(gateway.post("/generate-seed", body), 400, "out_of_range", field: "passphrase")
        }

        @Test(
            "a body that is not declared as JSON is refused with a hint",
            arguments: [
                nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "",
                "application/json; charset=latin1", "text/json",
            ] as [String?]
        )
        func mediaType(type: String?) throws {
            let headers = type.map { [("Content-Type", $0)] } ?? []
            let answer = try gateway.answer(
                to: HTTPCall("POST", "/generate-seed", headers: headers, body: Array("{}".utf8)))
            let body = try expectRefusal(answer, 415, "unsupported_media_type")
            #expect(body["hint"]?.string?.contains("Content-Type: application/json") == true)
        }

        @Test(
            "JSON may be declared in every way there is",
            arguments: [
                "application/json", "application/json;charset=utf-8", "application/json; charset=UTF-8",
                "Application/JSON", #"application/json; charset="utf-8""#,
            ]
        )
        func declared(type: String) throws {
            let call = HTTPCall(
                "POST", "/generate-seed", headers: [("Content-Type", type)], body: Array(#"{"strength":128}"#.utf8))
            #expect(try expectSuccess(gateway.answer(to: call))["strength"] == 128)
        }
    }
}
