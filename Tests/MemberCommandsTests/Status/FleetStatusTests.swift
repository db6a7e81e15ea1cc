// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Quorum
import Testing

@testable import MemberCommands

@Suite("renclave status of a fleet")
struct FleetStatusTests {
    private static let health = #"{"status":"healthy","enclave":"connected","version":"0.1.0","uptime_seconds":1}"#
    private static let key = String(repeating: "8b", count: 32)
    private static let otherKey = String(repeating: "aa", count: 32)

    private static func enclave(
        _ state: String = "ApplicationReady", _ more: KeyValuePairs<String, JSONValue?> = [:]
    ) -> JSONValue {
        let common = JSONValue.fields([
            "healthy": .bool(true), "version": .string("0.1.0"), "state": .string(state), "state_history": .array([]),
            "mode": .string("development"), "attestation": .string("emulated"), "sandbox": .object([]),
        ])
        guard case .object(let members) = common, case .object(let added) = JSONValue.fields(more) else { return .null }
        return .object(members + added)
    }

    private static func holding(_ key: String, check: String = "0102030405060708") -> JSONValue {
        enclave(
            "ApplicationReady",
            [
                "quorum_key_fingerprint": .string(key), "key_check": .string(check), "threshold": .count(2),
                "shares_received": .count(0),
                "manifest_hash": .byteArray([UInt8](repeating: 0xad, count: 32)),
                "namespace": .fields(["name": .string("treasury"), "nonce": .count(7)]),
            ])
    }

    private static let waiting = enclave(
        "WaitingForQuorumShards",
        [
            "quorum_key_fingerprint": .string(key), "threshold": .count(2), "shares_received": .count(1),
            "manifest_hash": .byteArray([UInt8](repeating: 0xad, count: 32)),
        ])

