// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Synchronization
import Testing

@testable import HostGateway

private typealias Samples = FleetSamples

@Suite("peers that are lost, refuse or lie", .timeLimit(.minutes(5)))
struct UnfaithfulPeerTests {
    /// What can go wrong with an answer, and how it is counted.
    private struct Fault: Sendable {
        let response: StubPeer.Response
        let outcome: JoinMetrics.Outcome
        /// Whether nothing more comes, so that only the clock ends it.
        var isEndless = false
    }

    private static let unfinished = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
    private static let redirect = "HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    private static let otherTypes = #"{"result":{"ExportKeyResponse":null,"ExportChallengeResponse":[]}}"#

    private static let faults = [
        Fault(response: .last(""), outcome: .peerLost),
        Fault(response: .last(unfinished), outcome: .peerLost),
        Fault(response: .silence, outcome: .peerLost, isEndless: true),
        Fault(response: .bytes(unfinished), outcome: .peerLost, isEndless: true),
        Fault(response: .last("garbage\r\n\r\n"), outcome: .badAnswer),
        Fault(response: .json(200, ""), outcome: .badAnswer),
        Fault(response: .json(200, "{}"), outcome: .badAnswer),
        Fault(response: .json(200, "[]"), outcome: .badAnswer),
        Fault(response: .json(200, otherTypes), outcome: .badAnswer),
        Fault(response: .json(200, String(repeating: "[", count: 100_000)), outcome: .badAnswer),
        Fault(response: .bytes("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n"), outcome: .badAnswer),
        Fault(
            response: .json(200, "{\"a\":\"\(String(repeating: "x", count: 2_200_000))\"}"), outcome: .badAnswer),
        Fault(response: .json(500, #"{"reason":"internal"}"#), outcome: .peerRefused),
        Fault(response: .json(503, "\0"), outcome: .peerRefused),
        Fault(response: .last(redirect), outcome: .peerRefused),
        Fault(response: .json(204, ""), outcome: .peerRefused),
    ]

    @Test(
        "a peer that is lost half-way is replaced by the next", arguments: Samples.calls.dropFirst(), faults.indices)
    private func replaced(call: String, index: Int) async throws {
        let fault = Self.faults[index]
        let isOver = Signal()
        let bad: @Sendable (StubPeer.Request) -> StubPeer.Response = { request in
            guard request.call == call else { return Samples.ready(request) }
            if fault.isEndless { isOver.give() }
            return fault.response
        }
        // The time of an answer is over when the peer has begun not to give it.
        var patience = TestFleet.endless
        patience.sleep = { _ in try await isOver.taken() }
        try await TestFleet.with([bad, { Samples.ready($0) }], patience: patience) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            #expect(fleet.attempts(fault.outcome) >= 1)
            #expect(peers[0].calls.contains(call))
            #expect(peers[1].calls.contains(Samples.exportCall))
            #expect(fleet.enclave.phase == .applicationReady)
        }
    }

    @Test("a peer that cannot be asked who it is keeps nobody from joining the next", arguments: faults.indices)
    private func unknown(index: Int) async throws {
        var patience = TestFleet.endless
        if Self.faults[index].isEndless { patience.information = .milliseconds(30) }
        let bad = Samples.ready(but: Samples.information, Self.faults[index].response)
        try await TestFleet.with([bad, { Samples.ready($0) }], patience: patience) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            #expect(Set(peers[0].calls) == [Samples.information])
        }
    }

    @Test(
        "hostile peers alone leave the instance waiting, and its joining alive", arguments: Samples.calls,
        faults.indices)
    private func hostile(call: String, index: Int) async throws {
        var patience = TestFleet.endless
        if Self.faults[index].isEndless {
            patience.information = .milliseconds(30)
            patience.answer = .milliseconds(30)
        }
        let peers = Array(repeating: Samples.ready(but: call, Self.faults[index].response), count: 2)
        try await TestFleet.with(peers, width: 8, patience: patience) { fleet, _ in
            try await fleet.until("several rounds are over") { fleet.waits.all.count >= 2 }
            #expect([.waitingForBootInstruction, .waitingForForwardedKey].contains(fleet.enclave.phase))
            #expect(!fleet.enclave.operations.contains { $0.kind == .injectKey })
            #expect(fleet.attempts(.joined) == 0)
            #expect(fleet.status.report.state == .waiting)
        }
    }

    @Test("a peer that nobody answers for is passed over")
    func gone() async throws {
        let enclave = ModelEnclave()
        try await TestFleet.with([{ Samples.ready($0) }, { Samples.ready($0) }], enclave: enclave) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            await peers[0].stop()
            enclave.state.withLock { $0.phase = .waitingForBootInstruction }
            try await fleet.until("it is ready again") { fleet.attempts(.joined) == 2 }
            #expect(peers[1].calls == Samples.calls)
        }
    }

    @Test(
        "what the own enclave does not take from one peer, it may take from the next",
        arguments: [
            (.shareManifest, .badManifest), (.shareManifest, .measurementMismatch), (.shareManifest, .manifestFixed),
            (.generateAttestation, .manifestMismatch), (.injectKey, .badSignature), (.injectKey, .badCiphertext),
            (.injectKey, .keyMismatch),
        ] as [(OperationKind, EnclaveError.Reason)])
    func enclaveRefuses(kind: OperationKind, reason: EnclaveError.Reason) async throws {
        let enclave = ModelEnclave { $0.refusals[kind] = EnclaveError(reason) }
        let second: @Sendable (StubPeer.Request) -> StubPeer.Response = { request in
            enclave.state.withLock { $0.refusals = [:] }
            return Samples.ready(request)
        }
        try await TestFleet.with([{ Samples.ready($0) }, second], enclave: enclave) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            #expect(fleet.attempts(.enclaveRefused) == 1)
            #expect(peers[1].calls == (kind == .shareManifest ? Samples.calls : Samples.callsUnderHeld))
        }
    }

    @Test(
        "where the own enclave cannot go on, no other peer is asked in that round",
        arguments: [
            EnclaveError(.busy), EnclaveError(.outOfSecureMemory), EnclaveError(.internalFailure),
            EnclaveCallError.unavailable, EnclaveCallError.timedOut, EnclaveCallError.wrongAnswer,
        ] as [any Error])
    func enclaveCannot(error: any Error) async throws {
        let enclave = ModelEnclave { $0.refusals[.generateAttestation] = error }
        let second: @Sendable (StubPeer.Request) -> StubPeer.Response = { Samples.ready($0) }
        try await TestFleet.with([{ Samples.ready($0) }, second], enclave: enclave) { fleet, peers in
            try await fleet.until("the round is over") { fleet.attempts(.interrupted) >= 1 }
            #expect(peers[1].calls.isEmpty)
            #expect(fleet.attempts(.joined) == 0)
            enclave.state.withLock { $0.refusals = [:] }
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
        }
    }
}
