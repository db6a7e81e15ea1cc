// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Metrics

/// What the gateway counts of its joining.
final class JoinMetrics: Sendable {
    /// What came of an attempt, or of asking who could be joined.
    enum Outcome: String, CaseIterable, Sendable {
        case joined
        case noReadyPeer = "no_ready_peer"
        case peerLost = "peer_lost"
        case peerRefused = "peer_refused"
        case badAnswer = "bad_answer"
        case otherKey = "other_key"
        case enclaveRefused = "enclave_refused"
        case interrupted
    }

    private let attempts: [Outcome: Counter]

    /// Makes the metrics in `registry`.
    init(registry: PrometheusRegistry) {
        let counters = Outcome.allCases.map { outcome in
            (outcome, Counter(label: Self.name, dimensions: [("outcome", outcome.rawValue)], factory: registry))
        }
        attempts = Dictionary(uniqueKeysWithValues: counters)
        registry.describe(Self.name, help: "Attempts to get the quorum key from a peer, by outcome.")
    }

    /// Counts one.
    func attempted(_ outcome: Outcome) {
        attempts[outcome]?.increment()
    }

    private static let name = "renclave_join_attempts_total"
}

extension JoinMetrics.Outcome {
    init(_ cause: JoinFailure.Cause) {
        switch cause {
        case .unreachable, .timedOut: self = .peerLost
        case .badAnswer: self = .badAnswer
        case .refused: self = .peerRefused
        case .ownInstance, .notReady: self = .noReadyPeer
        case .otherKey: self = .otherKey
        case .enclaveRefused, .manifestFixed: self = .enclaveRefused
        case .interrupted: self = .interrupted
        }
    }
}
