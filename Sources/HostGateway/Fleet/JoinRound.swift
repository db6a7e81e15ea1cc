// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import AsyncHTTPClient
import Logging
import Protocol

/// One round through the fleet: every instance is asked who it is, several at a time, and those that hold the key are
/// tried one after the other until one of them has made the own enclave ready.
struct JoinRound: Sendable {
    /// What came of it.
    enum Outcome: Equatable, Sendable {
        case joined(PeerEndpoint)
        /// Nobody holds the key that is wanted.
        case noReadyPeer
        /// The last one that was tried, and why it did not do.
        case failed(PeerEndpoint, JoinFailure)
    }

    private enum Event: Sendable {
        case found([PeerEndpoint])
        /// Nil for one that can be joined.
        case asked(PeerEndpoint, JoinFailure?)
    }

    let directory: PeerDirectory
    let enclave: any JoiningEnclave
    let expectedKey: [UInt8]?
    let patience: PeerClient.Patience
    /// Peers that are asked at a time.
    let width: Int
    let metrics: JoinMetrics
    let logger: Logger
    let http: HTTPClient
    /// In the log lines of both enclaves and both gateways.
    let requestIdentifier: String

    /// - Parameter own: the own enclave's identifier.
    func run(own: [UInt8]) async -> Outcome {
        await withTaskGroup(of: Event.self) { group in
            for peers in directory.named {
                group.addTask { .found(await directory.endpoints(of: peers)) }
            }
            var waiting = directory.numbered
            var known = Set(waiting.map(\.url))
            var asking = 0
            var outcome = Outcome.noReadyPeer
            while !outcome.isFinal, !Task.isCancelled {
                while asking < width, !waiting.isEmpty {
                    let endpoint = waiting.removeFirst()
                    asking += 1
                    group.addTask { .asked(endpoint, await ask(endpoint, own)) }
                }
                switch await group.next() {
                case .found(let endpoints):
                    waiting += endpoints.filter { known.insert($0.url).inserted }
                case .asked(let endpoint, nil):
                    asking -= 1
                    outcome = await attempt(endpoint)
                case .asked(let endpoint, let failure?):
                    asking -= 1
                    note(endpoint, failure)
                case nil:
                    if outcome == .noReadyPeer { metrics.attempted(.noReadyPeer) }
                    return outcome
                }
            }
            group.cancelAll()
            return outcome
        }
    }

    private func exchange(_ endpoint: PeerEndpoint) -> JoinExchange {
        JoinExchange(
            peer: PeerClient(
                endpoint: endpoint, requestIdentifier: requestIdentifier, patience: patience, http: http),
            enclave: enclave,
            expectedKey: expectedKey
        )
    }

    private func ask(_ endpoint: PeerEndpoint, _ own: [UInt8]) async -> JoinFailure? {
        do throws(JoinFailure) {
            try await exchange(endpoint).check(own: own)
            return nil
        } catch {
            return error
        }
    }

    private func attempt(_ endpoint: PeerEndpoint) async -> Outcome {
        do throws(JoinFailure) {
            try await exchange(endpoint).run()
            metrics.attempted(.joined)
            return .joined(endpoint)
        } catch {
            if !Task.isCancelled { metrics.attempted(JoinMetrics.Outcome(error.cause)) }
            note(endpoint, error)
            return .failed(endpoint, error)
        }
    }

    /// Each failure at the most talkative level; what came of the round is said once.
    private func note(_ endpoint: PeerEndpoint, _ failure: JoinFailure) {
        logger.debug(
            "a peer did not do",
            metadata: [
                "request_id": "\(requestIdentifier)", "peer": "\(endpoint)", "step": "\(failure.step.rawValue)",
                "cause": "\(failure.cause)",
            ])
    }
}

extension JoinRound.Outcome {
    /// Whether no other peer is to be asked.
    fileprivate var isFinal: Bool {
        switch self {
        case .joined: true
        case .noReadyPeer: false
        case .failed(_, let failure): !failure.isOfThePeer
        }
    }
}
