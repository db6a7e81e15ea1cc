// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

/// An enclave and a gateway that a whole suite shares.
struct Pair: Sendable {
    let enclave: ChildProcess
    let gateway: RunningGateway
    /// Where the enclave listens.
    let socket: String

    @TaskLocal fileprivate static var current: Pair?

    /// The pair of the suite that is running.
    static var shared: Pair {
        get throws { try #require(current, "the suite needs the trait .runningPair") }
    }

    /// What the enclave says of itself.
    func enclaveInfo() throws -> JSON {
        try gateway.get("/enclave/info").json()
    }
}

/// Starts a pair for a suite, ends it afterwards, and checks that nothing the suite sent has changed the enclave.
struct RunningPairTrait: SuiteTrait, TestScoping {
    let gatewaySettings: [String: String]

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let workplace = try Workplace()
        defer { workplace.close() }
        let enclave = try workplace.startEnclave(["LOG_LEVEL": "debug"])
        let gateway = try workplace.startGateway(["LOG_LEVEL": "debug"].merging(gatewaySettings) { $1 })
        try gateway.waitUntilReady()
        let pair = Pair(enclave: enclave, gateway: gateway, socket: workplace.socket)
        let before = try pair.enclaveInfo()
        try await Pair.$current.withValue(pair) { try await function() }
        #expect(try pair.enclaveInfo() == before, "requests of this suite changed the enclave")
        #expect(enclave.isRunning)
        #expect(gateway.process.isRunning)
    }
}

extension Trait where Self == RunningPairTrait {
    /// A pair for the whole suite, which logs at debug.
    static func runningPair(gateway: [String: String] = [:]) -> Self {
        RunningPairTrait(gatewaySettings: gateway)
    }
}
