// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

@Suite("A gateway that does not do what is asked")
struct GatewayFailureTests {
    /// What is said of this answer, and by which address it was given.
    private func errors(_ answer: [UInt8]) async throws -> (String, url: String) {
        var result = ("", url: "")
        try await StubGateway.with(["/generate-seed": answer]) { gateway, url in
            let run = await RecordedSession.run(["seed", "generate", "--url", url])
            #expect(run.status == .failed)
            #expect(run.output.isEmpty)
            #expect(gateway.requests.count == 1)
            result = (run.errors, url)
        }
        return result
    }

    @Test("a refusal is shown as sentence, reason, state, hint and request id")
    func refusal() async throws {
        let body =
            #"{"error":"The enclave is in another state.","code":409,"reason":"wrong_state","request_id":"a-1","#
            + #""state":"GenesisBooted","allowed_states":["ApplicationReady","X"],"field":"f","hint":"Wait.","new":{}}"#
        let (text, _) = try await errors(StubGateway.json(409, body))
        #expect(
            text == """
                Error: The enclave is in another state.
                  reason: wrong_state
                  field: f
                  state: GenesisBooted (needed: ApplicationReady, X)
                  hint: Wait.
                  request id: a-1

                """
        )
    }

    @Test("a refusal cannot fake lines or steer the terminal")
    func escape() async throws {
        let body = #"{"error":"No.\nvalid: 24 words\u001b[A","reason":"internal"}"#
        let (text, _) = try await errors(StubGateway.json(500, body))
        #expect(text == "Error: No.\u{FFFD}valid: 24 words\u{FFFD}[A\n  reason: internal\n")
    }

    @Test("a redirect is not followed", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        let (text, url) = try await errors(StubGateway.json(status, "", headers: ["Location: /health"]))
        #expect(
            text == """
                Error: \(url) answered with a redirect (HTTP \(status)), which is never followed.
                  hint: Give the final address with --url or RENCLAVE_URL.

                """
        )
    }

    @Test("an error page that is not ours is not shown")
    func foreignError() async throws {
        let (text, url) = try await errors(StubGateway.json(502, "<h1>Bad gateway</h1>"))
        #expect(text.hasPrefix("Error: \(url) answered something (HTTP 502) that is not understood, and it is not"))
        #expect(!text.contains("h1"))
    }

    @Test("a request id of another form is not repeated")
    func requestIdentifier() {
        let answer = GatewayAnswer(status: 500, requestIdentifier: "a b", body: [])
        #expect(answer.requestIdentifier == nil)
        #expect(GatewayAnswer(status: 500, requestIdentifier: "a.B-9_", body: []).requestIdentifier == "a.B-9_")
    }

    @Test("an answer of more than eight mebibytes is not read")
    func large() async throws {
        let body = #"{"error":"\#(String(repeating: "x", count: 8 << 20))"}"#
        let (text, url) = try await errors(StubGateway.json(500, body))
        #expect(text == "Error: \(url) answered with more than 8388608 bytes, which are not shown.\n")
    }

    @Test("UTF-16 is not taken for an answer")
    func otherEncoding() {
        let bytes = Array(#"{"error":"x","reason":"y"}"#.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let answer = GatewayAnswer(status: 500, requestIdentifier: nil, body: bytes)
        #expect(answer.decoded(as: GatewayRefusal.self) == nil)
        #expect(answer.json == nil)
    }

    @Test(
        "what is not HTTP, or breaks off, is said",
        arguments: [
            ("SSH-2.0-OpenSSH_9.2\r\n", "what answers there does not speak HTTP"),
            ("", "the connection was closed before the answer was complete"),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
                "the connection was closed before the answer was complete"
            ),
        ]
    )
    func broken(bytes: String, cause: String) async throws {
        let (text, url) = try await errors(Array(bytes.utf8))
        #expect(
            text == """
                Error: The gateway at \(url) cannot be reached: \(cause).
                  hint: Is renclave-host running there? Another address is given with --url or RENCLAVE_URL.

                """
        )
    }

    @Test("a gateway that never answers is given up")
    func silent() async throws {
        try await StubGateway.with(["/generate-seed": nil]) { _, url in
            let run = await RecordedSession.run(["seed", "generate", "--url", url], timeLimit: .seconds(1))
            #expect(run.status == .failed)
            #expect(run.errors.hasPrefix("Error: The gateway at \(url) cannot be reached: no answer within 1 s.\n"))
        }
    }

    @Test("nobody listening is connection refused, with what to try")
    func nobody() async {
        // Nothing listens on the reserved port of a service that no system runs any more (tcpmux).
        let run = await RecordedSession.run(["status", "--url", "http://127.0.0.1:1"])
        #expect(run.status == .failed)
        #expect(
            run.errors == """
                Error: The gateway at http://127.0.0.1:1 cannot be reached: connection refused.
                  hint: Is renclave-host running there? Another address is given with --url or RENCLAVE_URL.

                """
        )
    }

    @Test("https to a server that has no TLS says so")
    func noTLS() async throws {
        try await StubGateway.with([:]) { _, url in
            let address = url.replacing("http:", with: "https:")
            let run = await RecordedSession.run(["status", "--url", address])
            #expect(run.status == .failed)
            #expect(run.errors.contains("the encrypted connection failed"))
        }
    }
}
