// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("connections", .runningPair())
    struct Connections {
        private let gateway: RunningGateway

        init() throws { gateway = try Pair.shared.gateway }

        @Test("a client of HTTP/1.0 need not name a host, and its connection ends with the answer")
        func oldVersion() throws {
            let connection = try gateway.connect()
            try connection.send("GET /livez HTTP/1.0\r\n\r\n")
            let answer = try connection.answer()
            #expect(answer.status == 200)
            #expect(answer[header: "connection"] == "close")
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        @Test("a client of HTTP/1.0 may keep its connection, and is judged by the host it does name")
        func oldVersionKept() throws {
            let connection = try gateway.connect()
            for _ in 0..<3 {
                try connection.send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try connection.answer().status == 200)
            }
            try connection.send("GET /livez HTTP/1.0\r\nHost: evil.example\r\n\r\n")
            try expectRefusal(connection.answer(), 403, "bad_origin")
        }

        @Test("thousands of pipelined requests are answered one after the other")
        func deepPipeline() throws {
            let count = 4000
            let connection = try gateway.connect()
            try connection.send(String(repeating: "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n", count: count))
            for _ in 0..<count {
                #expect(try connection.answer().status == 200)
            }
        }

        @Test("garbage behind a request does not take its answer away")
        func garbageBehind() throws {
            let connection = try gateway.connect()
            try connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n\u{1}\u{2}garbage\r\n\r\n")
            #expect(try connection.answer().status == 200)
            try expectRefusal(connection.answer(), 400, "bad_request")
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        /// Resident memory of the gateway, in KiB.
        private func residentMemory() throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(gateway.process.pid)/status", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
            return try #require(Int(line.split(whereSeparator: \.isWhitespace)[1]))
        }

        @Test("a client that sends and sends and never reads costs no more than its buffers")
        func neverReads() throws {
            let before = try residentMemory()
            let connection = try gateway.connect()
            let requests = String(repeating: "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 1000)
            // Until the gateway takes no more: a send that would block for long is the proof that it does not.
            connection.boundSending(seconds: 1)
            var sent = 0
            while sent < 200, (try? connection.send(requests)) != nil { sent += 1 }
            #expect(try residentMemory() - before < 64 * 1024)
            connection.close()
            try expectSuccess(gateway.get("/livez"))
        }

        @Test("a client that asks for another protocol gets its answer, and is told that it was the last")
        func upgrade() throws {
            let connection = try gateway.connect()
            try connection.send(
                "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
            let answer = try connection.answer()
            #expect(answer.status == 200)
            #expect(answer[header: "connection"] == "close")
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        @Test(
            "close is understood wherever it stands in Connection",
            arguments: ["close", "keep-alive, Close", "close,TE"])
        func asksToClose(value: String) throws {
            let connection = try gateway.connect()
            try connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: \(value)\r\n\r\n")
            #expect(try connection.answer()[header: "connection"] == "close")
            #expect(try connection.receiveUntilClosed().isEmpty)
        }

        @Test("a large body that nobody reads does not take the answer away", arguments: ["/nope", "/livez"])
        func unreadBody(path: String) throws {
            let connection = try gateway.connect()
            let count = 1_500_000
            try connection.send("POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(count)\r\n\r\n")
            try connection.send([UInt8](repeating: 0x20, count: count))
            let answer = try connection.answer()
            #expect([404, 405, 413].contains(answer.status))
            #expect(answer[header: "connection"] == "close")
        }

        @Test("a refused request that waits for a word before its body is answered at once")
        func expectRefused() throws {
            let connection = try gateway.connect()
            try connection.send(
                "POST /nope HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")
            try expectRefusal(connection.answer(), 404, "not_found")
        }
    }
}
