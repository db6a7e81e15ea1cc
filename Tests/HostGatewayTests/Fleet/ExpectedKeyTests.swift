// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Synchronization
import Testing

@testable import HostGateway

private typealias Samples = FleetSamples

@Suite("whose key a joining instance takes", .timeLimit(.minutes(5)))
struct ExpectedKeyTests {
    private static let expected = Samples.fingerprint
    private static let other = [UInt8](repeating: 0xEE, count: 32)

    @Test("the key that is expected is taken", arguments: [EnclaveInfo.Mode.development, .production])
    func expected(mode: EnclaveInfo.Mode) async throws {
        let enclave = ModelEnclave { $0.mode = mode }
        try await TestFleet.with([{ Samples.ready($0) }], enclave: enclave, expectedKey: Self.expected) { fleet, _ in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
        }
    }

    @Test("a peer that says it holds another key is not even asked for its manifest")
    func saidOther() async throws {
        try await TestFleet.with([{ Samples.ready($0) }], expectedKey: Self.other) { fleet, peers in
            try await fleet.until("several rounds are over") { fleet.attempts(.noReadyPeer) >= 2 }
            #expect(Set(peers[0].calls) == [Samples.information])
            #expect(fleet.enclave.operations.isEmpty)
        }
    }

    @Test("a peer that only says so is found out by the own enclave, gets no document, and the next is asked")
    func lied() async throws {
        let enclave = ModelEnclave { $0.fingerprint = 0xEE }
        let honest: @Sendable (StubPeer.Request) -> StubPeer.Response = { request in
            enclave.state.withLock { $0.fingerprint = 0xEF }
            return Samples.ready(request)
        }
        try await TestFleet.with(
            [{ Samples.ready($0) }, honest], enclave: enclave, expectedKey: Self.expected
        ) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            #expect(peers[0].calls == Samples.calls.dropLast())
            #expect(peers[1].calls == Samples.calls)
            #expect(fleet.attempts(.otherKey) == 1)
            #expect(
                enclave.operations.map(\.kind) == [.shareManifest, .shareManifest, .generateAttestation, .injectKey])
        }
    }

    @Test("another key than the expected one is never injected, however often it is offered")
    func neverInjected() async throws {
        let enclave = ModelEnclave { $0.fingerprint = 0xEE }
        try await TestFleet.with([{ Samples.ready($0) }], enclave: enclave, expectedKey: Self.expected) {
            fleet, peers in
            try await fleet.until("it was offered several times") { fleet.attempts(.otherKey) >= 3 }
            #expect(Set(enclave.operations.map(\.kind)) == [.shareManifest])
            #expect(!peers[0].calls.contains(Samples.exportCall))
            let warnings = fleet.lines.all.filter { $0.hasPrefix("warning ") }
            #expect(warnings.count == 1)
            #expect(warnings.first?.contains("its quorum key is not the one that EXPECTED_QUORUM_KEY names") == true)
        }
    }

    @Test("a manifest that somebody else put in place meanwhile is not taken for the one that was shared")
    func replacedMeanwhile() async throws {
        let enclave = ModelEnclave { $0.heldManifest = 3 }
        try await TestFleet.with([{ Samples.ready($0) }], enclave: enclave, expectedKey: Self.expected) {
            fleet, peers in
            try await fleet.until("the round is over") { fleet.attempts(.enclaveRefused) >= 1 }
            #expect(!peers[0].calls.contains(Samples.exportCall))
            enclave.state.withLock { $0.heldManifest = 4 }
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
        }
    }

    @Test("outside development nothing is tried without an expected key, and that is said once")
    func production() async throws {
        let enclave = ModelEnclave { $0.mode = .production }
        try await TestFleet.with([{ Samples.ready($0) }], enclave: enclave) { fleet, peers in
            try await fleet.until("it was looked at several times") { fleet.waits.all.count >= 5 }
            #expect(peers[0].calls.isEmpty)
            #expect(enclave.operations.isEmpty)
            #expect(
                fleet.status.report
                    == .init(
                        state: .refused,
                        reason: "EXPECTED_QUORUM_KEY is not set, and outside development PEERS needs it"))
            #expect(fleet.lines.all.count == 1)
            #expect(fleet.lines.all[0].hasPrefix("error this instance joins no fleet"))
            // A key that comes another way is no less welcome.
            enclave.state.withLock { $0.phase = .applicationReady }
            try await fleet.until("that is seen") { fleet.status.report.state == .idle }
        }
    }
}
