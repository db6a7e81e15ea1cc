// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Testing

@testable import HostGateway

@Suite("why a join failed")
struct JoinFailureTests {
    private static let causes: [(JoinFailure.Cause, JoinMetrics.Outcome)] = [
        (.unreachable, .peerLost), (.timedOut, .peerLost), (.badAnswer, .badAnswer),
        (.refused(status: 500, reason: nil), .peerRefused), (.ownInstance, .noReadyPeer), (.notReady, .noReadyPeer),
        (.otherKey, .otherKey), (.enclaveRefused(.badSignature), .enclaveRefused),
        (.manifestFixed, .enclaveRefused), (.interrupted, .interrupted),
    ]

    @Test("each cause is counted, and told in words of its own")
    func counted() {
        for (cause, outcome) in Self.causes {
            #expect(JoinMetrics.Outcome(cause) == outcome)
            #expect(JoinFailure(step: .export, cause: cause).isOfThePeer == (cause != .interrupted))
        }
        #expect(Set(Self.causes.map { "\($0.0)" }).count == Self.causes.count)
        #expect("\(JoinFailure.Cause.refused(status: 422, reason: "bad_nonce"))" == "it refused with 422 bad_nonce")
        #expect("\(JoinFailure.Cause.refused(status: 404, reason: nil))" == "it refused with 404")
        #expect(
            "\(JoinFailure.Cause.enclaveRefused(.sharesHeld))" == "the own enclave refused with wrong_state")
    }

    @Test("a refusal of the own enclave is the peer's fault only where another peer could do better")
    func ownEnclave() {
        let passing: Set<EnclaveError.Reason> = [
            .wrongState, .busy, .deadlineExceeded, .entropyFailed, .outOfSecureMemory, .internalFailure,
            .unknownOperation, .malformedMessage,
        ]
        for reason in EnclaveError.Reason.allCases {
            let cause = JoinFailure.Cause(ofOwnEnclave: EnclaveError(reason))
            let expected: JoinFailure.Cause =
                switch reason {
                case .otherQuorumKey: .otherKey
                case .manifestFixed: .manifestFixed
                default: passing.contains(reason) ? .interrupted : .enclaveRefused(reason)
                }
            #expect(cause == expected)
        }
        #expect(JoinFailure.Cause(ofOwnEnclave: EnclaveCallError.tooLarge) == .enclaveRefused(.tooLarge))
        for error in [EnclaveCallError.unavailable, .timedOut, .busy, .wrongAnswer] {
            #expect(JoinFailure.Cause(ofOwnEnclave: error) == .interrupted)
        }
        #expect(JoinFailure.Cause(ofOwnEnclave: CancellationError()) == .interrupted)
    }

    @Test("every outcome is shown from the start, and counted")
    func metrics() {
        let registry = PrometheusRegistry()
        let metrics = JoinMetrics(registry: registry)
        metrics.attempted(.joined)
        metrics.attempted(.noReadyPeer)
        metrics.attempted(.noReadyPeer)
        let lines = registry.exposition().split(separator: "\n").map(String.init)
        #expect(lines.contains("# TYPE renclave_join_attempts_total counter"))
        #expect(lines.contains { $0.hasPrefix("# HELP renclave_join_attempts_total ") })
        #expect(lines.contains(#"renclave_join_attempts_total{outcome="joined"} 1"#))
        #expect(lines.contains(#"renclave_join_attempts_total{outcome="no_ready_peer"} 2"#))
        #expect(lines.contains(#"renclave_join_attempts_total{outcome="other_key"} 0"#))
        #expect(lines.count == 2 + JoinMetrics.Outcome.allCases.count)
    }
}
