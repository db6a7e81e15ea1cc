// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Synchronization
import Testing

@testable import HostGateway

private typealias Samples = FleetSamples

@Suite("an instance that joins its fleet", .timeLimit(.minutes(5)))
struct JoiningServiceTests {
    private static let joinOperations: [Protocol.Operation] = [
        .shareManifest(
            ShareManifestRequest(
                manifestEnvelope: Samples.manifest.manifestEnvelope, commitments: Samples.manifest.commitments)),
        .generateAttestation(
            AttestationRequest(
                manifestHash: [UInt8](repeating: 4, count: 32), registers: [], nonce: Samples.challenge)),
        .injectKey(Samples.key),
    ]

    // MARK: A peer that is ready

    @Test("the messages are carried between the two enclaves as a client would carry them")
    func joins() async throws {
        try await TestFleet.with([{ Samples.ready($0) }]) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            #expect(fleet.enclave.phase == .applicationReady)
            #expect(fleet.enclave.operations == Self.joinOperations)
            #expect(peers[0].calls == Samples.calls)
            let export = try #require(peers[0].requests.last)
            let document = [0xD2] + Samples.challenge
            let envelope = String(decoding: Samples.manifest.manifestEnvelope, as: UTF8.self)
            #expect(
                export.body
                    == #"{"manifest_envelope":\#(envelope),"attestation_doc":\#(document.map { $0 })}"#
                    .replacing(", ", with: ","))
            #expect(export.headers["content-type"] == "application/json")
            try await fleet.until("it is said") { fleet.lines.all.count == 1 }
            #expect(fleet.lines.all[0].hasPrefix("info joined the fleet duration_ms="))
            #expect(fleet.lines.all[0].contains(" peer=http://127.0.0.1:\(peers[0].port) "))
        }
    }

    @Test("one identifier goes through all the calls of a round, and the name that the peer is known by")
    func headers() async throws {
        try await TestFleet.with([{ Samples.ready($0) }]) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            let identifiers = Set(peers[0].requests.map { $0.headers["x-request-id"] })
            #expect(identifiers.count == 1)
            let own = fleet.enclave.state.withLock { state in
                zip(state.operations, state.requestIdentifiers).filter { $0.0 != .info }.map { $0.1 }
            }
            #expect(Set(own) == Set(identifiers.compactMap { $0 }))
            #expect(peers[0].requests.allSatisfy { $0.headers["host"] == "127.0.0.1:\(peers[0].port)" })
            #expect(peers[0].requests.allSatisfy { $0.headers["accept-encoding"] == nil })
        }
    }

    @Test("an enclave that has a manifest already, and waits for its key, gets it too")
    func waitsForKey() async throws {
        let enclave = ModelEnclave { $0.phase = .waitingForForwardedKey }
        try await TestFleet.with([{ Samples.ready($0) }], enclave: enclave) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            #expect(enclave.operations == [.manifest] + Self.joinOperations.dropFirst())
            #expect(peers[0].calls == Samples.callsUnderHeld)
        }
    }

    @Test("where the peer does not give its key for the manifest that is held, its own is taken")
    func waitsUnderAnother() async throws {
        let enclave = ModelEnclave { $0.phase = .waitingForForwardedKey }
        let refused = Flag()
        let choosy: @Sendable (StubPeer.Request) -> StubPeer.Response = { request in
            guard request.call == Samples.exportCall, !refused.isSet else { return Samples.ready(request) }
            refused.set()
            return .json(422, #"{"reason":"not_enough_approvals"}"#)
        }
        try await TestFleet.with([choosy], enclave: enclave) { fleet, peers in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            #expect(peers[0].calls == Samples.callsUnderHeld + [Samples.manifestCall, Samples.exportCall])
            #expect(
                enclave.operations.map(\.kind)
                    == [.manifest, .generateAttestation, .shareManifest, .generateAttestation, .injectKey])
        }
    }

    @Test(
        "an enclave in any other state is left alone",
        arguments: Phase.allCases.filter { $0 != .waitingForBootInstruction && $0 != .waitingForForwardedKey })
    func otherStates(phase: Phase) async throws {
        let enclave = ModelEnclave { $0.phase = phase }
        try await TestFleet.with([{ Samples.ready($0) }], enclave: enclave) { fleet, peers in
            try await fleet.until("it was looked at") { fleet.waits.all.count >= 3 }
            #expect(peers[0].calls.isEmpty)
            #expect(enclave.operations.isEmpty)
            #expect(Set(fleet.waits.all) == [.seconds(1)])
            #expect(fleet.status.report.state == .idle)
        }
    }

    @Test("an enclave that was started anew joins again")
    func restarted() async throws {
        try await TestFleet.with([{ Samples.ready($0) }]) { fleet, _ in
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
            fleet.enclave.state.withLock { $0.isConnected = false }
            try await fleet.until("its end is seen") { fleet.waits.all.contains(.milliseconds(50)) }
            fleet.enclave.state.withLock { state in
                state.identifier = 9
                state.phase = .waitingForBootInstruction
                state.isConnected = true
            }
            try await fleet.until("it is ready again") { fleet.attempts(.joined) == 2 }
            #expect(fleet.enclave.phase == .applicationReady)
        }
    }

    @Test("an enclave that starts after its gateway joins as soon as it answers")
    func laterEnclave() async throws {
        let enclave = ModelEnclave { $0.isConnected = false }
        try await TestFleet.with([{ Samples.ready($0) }], enclave: enclave) { fleet, peers in
            try await fleet.until("it is looked for") { fleet.waits.all.count >= 3 }
            #expect(Set(fleet.waits.all) == [.milliseconds(50)])
            #expect(peers[0].calls.isEmpty)
            enclave.state.withLock { $0.isConnected = true }
            try await fleet.until("it is ready") { fleet.attempts(.joined) == 1 }
        }
    }

    // MARK: No peer that is ready

    @Test("without a ready peer the enclave stays as it is, and joins once there is one")
    func nobodyReady() async throws {
        let isReady = Flag()
        let peer: @Sendable (StubPeer.Request) -> StubPeer.Response = { request in
            isReady.isSet ? Samples.ready(request) : Samples.notReady(.waitingForQuorumShards)(request)
        }
        try await TestFleet.with([peer, Samples.notReady(.waitingForBootInstruction)]) { fleet, peers in
            try await fleet.until("several rounds are over") { fleet.attempts(.noReadyPeer) >= 3 }
            #expect(fleet.enclave.operations.isEmpty)
            #expect(fleet.enclave.phase == .waitingForBootInstruction)
            #expect(Set(peers[0].calls) == [Samples.information])
            #expect(fleet.status.report == .init(state: .waiting, reason: "no peer holds the quorum key"))
            // Said once, however many rounds there are.
            #expect(fleet.lines.all.count == 1)
            #expect(fleet.lines.all[0].hasPrefix("info no peer holds the quorum key"))
            isReady.set()
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
        }
    }

    @Test("the waits between rounds are bounded as the backoff says")
    func backoff() async throws {
        try await TestFleet.with([Samples.notReady(.genesisBooted)]) { fleet, _ in
            try await fleet.until("several rounds are over") { fleet.waits.all.count >= 10 }
            for (wait, bound) in zip(fleet.waits.all, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]) {
                #expect(wait <= .milliseconds(bound))
            }
        }
    }

    @Test("this instance is not its own peer, whatever it says of its state")
    func ownInstance() async throws {
        let own: @Sendable (StubPeer.Request) -> StubPeer.Response = { Samples.ready($0, identifier: 1) }
        try await TestFleet.with([own]) { fleet, peers in
            try await fleet.until("several rounds are over") { fleet.attempts(.noReadyPeer) >= 2 }
            #expect(Set(peers[0].calls) == [Samples.information])
        }
        try await TestFleet.with([own, { Samples.ready($0) }]) { fleet, peers in
            try await fleet.until("the other one is joined") { fleet.attempts(.joined) == 1 }
            #expect(peers[0].calls == [Samples.information])
        }
    }

    // MARK: One at a time

    @Test("many peers that are ready are tried one after the other")
    func oneAtATime() async throws {
        let overlaps = Overlaps()
        let refusing: @Sendable (StubPeer.Request) -> StubPeer.Response = { request in
            if request.call == Samples.manifestCall { overlaps.begin() }
            guard request.call == Samples.exportCall else { return Samples.ready(request) }
            overlaps.end()
            return .json(422, #"{"reason":"bad_nonce"}"#)
        }
        try await TestFleet.with(Array(repeating: refusing, count: 6), width: 8) { fleet, _ in
            try await fleet.until("all were tried, and again") { fleet.attempts(.peerRefused) >= 12 }
            #expect(overlaps.most == 1)
        }
    }

    @Test("where somebody else boots the enclave, the round ends and no other peer is tried")
    func interrupted() async throws {
        let enclave = ModelEnclave()
        let peer: @Sendable (StubPeer.Request) -> StubPeer.Response = { request in
            if request.call == Samples.challengeCall { enclave.state.withLock { $0.phase = .waitingForQuorumShards } }
            return Samples.ready(request)
        }
        enclave.state.withLock {
            $0.refusals[.generateAttestation] = EnclaveError(wrongState: .waitingForQuorumShards, allowed: [])
        }
        try await TestFleet.with([peer, { Samples.ready($0) }], enclave: enclave) { fleet, peers in
            try await fleet.until("the round is over") { fleet.attempts(.interrupted) == 1 }
            try await fleet.until("the enclave is only watched") { fleet.waits.all.contains(.seconds(1)) }
            #expect(peers[1].calls.isEmpty)
            #expect(fleet.status.report.state == .idle)
        }
    }

    @Test(
        "a manifest that is not replaced, and that no peer has a key for, is said to be in the way; it is tried again")
    func conflict() async throws {
        let enclave = ModelEnclave {
            $0.phase = .waitingForForwardedKey
            $0.refusals[.shareManifest] = EnclaveError(.manifestFixed, state: .waitingForForwardedKey)
        }
        let isApproved = Flag()
        let choosy: @Sendable (StubPeer.Request) -> StubPeer.Response = { request in
            guard request.call == Samples.exportCall, !isApproved.isSet else { return Samples.ready(request) }
            return .json(422, #"{"reason":"not_enough_approvals"}"#)
        }
        try await TestFleet.with([choosy], enclave: enclave) { fleet, peers in
            try await fleet.until("it is tried again") { fleet.attempts(.enclaveRefused) >= 3 }
            #expect(
                fleet.status.report
                    == .init(
                        state: .waiting,
                        reason: "http://127.0.0.1:\(peers[0].port), at share-manifest: "
                            + "the own enclave holds another manifest for good: restart the enclave"))
            isApproved.set()
            try await fleet.until("the enclave is ready") { fleet.attempts(.joined) == 1 }
        }
    }

    // MARK: The end

    @Test("it ends at once, wherever it is", arguments: Samples.calls)
    func stops(call: String) async throws {
        try await TestFleet.with([Samples.ready(but: call, .silence)]) { fleet, peers in
            try await fleet.until("the peer was asked") { peers[0].calls.last == call }
        }
    }

    @Test("nothing that peers or the enclave said stands in the log")
    func silence() async throws {
        let refusing = Samples.ready(but: Samples.exportCall, .json(422, #"{"error":"canary","reason":"Canary!"}"#))
        try await TestFleet.with([refusing, Samples.ready(but: Samples.challengeCall, .last("canary\r\n\r\n"))]) {
            fleet, _ in
            try await fleet.until("both failed") {
                fleet.attempts(.peerRefused) >= 2 && fleet.attempts(.badAnswer) >= 2
            }
            #expect(fleet.lines.everything.contains { $0.contains("it refused with 422") })
            for line in fleet.lines.everything {
                #expect(!line.lowercased().contains("canary") && !line.contains("119") && !line.contains("[5"))
            }
        }
    }
}
