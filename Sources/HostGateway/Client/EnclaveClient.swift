// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging
import NIOCore
import Protocol
import ServiceLifecycle

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

    // MARK: Calls

    /// A call that is under way.
    enum Ongoing: Sendable {
        /// Over the link of the caller's own event loop.
        case near(EnclaveLink, UInt64)
        /// Over another's; the identifier is known there.
        case far(EnclaveLink, NIOLoopBoundBox<UInt64?>)

        /// Gives the call up, on the event loop where it was started: nobody waits for its answer any more.
        func abandon() {
            switch self {
            case .near(let link, let identifier):
                link.abandon(identifier)
            case .far(let link, let identifier):
                link.eventLoop.execute {
                    if let identifier = identifier.value { link.abandon(identifier) }
                }
            }
        }
    }

    /// Calls the enclave over the link of an event loop, or over another where that one is down.
    ///
    /// - Parameters:
    ///   - eventLoop: where this is called, and where the completion is.
    ///   - completion: called once; its failure is an ``EnclaveCallError`` or the enclave's own `EnclaveError`.
    func start(
        _ call: EnclaveCall,
        on eventLoop: any EventLoop,
        requestIdentifier: String,
        completion: @escaping @Sendable (EnclaveCall.Outcome) -> Void
    ) -> Ongoing {
        let begin = ContinuousClock.now
        let measured: @Sendable (EnclaveCall.Outcome) -> Void = { [metrics] outcome in
            metrics.callFinished(nanoseconds: begin.nanoseconds(until: .now))
            completion(outcome)
        }
        let own = links.first { $0.eventLoop === eventLoop }
        if let own, own.isUp || !links.contains(where: \.isUp) {
            return .near(own, own.start(call, requestIdentifier: requestIdentifier, completion: measured))
        }
        let other = links.first(where: \.isUp) ?? links[0]
        let identifier = NIOLoopBoundBox<UInt64?>.makeEmptyBox(valueType: UInt64.self, eventLoop: other.eventLoop)
        other.eventLoop.execute {
            identifier.value = other.start(call, requestIdentifier: requestIdentifier) { outcome in
                eventLoop.execute { measured(outcome) }
            }
        }
        return .far(other, identifier)
    }

    /// Whether a call could be made now, seen from any thread.
    var isUp: Bool { links.contains(where: \.isUp) }

    /// Calls the enclave for the gateway itself, and waits for the reply until the task is cancelled.
    ///
    /// - Throws: ``EnclaveCallError``, the enclave's own `EnclaveError`, or `CancellationError`.
    func reply(to operation: Operation, timeout: TimeAmount, requestIdentifier: String) async throws -> Reply {
        guard let eventLoop = links.first(where: \.isUp)?.eventLoop else { throw EnclaveCallError.unavailable }
        let reply = Awaited<Reply>()
        let ongoing = NIOLoopBoundBox<Ongoing?>.makeEmptyBox(valueType: Ongoing.self, eventLoop: eventLoop)
        eventLoop.execute {
            let call = EnclaveCall(operation, timeout: timeout)
            ongoing.value = self.start(call, on: eventLoop, requestIdentifier: requestIdentifier) { outcome in
                reply.settle(outcome.map(\.reply))
            }
        }
        do {
            return try await reply.value()
        } catch {
            // An answered call is not known any more, and a cancelled one is given up behind its start.
            eventLoop.execute { ongoing.value?.abandon() }
            throw error
        }
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
