// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("HTTP", .runningPair())
    struct HTTPContract {
        private let gateway: RunningGateway

        init() throws { gateway = try Pair.shared.gateway }

        private static let head = "POST /generate-seed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

        @Test("pipelined requests are answered in their order")
        func pipelined() throws {
            let connection = try gateway.connect()
            let strengths = [256, 128, 192, 160, 224, 128, 256]
            let requests = strengths.enumerated().map { index, strength in
                let body = #"{"strength":\#(strength)}"#
                return Self.head + "X-Request-Id: turn-\(index)\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body
            }
            try connection.send(requests.joined())
            for (index, strength) in strengths.enumerated() {
                let answer = try connection.answer()
                #expect(answer[header: "x-request-id"] == "turn-\(index)")
                #expect(try expectSuccess(answer)["strength"]?.int == strength)
            }
        }

        @Test("a connection serves one request after the other, refused ones among them")
        func keepAlive() throws {
            let connection = try gateway.connect()
            for _ in 0..<20 {
                try expectSuccess(connection.answer(to: .post("/generate-seed", "{}")))
                try expectRefusal(connection.answer(to: .post("/generate-seed", "{")), 400, "invalid_json")
                try expectRefusal(connection.answer(to: .get("/nope")), 404, "not_found")
            }
        }

        @Test("a chunked body is read, in whatever pieces it comes")
        func chunked() throws {
            let connection = try gateway.connect()
            try connection.send(Self.head + "Transfer-Encoding: chunked\r\n\r\n")
            for piece in ["3\r\n{\"s\r\n", "8;x=y\r\ntrength\"\r\n", "5\r\n:128}\r\n", "0\r\nTrailer: x\r\n\r\n"] {
                for byte in piece.utf8 { try connection.send([byte]) }
            }
            #expect(try expectSuccess(connection.answer())["strength"] == 128)
            try expectSuccess(connection.answer(to: .get("/livez")))
        }

        @Test("a client that has ended its direction still gets its answer")
        func halfClosed() throws {
            let connection = try gateway.connect()
            try connection.send(HTTPCall.post("/generate-seed", #"{"strength":160,"passphrase":"slow"}"#))
            connection.endSending()
            #expect(try expectSuccess(connection.answer())["word_count"] == 15)
        }

        @Test("a request that ends in the middle is not answered as if it were whole")
        func truncated() throws {
            let connection = try gateway.connect()
            try connection.send(Self.head + "Content-Length: 16\r\n\r\n{\"strength\":1")
            connection.endSending()
            let rest = String(decoding: try connection.receiveUntilClosed(), as: UTF8.self)
            #expect(!rest.contains("200 OK"))
            #expect(!rest.contains("seed_phrase"))
        }

        @Test("a client that expects 100-continue gets it before its body is sent")
        func expectContinue() throws {
            let connection = try gateway.connect()
            try connection.send(Self.head + "Content-Length: 16\r\nExpect: 100-continue\r\n\r\n")
            #expect(try connection.answer().status == 100)
            try connection.send(#"{"strength":128}"#)
            #expect(try expectSuccess(connection.answer())["strength"] == 128)
        }

        @Test("a client that expects 100-continue for too large a body gets the refusal instead")
        func expectTooLarge() throws {
            let connection = try gateway.connect()
            try connection.send(Self.head + "Content-Length: 2097152\r\nExpect: 100-continue\r\n\r\n")
            try expectRefusal(connection.answer(), 413, "body_too_large")
        }

        @Test(
            "a header block over 16 KiB is refused in JSON",
            arguments: [
                "X-Large: " + String(repeating: "a", count: 17 * 1024) + "\r\n",
                (0..<40).map { "X-Large-\($0): " + String(repeating: "b", count: 500) + "\r\n" }.joined(),
            ]
        )
        func headersTooLarge(headers: String) throws {
            let connection = try gateway.connect()
            try connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
            let answer = try connection.answer()
            try expectRefusal(answer, 431, "headers_too_large")
            #expect(answer[header: "connection"] == "close")
            #expect(try gateway.get("/livez").status == 200)
        }

        @Test("a header block of 15 KiB is read")
        func largeHeaders() throws {
            let large = [("X-Large", String(repeating: "a", count: 15 * 1024))]
            try expectSuccess(gateway.get("/health", headers: large))
        }

        @Test(
            "what is no HTTP/1.1 is refused in JSON, and the connection ends",
            arguments: [
                "GARBAGE\r\n\r\n",
                "GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n",
                head + "Content-Length: abc\r\n\r\n",
                head + "Content-Length: -1\r\n\r\n",
                head + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                head + "Transfer-Encoding: gzip\r\n\r\n",
                head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
            ]
        )
        func malformed(request: String) throws {
            let connection = try gateway.connect()
            try connection.send(request)
            let answer = try connection.answer()
            try expectRefusal(answer, 400, "bad_request")
            #expect(answer[header: "connection"] == "close")
            #expect(try connection.receiveUntilClosed().isEmpty)
        }
    }

    @Suite("who may call", .runningPair(gateway: ["HOST_ALLOWED_NAMES": "renclave.test,other.test"]))
    struct OriginContract {
        @Test(
            "a page of another origin is refused, and so is a name that is none of this machine",
            arguments: [
                ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", ""), ("Origin", "https://127.0.0.1:PORT"),
                ("Origin", "http://127.0.0.1"), ("Origin", "http://localhost:PORT"), ("Origin", "http://127.0.0.1:1"),
                ("Sec-Fetch-Site", "cross-site"), ("Host", "evil.example"), ("Host", "evil.example:PORT"),
                ("Host", "127.0.0.1.evil.example"), ("Host", "10.0.0.1"), ("Host", "localhost.evil.example"),
            ]
        )
        func refused(name: String, value: String) throws {
            let gateway = try Pair.shared.gateway
            let headers = [(name, value.replacing("PORT", with: "\(gateway.port)"))]
            try expectRefusal(gateway.get("/health", headers: headers), 403, "bad_origin")
            try expectRefusal(gateway.post("/generate-seed", "{}", headers: headers), 403, "bad_origin")
            try expectRefusal(gateway.get("/nope", headers: headers), 403, "bad_origin")
        }

        @Test(
            "the same origin, a caller without one and the names of this machine are served",
            arguments: [
                ("Origin", "http://127.0.0.1:PORT"), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none"),
                ("Host", "localhost"), ("Host", "localhost:PORT"), ("Host", "LOCALHOST:PORT"), ("Host", "[::1]:PORT"),
                ("Host", "127.0.0.1"), ("Host", "127.1.2.3:80"), ("Host", "renclave.test"), ("Host", "other.test:PORT"),
            ]
        )
        func served(name: String, value: String) throws {
            let gateway = try Pair.shared.gateway
            let headers = [(name, value.replacing("PORT", with: "\(gateway.port)"))]
            try expectSuccess(gateway.get("/health", headers: headers))
            try expectSuccess(gateway.post("/generate-seed", "{}", headers: headers))
        }
    }

    @Suite("request identifiers", .runningPair())
    struct RequestIdentifierContract {
        @Test("one of the safe alphabet is kept, and both processes log it")
        func kept() throws {
            let pair = try Pair.shared
            for identifier in ["a", "Order-66_x.y", String(repeating: "z", count: 128)] {
                for target in ["/generate-seed", "/validate-seed"] {
                    let body = target == "/generate-seed" ? "{}" : #"{"seed_phrase":"abandon"}"#
                    let answer = try pair.gateway.post(target, body, headers: [("X-Request-Id", identifier)])
                    #expect(answer[header: "x-request-id"] == identifier)
                }
                for process in [pair.gateway.process, pair.enclave] {
                    let entry = "request_id=\(identifier)"
                    try wait(until: "\(entry) is logged", found: { process.log }) {
                        process.log.split(separator: "\n").contains { $0.split(separator: " ").contains { $0 == entry } }
                    }
                }
            }
        }

        @Test(
            "any other is replaced, and stands in no log",
            arguments: ["", "forged entry", "forged\"quote", "forged;semicolon", "forgedé", String(repeating: "f", count: 129)]
        )
        func replaced(identifier: String) throws {
            let pair = try Pair.shared
            let answer = try pair.gateway.post("/generate-seed", "{}", headers: [("X-Request-Id", identifier)])
            try expectSuccess(answer)
            let given = try #require(answer[header: "x-request-id"])
            #expect(given != identifier)
            for process in [pair.gateway.process, pair.enclave] {
                try wait(until: "\(given) is logged", found: { process.log }) { process.log.contains(given) }
                if !identifier.isEmpty { #expect(!process.log.contains(identifier)) }
            }
        }

        @Test("requests without one get different ones")
        func different() throws {
            let connection = try Pair.shared.gateway.connect()
            let identifiers = try (0..<50).map { _ in try connection.answer(to: .get("/livez"))[header: "x-request-id"] }
            #expect(Set(identifiers).count == 50)
        }
    }
}
