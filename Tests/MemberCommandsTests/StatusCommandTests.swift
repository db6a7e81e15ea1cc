// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

/// What a gateway may answer.
private enum Answer {
    static let health =
        #"{"status":"healthy","enclave":"connected","version":"0.1.0","uptime_seconds":11532}"#
    static let enclave =
        #"{"healthy":true,"version":"0.1.0","state":"ApplicationReady","state_history":["#
        + #"{"state":"GenesisBooted","entered_at":"2025-11-21T12:04:05Z"},"#
        + #"{"state":"ApplicationReady","entered_at":"2025-11-21T12:06:07.250Z"}],"#
        + #""mode":"development","attestation":"emulated","sandbox":{"seccomp":true,"landlock_abi":7}}"#
    static let unavailable =
        #"{"error":"The enclave does not answer.","code":503,"reason":"enclave_unavailable","request_id":"r"}"#

    static let ready: [String: [UInt8]?] = [
        "/readyz?verbose": StubGateway.json(200, #"{"checks":[{"name":"enclave","ok":true}]}"#),
        "/health": StubGateway.json(200, health),
        "/enclave/info": StubGateway.json(200, enclave),
    ]
}

@Suite("renclave status")
struct StatusCommandTests {
    @Test("a ready gateway is a short page and exit status 0")
    func readable() async throws {
        try await StubGateway.with(Answer.ready) { _, url in
            let run = await RecordedSession.run(["status"], environment: ["RENCLAVE_URL": url])
            #expect(run.status == .done)
            #expect(
                run.output == """
                    Gateway      \(url)
                    Version      0.1.0, up 3 h 12 min
                    Ready        yes
                    Enclave      ApplicationReady since 2025-11-21 12:06:07 UTC
                    Mode         development
                    Attestation  emulated (can be forged: for development only)
                    Sandbox      landlock abi 7, seccomp yes

                    """
            )
            #expect(run.errors.isEmpty)
        }
    }

    @Test("--json is one object with the two answers unchanged")
    func json() async throws {
        try await StubGateway.with(Answer.ready) { _, url in
            let run = await RecordedSession.run(["status", "--json", "--url", url])
            #expect(run.status == .done)
            #expect(
                run.output == #"{"url":"\#(url)","ready":true,"health":\#(Answer.health),"enclave":\#(Answer.enclave)}"#
                    + "\n"
            )
        }
    }

    @Test(
        "a gateway that is not ready says why, whatever the form, and exits with 1",
        arguments: [
            (
                #"{"checks":[{"name":"enclave","ok":false,"reason":"unreachable"},{"name":"x","ok":true}]}"#,
                "         - enclave: unreachable\n"
            ),
            (
                #"{"checks":[{"name":"enclave","ok":false}],"hint":"Start it."}"#,
                "         - enclave\n         - hint: Start it.\n"
            ),
            (Answer.unavailable, "         - The enclave does not answer.\n"),
            (#"{"checks":{"enclave":false}}"#, "         - the gateway does not say why\n"),
            ("not ready", "         - the gateway does not say why\n"),
        ]
    )
    func notReady(readiness: String, reasons: String) async throws {
        let unhealthy = #"{"status":"unhealthy","enclave":"unreachable","version":"0.1.0","uptime_seconds":75.9}"#
        let answers: [String: [UInt8]?] = [
            "/readyz?verbose": StubGateway.json(503, readiness),
            "/health": StubGateway.json(503, unhealthy),
            "/enclave/info": StubGateway.json(503, Answer.unavailable),
        ]
        try await StubGateway.with(answers) { _, url in
            let run = await RecordedSession.run(["status", "--url", url])
            #expect(run.status == .failed)
            #expect(
                run.output == "Gateway  \(url)\nVersion  0.1.0, up 1 min 15 s\nReady    no\n" + reasons
                    + "Enclave  unreachable\n"
            )
            let json = await RecordedSession.run(["status", "--json", "--url", url])
            #expect(json.status == .failed)
            #expect(json.output == #"{"url":"\#(url)","ready":false,"health":\#(unhealthy),"enclave":null}"# + "\n")
        }
    }

    @Test("a path prefix is kept in front of every path")
    func prefix() async throws {
        let answers = Dictionary(uniqueKeysWithValues: Answer.ready.map { ("/fleet/one" + $0.key, $0.value) })
        try await StubGateway.with(answers) { gateway, url in
            let run = await RecordedSession.run(["status", "--url", url + "/fleet/one/"])
            #expect(run.status == .done)
            #expect(
                gateway.requests.map(\.line) == [
                    "GET /fleet/one/readyz?verbose HTTP/1.1", "GET /fleet/one/health HTTP/1.1",
                    "GET /fleet/one/enclave/info HTTP/1.1",
                ]
            )
        }
    }

    @Test("what is no gateway is no status")
    func noGateway() async throws {
        try await StubGateway.with([:]) { _, url in
            let run = await RecordedSession.run(["status", "--json", "--url", url])
            #expect(run.status == .failed)
            #expect(run.output == #"{"url":"\#(url)","ready":false,"health":null,"enclave":null}"# + "\n")
            #expect(run.errors == "Error: There is no such path.\n  reason: not_found\n")
        }
    }

    @Test(
        "times are given in the two largest units",
        arguments: [(0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3600, "1 h 0 min"), (90_061, "1 d 1 h")]
    )
    func span(seconds: Int, text: String) {
        #expect(StatusPage.span(seconds: seconds) == text)
    }

    @Test(
        "a moment in UTC is made readable, anything else stays",
        arguments: [
            ("2025-11-21T12:04:05Z", "2025-11-21 12:04:05 UTC"), ("2025-11-21T12:04:05.9Z", "2025-11-21 12:04:05 UTC"),
            ("2025-11-21T12:04:05+01:00", "2025-11-21T12:04:05+01:00"), ("then", "then"), ("", ""), ("TZ", "TZ"),
        ]
    )
    func moment(text: String, readable: String) {
        #expect(StatusPage.moment(text) == readable)
    }
}
