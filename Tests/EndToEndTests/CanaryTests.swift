// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Glibc
import ProcessKit
import Protocol
import Synchronization
import Testing

extension TwoProcesses {
    @Suite("secrets")
    struct Canary {
        /// A word that nothing else produces; in passphrases, phrases and everything that was meant to be one.
        private static let mark = "kXq7vwzJbirdY3"

        /// Every form in which the mark could get out.
        private static let forms = [
            mark, mark.lowercased(), mark.uppercased(), Data(mark.utf8).base64EncodedString(),
            mark.utf8.map { String(format: "%02x", $0) }.joined(), mark.utf8.map { "\($0)" }.joined(separator: ","),
            mark.utf8.map { "\($0)" }.joined(separator: ", "),
        ]

        private static let languages = ["english", "japanese", "spanish", "korean"]

        private static let json = [("Content-Type", "application/json")]

        /// Requests that carry the mark where a secret belongs, well formed and in every way malformed.
        private static let calls: [HTTPCall] =
            [
                #"{"passphrase":"M"}"#, #"{"passphrase":"M","strength":100}"#, #"{"passphrase":"M","language":"M"}"#,
                #"{"passphrase":["M"]}"#, #"{"passphrase":{"a":"M"}}"#, #"{"strength":"M"}"#, #"{"strength":["M"]}"#,
                #"{"language":"M"}"#, #"{"passphrase":"M","passphrase":"M"}"#, #"{"passphrase":"M"#,
                #"{"passphrase":"M"}M"#,
                #"{"passphrase":"\qM"}"#, #"{"passphrase":M}"#, "M", #""M""#, #"["M"]"#,
                #"{"seed_type":"t","seed_data":5,"passphrase":"M"}"#,
                #"{"seed_type":"t","seed_data":"d","passphrase":"M"}"#, #"{"seed_type":"t","passphrase":"M"}"#,
                #"{"passphrase":"\#(String(repeating: "M", count: 100))"}"#, #"{"passphrase":"M","other":1}"#,
            ].flatMap { variants(of: $0, at: "/generate-seed") }
            + [
                #"{"seed_phrase":"M"}"#, #"{"seed_phrase":"M M M M M M M M M M M M"}"#, #"{"seed_phrase":["M","M"]}"#,
                #"{"seed_phrase":"abandon M \#(String(repeating: "abandon ", count: 9))about"}"#,
                #"{"seed_phrase":"M","language":"M"}"#, #"{"seed_phrase":"M","seed_phrase":"M"}"#,
                #"{"seed_phrase":"M"#,
                #"{"seed_phrase":"M\u0000M"}"#, #"{"seed_phrase":"M\ud800"}"#, #"{"seed_phrase":"M","passphrase":"M"}"#,
                #"{"seed_phrase":"\#(String(repeating: "M ", count: 20_000))"}"#, "M M M M",
                #"{"seed_phrase":"\#(String(repeating: "M", count: 80_000))"}"#,
            ].flatMap { variants(of: $0, at: "/validate-seed") }
            + [
                .get("/M"), .get("/generate-seed?passphrase=M"), .get("/livez?M"), .get("/readyz?verbose&M"),
                HTTPCall("M", "/generate-seed"), HTTPCall("POST", "/generate-seed", headers: [("X-Request-Id", "M M")]),
                HTTPCall("POST", "/generate-seed", headers: [("Authorization", "Bearer M"), ("X-M", "M")]),
                .get("/health", headers: [("Origin", "http://M")]), .get("/health", headers: [("Host", "M")]),
            ].map { marked($0) }

        /// The body declared rightly, wrongly and not at all.
        private static func variants(of body: String, at target: String) -> [HTTPCall] {
            let bytes = Array(body.replacing("M", with: mark).utf8)
            return [json, [("Content-Type", "text/plain; x=\(mark)")], []].map {
                HTTPCall("POST", target, headers: $0, body: bytes)
            }
        }

        private static func marked(_ call: HTTPCall) -> HTTPCall {
            var call = call
            if call.method == "M" { call.method = "MARK" }
            call.target = call.target.replacing("M", with: mark)
            call.headers = call.headers.map {
                ($0.name.replacing("M", with: mark), $0.value.replacing("M", with: mark))
            }
            return call
        }

        private static func expectNone(of forms: [String], in text: String, _ place: String) {
            for form in forms where text.contains(form) {
                Issue.record("\(place) has \(form)")
            }
        }

