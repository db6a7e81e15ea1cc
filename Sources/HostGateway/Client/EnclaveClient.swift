// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging
import NIOCore
import Protocol
import ServiceLifecycle
import Synchronization

/// The gateway's way to the enclave: one link for each event loop, kept up for as long as the gateway runs.
///
/// The enclave may start later, die, hang or be replaced. Calls fail at once where there is no connection; nothing that
/// changes the enclave is ever sent twice.
final class EnclaveClient: Service {
    /// Milliseconds between two attempts to connect: short at first, then twice as long each time.
    private static let retryIntervals = 10...200

    private let path: String
    private let expectedUser: UInt32
    private let links: [EnclaveLink]
    private let turn = Atomic<Int>(0)
    private let metrics: EnclaveMetrics
    private let logger: Logger

    /// - Parameters:
    ///   - path: the enclave's socket.
    ///   - expectedUser: the uid that the enclave must run under.
    init(
        path: String,
        expectedUser: UInt32,
        eventLoops: [any EventLoop],
        metrics: EnclaveMetrics,
        logger: Logger
    ) {
        self.path = path
        self.expectedUser = expectedUser
        links = eventLoops.map { EnclaveLink(eventLoop: $0) }
        self.metrics = metrics
        self.logger = logger
    }

    /// Whether any link is up.
    var isConnected: Bool { links.contains { $0.isReady } }

    /// Calls the enclave over the next link that is up.
    ///
    /// - Parameters:
    ///   - secrets: the bytes of the operation's secret fields, in their order.
    ///   - caller: given for costly calls, which are cancelled should the caller leave.
    /// - Throws: ``EnclaveCallError``, or the enclave's own `EnclaveError`.
    func call(
        _ operation: Operation,
        secrets: [RedactedText] = [],
        requestIdentifier: String,
        timeout: TimeAmount,
        caller: Caller? = nil
    ) async throws -> EnclaveAnswer {
        let first = turn.wrappingAdd(1, ordering: .relaxed).newValue
        var link = links[abs(first % links.count)]
        if !link.isReady { link = links.first { $0.isReady } ?? link }
        let begin = ContinuousClock.now
        defer { metrics.callFinished(nanoseconds: begin.nanoseconds(until: .now)) }
        let answer = try await link.call(
            operation,
            secrets: secrets,
            requestIdentifier: requestIdentifier,
            timeout: timeout,
            caller: caller
        )
        if case .refused(let error) = answer.reply { throw error }
        return answer
    }

    // MARK: Service

    /// Keeps the links up until the service group shuts down.
    func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for link in self.links {
                    group.addTask { await self.keepUp(link, reports: link === self.links.first) }
                }
            }
        }
    }

    private func keepUp(_ link: EnclaveLink, reports: Bool) async {
        var lastFailure: EnclaveConnectError?
        var hasBeenUp = false
        var interval = Self.retryIntervals.lowerBound
        while !Task.isCancelled {
            do throws(EnclaveConnectError) {
                let channel = try await link.connect(to: path, as: expectedUser)
                lastFailure = nil
                if reports { isUp(again: hasBeenUp) }
                hasBeenUp = true
                interval = Self.retryIntervals.lowerBound
                await Self.closed(channel)
                if reports, !Task.isCancelled { isDown() }
            } catch {
                if reports, error != lastFailure {
                    logger.warning(
                        "no connection to the enclave", metadata: ["socket": "\(path)", "cause": "\(error)"])
                }
                lastFailure = error
            }
            try? await Task.sleep(for: .milliseconds(interval))
            interval = min(2 * interval, Self.retryIntervals.upperBound)
        }
    }

    private func isUp(again: Bool) {
        metrics.isConnected(true)
        if again { metrics.reconnected() }
        logger.info("connected to the enclave", metadata: ["socket": "\(path)"])
    }

    private func isDown() {
        metrics.isConnected(false)
        logger.warning("the connection to the enclave was lost", metadata: ["socket": "\(path)"])
    }

    private static func closed(_ channel: any Channel) async {
        await withTaskCancellationHandler {
            try? await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }
}

extension ContinuousClock.Instant {
    /// Nanoseconds from here to a later instant.
    func nanoseconds(until later: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = (later - self).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
