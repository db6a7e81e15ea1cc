// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum
import Testing

@testable import MemberCommands

@Suite("How far an enclave says that it has come")
struct EnclaveStandingTests {
    private static let fingerprint = String(repeating: "8b", count: 32)

    private func ask(
        _ state: String,
        fingerprint: String? = nil,
        keyCheck: String? = nil
    ) async throws -> Result<EnclaveStanding, CommandFailure> {
        let fields = JSONValue.fields([
            "state": .string(state), "quorum_key_fingerprint": fingerprint.map { .string($0) },
            "key_check": keyCheck.map { .string($0) },
        ])
        let answers = ["/enclave/info": StubGateway.json(200, fields.line)]
        var result: Result<EnclaveStanding, CommandFailure>?
        try await StubGateway.with(answering: { answers[$0.path] }) { _, url in
            let address = try #require(GatewayAddress(url))
            result = try await GatewayClient.withClient(of: address, timeLimit: .seconds(60)) { client in
                do throws(CommandFailure) {
                    return .success(try await EnclaveStanding.ask(client))
                } catch {
                    return .failure(error)
                }
            }
        }
        return try #require(result)
    }

    @Test("fingerprint and key check are taken in their one form")
    func sound() async throws {
        let standing = try await ask(
            "ApplicationReady", fingerprint: Self.fingerprint, keyCheck: "0123456789abcdef"
        ).get()
        #expect(
            standing.key
                == EnclaveKeyReport(
                    state: "ApplicationReady", fingerprint: Self.fingerprint, keyCheck: "0123456789abcdef"))
        #expect(try await ask("ApplicationReady", fingerprint: Self.fingerprint).get().key == nil)
    }

    @Test(
        "anything else in their places is no answer",
        arguments: [
            (fingerprint, ""), (fingerprint, "0123456789abcde"), (fingerprint, "0123456789abcdef0"),
            (fingerprint, "0123456789ABCDEF"), (fingerprint, "0123456789abcdeg"),
            (fingerprint, "\u{1B}[2J012345678901"),
            ("", "0123456789abcdef"), (String(fingerprint.dropLast()), "0123456789abcdef"),
            (fingerprint.uppercased(), "0123456789abcdef"),
        ]
    )
    func unsound(fingerprint: String, keyCheck: String) async throws {
        let outcome = try await ask("ApplicationReady", fingerprint: fingerprint, keyCheck: keyCheck)
        #expect(throws: CommandFailure.self) { try outcome.get() }
    }

    @Test(
        "a state that is none is quoted and cut",
        arguments: [
            ("ApplicationReady", "ApplicationReady"), ("Ready\nTarget", #""Ready\u{a}Target""#),
            ("", #""""#), ("\u{212A}", #""\u{212a}""#),
            (String(repeating: "x", count: 500), "\"" + String(repeating: "x", count: 32) + "\"…"),
            ("a" + String(repeating: "\u{301}", count: 500), "\"a" + String(repeating: #"\u{301}"#, count: 31) + "\"…"),
        ]
    )
    func states(told: String, shown: String) async throws {
        let state = try await ask(told).get().state
        #expect(state == shown)
    }
}