    private static func answers(_ enclave: JSONValue?, isReady: Bool = true) -> [String: [UInt8]?] {
        [
            "/readyz?verbose": StubGateway.json(
                isReady ? 200 : 503, #"{"checks":[{"name":"state","ok":\#(isReady),"reason":"too early"}]}"#),
            "/health": StubGateway.json(200, health),
            "/enclave/info": enclave.map { StubGateway.json(200, $0.line) }
                ?? StubGateway.json(503, #"{"error":"The enclave does not answer.","reason":"enclave_unavailable"}"#),
        ]
    }

    /// Lends a gateway for each of these.
    private func with(
        _ gateways: [[String: [UInt8]?]],
        _ urls: [String] = [],
        _ body: @escaping ([String]) async throws -> Void
    ) async throws {
        guard let first = gateways.first else { return try await body(urls) }
        try await StubGateway.with(first) { _, url in
            try await with(Array(gateways.dropFirst()), urls + [url], body)
        }
    }

    /// The cells of each line of a table.
    private func cells(_ run: RecordedSession) -> [[String]] {
        run.outputLines.dropLast().map { line in
            line.split(separator: "  ").map { $0.trimmingPrefix(while: { $0 == " " }).description }
        }
    }

    @Test("several gateways are a table, and the exit status is 0 where all are ready with one key")
    func table() async throws {
        try await with([Self.answers(Self.holding(Self.key)), Self.answers(Self.holding(Self.key))]) { urls in
            let run = await RecordedSession.run(["status"] + urls)
            #expect(run.status == .done)
            #expect(run.errors.isEmpty)
            let row = [
                "yes", "ApplicationReady", "8b8b8b8b8b8b", "0102030405060708", "adadadadadad nonce 7", "-", "0.1.0",
                "emulated, development",
            ]
            #expect(
                cells(run) == [
                    [
                        "GATEWAY", "READY", "STATE", "KEY", "KEY CHECK", "MANIFEST", "SHARES", "VERSION",
                        "ATTESTATION",
                    ], [urls[0]] + row, [urls[1]] + row,
                ])
        }
    }

    @Test("a gateway that gives no answer, or has no enclave, does not hide the others")
    func unreachable() async throws {
        let gone = "http://127.0.0.1:1"
        try await with([Self.answers(Self.waiting, isReady: false), Self.answers(nil, isReady: false)]) { urls in
            let run = await RecordedSession.run(["status", urls[0], gone, urls[1]])
            #expect(run.status == .failed)
            let lines = cells(run)
            #expect(
                lines[1] == [
                    urls[0], "no", "WaitingForQuorumShards", "-", "-", "adadadadadad", "1 of 2", "0.1.0",
                    "emulated, development",
                ])
            #expect(lines[2] == [gone, "no", "no answer"] + Array(repeating: "-", count: 6))
            #expect(lines[3] == [urls[1], "no", "connected", "-", "-", "-", "-", "0.1.0", "-"])
            #expect(
                run.output.hasSuffix(
                    """
                    \(urls[0]): state: too early
                    \(gone): The gateway at \(gone) cannot be reached: connection refused.
                    \(urls[1]): state: too early

                    """))
        }
    }

    @Test("an enclave with another key than the first, or another key check, is marked")
    func otherKeys() async throws {
        let fleet = [
            Self.waiting, Self.holding(Self.key), Self.holding(Self.otherKey),
            Self.holding(Self.key, check: "ff02030405060708"), Self.holding(Self.key),
        ]
        try await with(fleet.map { Self.answers($0) }) { urls in
            let run = await RecordedSession.run(["status"] + urls)
            #expect(run.status == .failed)
            #expect(
                cells(run).dropFirst().map { $0.last == "OTHER KEY" } == [false, false, true, true, false])
        }
    }

    @Test("a key that is expected must be held by all", arguments: [true, false])
    func pinned(byOption: Bool) async throws {
        let fleet = [Self.holding(Self.otherKey), Self.holding(Self.key), Self.waiting]
        try await with(fleet.map { Self.answers($0) }) { urls in
            let run = await RecordedSession.run(
                ["status"] + urls + (byOption ? ["--expect-key", Self.key.uppercased()] : []),
                environment: byOption ? [:] : ["EXPECTED_QUORUM_KEY": Self.key])
            #expect(run.status == .failed)
            #expect(cells(run).dropFirst().map(\.last) == ["OTHER KEY", "emulated, development", "NO KEY"])
            let good = await RecordedSession.run(["status", urls[1], urls[1], "--expect-key", Self.key])
            #expect(good.status == .done)
        }
    }

    @Test("one gateway is still a page, with a line about the key that is expected")
    func page() async throws {
        try await with([Self.answers(Self.holding(Self.key)), Self.answers(Self.waiting)]) { urls in
            let plain = await RecordedSession.run(["status", urls[0]])
            #expect(plain.status == .done)
            #expect(plain.output.hasPrefix("Gateway      \(urls[0])\n"))
            #expect(!plain.output.contains("Expected"))
            let held = await RecordedSession.run(["status", urls[0], "--expect-key", Self.key])
            #expect(held.status == .done)
            #expect(held.output.contains("\nExpected key  held\n"))
            let other = await RecordedSession.run(["status", "--url", urls[0], "--expect-key", Self.otherKey])
            #expect(other.status == .failed)
            #expect(other.output.contains("\nExpected key  NOT HELD: it holds \"\(Self.key)\"\n"))
            let none = await RecordedSession.run(["status", "--url", urls[1], "--expect-key", Self.key])
            #expect(none.status == .failed)
            #expect(none.output.contains("\nExpected key  NOT HELD: it holds none\n"))
        }
    }

    @Test("--json is an object a line, with the gateway's answers unchanged")
    func json() async throws {
        let gone = "http://127.0.0.1:1"
        try await with([Self.answers(Self.holding(Self.key)), Self.answers(Self.holding(Self.otherKey))]) { urls in
            let run = await RecordedSession.run(["status", "--json", urls[0], gone, urls[1]])
            #expect(run.status == .failed)
            #expect(
                run.output == """
                    {"url":"\(urls[0])","ready":true,"health":\(Self.health),\
                    "enclave":\(Self.holding(Self.key).line),"same_key":true,"error":null}
                    {"url":"\(gone)","ready":false,"health":null,"enclave":null,"same_key":null,\
                    "error":"The gateway at \(gone) cannot be reached: connection refused."}
                    {"url":"\(urls[1])","ready":true,"health":\(Self.health),\
                    "enclave":\(Self.holding(Self.otherKey).line),"same_key":false,"error":null}

                    """)
        }
    }

    @Test("--watch shows it again, as often as --count says, wherever the addresses stand")
    func watch() async throws {
        try await with([Self.answers(Self.holding(Self.key)), Self.answers(Self.holding(Self.key))]) { urls in
            let time = TrialModule.moment.text + "\n"
            for line in [urls + ["--watch", "0"], ["--watch", "0"] + urls, urls + ["--watch=0"]] {
                let run = await RecordedSession.run(["status"] + line + ["--count", "3"])
                #expect(run.status == .done)
                #expect(run.output.components(separatedBy: time).count == 4)
            }
            let terminal = await RecordedSession.run(
                ["status", "--watch", "0", "--count", "2"] + urls, terminalOutput: true)
            #expect(terminal.output.components(separatedBy: "\u{1B}[H\u{1B}[2J" + time).count == 3)
            let flag = await RecordedSession.run(["status", "--count", "1", "--watch"] + urls)
            #expect(flag.status == .done)
            #expect(cells(flag).count == 4)
            #expect(cells(flag)[2].first == urls[0])
            let last = await RecordedSession.run(["status"] + urls + ["--count", "1", "--watch"])
            #expect(last.status == .done)
        }
    }

    @Test("watching goes on when a gateway is gone")
    func watchGone() async throws {
        let run = await RecordedSession.run(
            ["status", "--url", "http://127.0.0.1:1", "--watch", "0", "--count", "2", "--json"])
        #expect(run.status == .failed)
        #expect(run.outputLines.count == 3)
        #expect(run.errors.components(separatedBy: "connection refused").count == 3)
    }

    @Test("what a gateway says of itself stays within its cells")
    func hostile() async throws {
        let long = String(repeating: "x", count: 500) + "\u{1B}[2J"
        let fleet = [Self.holding(long, check: long), Self.enclave(long)]
        try await with(fleet.map { Self.answers($0) }) { urls in
            let run = await RecordedSession.run(["status"] + urls)
            #expect(run.outputLines.allSatisfy { $0.utf8.count < 250 })
            #expect(!run.output.contains("\u{1B}"))
        }
    }

    @Test("a letter with any number of marks is cut too")
    func marks() async throws {
        let state = "a" + String(repeating: "\u{301}", count: 5_000)
        try await with([Self.enclave(state), Self.enclave(state)].map { Self.answers($0) }) { urls in
            let run = await RecordedSession.run(["status"] + urls)
            #expect(run.outputLines.allSatisfy { $0.unicodeScalars.count < 250 })
            #expect(run.output.unicodeScalars.count { $0 == "\u{301}" } == 2 * 31)
        }
    }

    @Test(
        "what is used wrongly ends with 2, and an address with a password is not repeated",
        arguments: [
            ["http://127.0.0.1:1", "ftp://x"], ["http://127.0.0.1:1", "--url", "http://127.0.0.1:2"],
            ["http://127.0.0.1:1", "http://me:hunter2@127.0.0.1"], ["--watch", "http://me:hunter2@127.0.0.1"],
            ["--count", "1"], ["--watch", "1", "--count", "0"], ["--watch", "-1"], ["--watch", "86401"],
            ["--watch", "1.5"], ["--expect-key", "8b"],
        ]
    )
    func misuse(arguments: [String]) async {
        let run = await RecordedSession.run(["status"] + arguments)
        #expect(run.status == .misuse)
        #expect(run.output.isEmpty)
        #expect(!run.errors.contains("hunter2"))
    }
}