        @Test("no log at the most verbose level and no error has any secret that was sent or made")
        func nothingLeaks() throws {
            try Workplace.with { workplace in
                let enclave = try workplace.startEnclave(["LOG_LEVEL": "trace"])
                let gateway = try workplace.startGateway(["LOG_LEVEL": "trace", "ENCLAVE_TIMEOUT_MS": "300"])
                try gateway.waitUntilReady()
                for call in Self.calls {
                    let answer = try gateway.answer(to: call)
                    Self.expectNone(of: Self.forms, in: answer.text, "the answer to \(call.method) \(call.target)")
                    Self.expectNone(of: Self.forms, in: "\(answer.headers)", "the headers of \(answer.status)")
                }
                let made = try Self.makePhrases(gateway)
                try Self.sendRawBytes(gateway)
                try Self.sendFrames(workplace)
                try Self.stopInFlight(gateway, enclave)
                gateway.process.signal(SIGTERM)
                #expect(try gateway.process.waitForEnd() == .exited(0))

                for process in [enclave, gateway.process] {
                    let log = process.log
                    // A log that has nothing of these requests would prove nothing.
                    for language in Self.languages { #expect(log.contains("request_id=made-\(language)")) }
                    Self.expectNone(of: Self.forms + made, in: log, process.logPath)
                }
            }
        }

        /// Makes phrases and has them judged.
        ///
        /// - Returns: three words of each, the entropies and the seeds.
        private static func makePhrases(_ gateway: RunningGateway) throws -> [String] {
            var made: [String] = []
            for language in languages {
                let identifier = [("X-Request-Id", "made-\(language)")]
                for passphrase in [nil, mark] {
                    let field = passphrase.map { #","passphrase":"\#($0)""# } ?? ""
                    let call = HTTPCall.post(
                        "/generate-seed", #"{"language":"\#(language)"\#(field)}"#, headers: identifier)
                    let body = try expectSuccess(gateway.answer(to: call))
                    let phrase = try #require(body["seed_phrase"]?.string)
                    let separator: Character = language == "japanese" ? "\u{3000}" : " "
                    let words = phrase.split(separator: separator)
                    made.append(words.prefix(3).joined(separator: String(separator)))
                    made.append(words.prefix(3).joined(separator: ", "))
                    made.append(try #require(body["entropy"]?.string))
                    if passphrase != nil { made.append(try #require(body["seed"]?.string)) }
                    try expectSuccess(gateway.post("/validate-seed", #"{"seed_phrase":"\#(phrase)"}"#))
                    let wrong = phrase + String(separator) + String(words[0])
                    try expectSuccess(gateway.post("/validate-seed", #"{"seed_phrase":"\#(wrong)"}"#))
                }
            }
            return made
        }

        /// What is no HTTP, or ends too early.
        private static func sendRawBytes(_ gateway: RunningGateway) throws {
            let head = "POST /generate-seed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            for text in [
                "\(mark)\r\n\r\n", "GET /\(mark)\u{1} HTTP/1.1\r\n\r\n", head + "\(mark) : x\r\n\r\n",
                head + "Content-Length: \(mark)\r\n\r\n", head + "Content-Length: 900\r\n\r\n{\"passphrase\":\"\(mark)",
                head + "Transfer-Encoding: \(mark)\r\n\r\n", head + "Transfer-Encoding: chunked\r\n\r\n\(mark)\r\n",
            ] {
                let connection = try gateway.connect()
                try connection.send(text)
                connection.endSending()
                let answer = String(decoding: try connection.receiveUntilClosed(), as: UTF8.self)
                expectNone(of: forms, in: answer, "the answer to \(text.prefix(20))")
            }
        }

        /// Frames with the mark in their secret part and out of place.
        private static func sendFrames(_ workplace: Workplace) throws {
            let secret = Array(mark.utf8)
            for frame in [
                try FrameConnection.request(1, tag: 200, payload: secret, secrets: secret),
                try FrameConnection.request(2, tag: OperationKind.info.rawValue, payload: secret, secrets: secret),
                try FrameConnection.request(
                    3, tag: OperationKind.validateSeed.rawValue, payload: [255, 0, 0, 0, 0], secrets: secret),
                FrameConnection.frame(plain: secret, secrets: secret), secret,
            ] {
                let connection = try FrameConnection.greeted(path: workplace.socket)
                try connection.send(frame)
                connection.endSending()
                expectNone(
                    of: forms, in: String(decoding: try connection.receiveUntilClosed(), as: UTF8.self), "a reply")
            }
        }

        /// Requests that time out at an enclave that hangs, and requests whose enclave is killed.
        private static func stopInFlight(_ gateway: RunningGateway, _ enclave: ChildProcess) throws {
            let passphrase = HTTPCall.post("/generate-seed", #"{"passphrase":"\#(mark)"}"#)
            let phrase = HTTPCall.post("/validate-seed", #"{"seed_phrase":"\#(mark)"}"#)
            enclave.signal(SIGSTOP)
            for call in [passphrase, phrase] {
                try expectRefusal(gateway.answer(to: call), 504, "enclave_timeout")
            }
            let connections = try [passphrase, phrase].map { call in
                let connection = try gateway.connect()
                try connection.send(call)
                return connection
            }
            enclave.signal(SIGKILL)
            for connection in connections {
                let answer = try connection.answer()
                #expect(answer.status == 503 || answer.status == 504)
                expectNone(of: forms, in: answer.text, "an answer of \(answer.status)")
            }
        }
    }
}
