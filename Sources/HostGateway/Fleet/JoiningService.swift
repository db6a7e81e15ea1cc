// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import AsyncHTTPClient
import Logging
import NIOCore
import Protocol
import ServiceLifecycle

/// Lets an instance join its fleet by itself: whenever its enclave is empty, it carries the messages by which a ready
/// peer's enclave gives it the quorum key.
///
/// One loop, so there is never more than one join at a time. Whatever peers answer, it goes on until it is told to
/// stop.
final class JoiningService: Service {
    /// How it goes about it.
    struct Manner: Sendable {
        var patience = PeerClient.Patience()
        /// Peers that are asked at a time who they are.
        var width = 8
        /// How often an enclave that needs nothing is asked whether it was started anew.
        var watchInterval = Duration.seconds(1)
        /// How often it is looked whether an enclave that could not be asked now can be.
        var connectInterval = Duration.milliseconds(50)
        /// Waits, but no longer than the task is wanted.
        var pause: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    }

    /// What the enclave needs.
    private enum Need {
        case nothing
        /// It has to answer first.
        case connection
        case key(EnclaveInfo)
    }

    /// What the loop remembers from one turn to the next.
    private struct Memory {
        var backoff = JoinBackoff()
        /// What came of the last round, so that it is said once.
        var lastOutcome: JoinRound.Outcome?
        var hasRefused = false
    }

    private let directory: PeerDirectory
    private let expectedKey: [UInt8]?
    private let enclave: any JoiningEnclave
    private let eventLoopGroup: any EventLoopGroup
    private let manner: Manner
    private let status: JoinStatus
    private let metrics: JoinMetrics
    private let logger: Logger
    private let identifiers = RequestIdentifier()

    /// - Parameters:
    ///   - expectedKey: `EXPECTED_QUORUM_KEY`.
    ///   - eventLoopGroup: for the connections to peers.
    init(
        directory: PeerDirectory,
        expectedKey: [UInt8]?,
        enclave: any JoiningEnclave,
        eventLoopGroup: any EventLoopGroup,
        manner: Manner = Manner(),
        status: JoinStatus,
        metrics: JoinMetrics,
        logger: Logger
    ) {
        self.directory = directory
        self.expectedKey = expectedKey
        self.enclave = enclave
        self.eventLoopGroup = eventLoopGroup
        self.manner = manner
        self.status = status
        self.metrics = metrics
        self.logger = logger
    }

    /// Watches the enclave, and joins whenever it is empty, until the service group shuts down.
    func run() async {
        await cancelWhenGracefulShutdown {
            var memory = Memory()
            while !Task.isCancelled { await self.turn(&memory) }
        }
    }

    private func turn(_ memory: inout Memory) async {
        switch await need(&memory) {
        case .nothing:
            memory.backoff.reset()
            memory.lastOutcome = nil
            await manner.pause(manner.watchInterval)
        case .connection:
            await manner.pause(manner.connectInterval)
        case .key(let info):
            let outcome = await round(info, &memory)
            guard !Task.isCancelled else { return }
            if case .joined = outcome { return memory.backoff.reset() }
            var generator = SystemRandomNumberGenerator()
            await manner.pause(memory.backoff.next(using: &generator))
        }
    }

    // MARK: The enclave

    private func need(_ memory: inout Memory) async -> Need {
        let identifier = identifiers.identifier(proposed: nil)
        guard enclave.isConnected,
            let info = try? await enclave.information(requestIdentifier: identifier)
        else {
            status.report = .init(state: .idle, reason: "the enclave does not answer")
            return .connection
        }
        guard info.phase == .waitingForBootInstruction || info.phase == .waitingForForwardedKey else {
            status.report = .init(state: .idle, reason: "the enclave waits for no peer")
            return .nothing
        }
        guard expectedKey != nil || info.mode == .development else {
            refuse(&memory)
            return .nothing
        }
        return .key(info)
    }

    /// Without the fingerprint, any peer could make a production instance ready under its own key.
    private func refuse(_ memory: inout Memory) {
        let reason = "EXPECTED_QUORUM_KEY is not set, and outside development PEERS needs it"
        status.report = .init(state: .refused, reason: reason)
        if !memory.hasRefused { logger.error("this instance joins no fleet", metadata: ["cause": "\(reason)"]) }
        memory.hasRefused = true
    }

    // MARK: The peers

    private func round(_ info: EnclaveInfo, _ memory: inout Memory) async -> JoinRound.Outcome {
        let begin = ContinuousClock.now
        let identifier = identifiers.identifier(proposed: nil)
        if memory.lastOutcome == nil { status.report = .init(state: .joining, reason: "the peers are being asked") }
        var outcome = JoinRound.Outcome.noReadyPeer
        // The client can fail only in its end, when the outcome is known.
        try? await HTTPClient.withHTTPClient(
            eventLoopGroup: eventLoopGroup,
            configuration: PeerClient.configuration(manner.patience)
        ) { http in
            let round = JoinRound(
                directory: directory, enclave: enclave, expectedKey: expectedKey, patience: manner.patience,
                width: manner.width, metrics: metrics, logger: logger, http: http, requestIdentifier: identifier)
            outcome = await round.run(own: info.enclaveIdentifier)
        }
        if !Task.isCancelled { conclude(outcome, after: begin, identifier, &memory) }
        return outcome
    }

    private func conclude(
        _ outcome: JoinRound.Outcome,
        after begin: ContinuousClock.Instant,
        _ identifier: String,
        _ memory: inout Memory
    ) {
        defer { memory.lastOutcome = outcome }
        var metadata: Logger.Metadata = ["request_id": "\(identifier)"]
        switch outcome {
        case .joined(let endpoint):
            metadata["peer"] = "\(endpoint)"
            metadata["duration_ms"] = "\(begin.nanoseconds(until: .now) / 1_000_000)"
            logger.info("joined the fleet", metadata: metadata)
        case .noReadyPeer:
            status.report = .init(state: .waiting, reason: "no peer holds the quorum key")
            guard outcome != memory.lastOutcome else { return }
            logger.info("no peer holds the quorum key; they are asked again", metadata: metadata)
        case .failed(let endpoint, let failure):
            status.report = .init(
                state: .waiting, reason: "\(endpoint), at \(failure.step.rawValue): \(failure.cause)")
            guard outcome != memory.lastOutcome else { return }
            metadata["peer"] = "\(endpoint)"
            metadata["step"] = "\(failure.step.rawValue)"
            metadata["cause"] = "\(failure.cause)"
            logger.warning("no peer gave the quorum key; they are asked again", metadata: metadata)
        }
    }
}
