// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("HTTP", .runningPair())
    struct HTTPContract {
        private let gateway: RunningGateway

        init() throws { gateway = try Pair.shared.gateway }

        private static let head =
            "POST /generate-seed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

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
}
