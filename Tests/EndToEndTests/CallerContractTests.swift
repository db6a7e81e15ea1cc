// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("who may call", .runningPair(gateway: ["HOST_ALLOWED_NAMES": "renclave.test,other.test"]))
    struct OriginContract {
        @Test(
            "a page of another origin is refused, and so is a name that is none of this machine",
            arguments: [
                ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", ""),
                ("Origin", "https://127.0.0.1:PORT"),
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
                        process.log.split(separator: "\n").contains {
                            $0.split(separator: " ").contains { $0 == entry }
                        }
                    }
                }
            }
        }

        @Test(
            "any other is replaced, and stands in no log",
            arguments: [
                "", "forged entry", "forged\"quote", "forged;semicolon", "forgedé", String(repeating: "f", count: 129),
            ]
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
            let identifiers = try (0..<50).map { _ in try connection.answer(to: .get("/livez"))[header: "x-request-id"]
            }
            #expect(Set(identifiers).count == 50)
        }
    }
}
