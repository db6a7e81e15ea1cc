// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

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
    }
}
