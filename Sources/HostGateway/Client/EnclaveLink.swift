// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging
import NIOCore
import NIOPosix
import Protocol
import Synchronization

/// One connection to the enclave on one event loop, made again whenever it is lost.
///
/// Any number of tasks call over it. Their frames gather in one buffer that leaves in one write; answers are matched by
/// identifier, in whatever order they come.
final class EnclaveLink: Sendable {
    private struct State {
        /// The channel, once the handshake is done.
        var channel: (any Channel)?
        var frameLimit = 0
        var calls = PendingCalls()
    }

    private let eventLoop: any EventLoop
    private let state = Mutex(State())
    private let nextIdentifier = Atomic<UInt64>(1)

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Whether calls can be made.
    var isReady: Bool { state.withLock { $0.channel != nil } }

    // MARK: Calls

    /// Calls the enclave.
    ///
    /// - Parameters:
    ///   - secrets: the bytes of the operation's secret fields, in their order.
    ///   - timeout: after which nobody waits for the answer.
    ///   - caller: whose leaving cancels the call.
    /// - Throws: ``EnclaveCallError``.
    func call(
        _ operation: Operation,
        secrets: [RedactedText],
        requestIdentifier: String,
        timeout: TimeAmount,
        caller: Caller?
    ) async throws -> EnclaveAnswer {
        let identifier = nextIdentifier.wrappingAdd(1, ordering: .relaxed).oldValue
        let head = RequestHead(
            identifier: identifier,
            deadlineMilliseconds: UInt32(clamping: timeout.nanoseconds / 1_000_000),
            requestIdentifier: requestIdentifier
        )
        let secretCount = secrets.reduce(0) { $0 + $1.count }
        let plain = try Message.request(head, operation).encoded(secretCount: secretCount)
        let header = FrameHeader(plainCount: plain.count, secretCount: secretCount)
        caller?.whenLeft { self.abandon(identifier, with: .cancelled) }
        defer { caller?.isServed() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                start(identifier, continuation, header: header, deadline: .now() + timeout) { buffer in
                    buffer.writeBytes(header.bytes)
                    buffer.writeBytes(plain)
                    for secret in secrets { buffer.writeBytes(secret.bytes) }
                }
            }
        } onCancel: {
            abandon(identifier, with: .cancelled)
        }
    }

    private func start(
        _ identifier: UInt64,
        _ continuation: PendingCalls.Continuation,
        header: FrameHeader,
        deadline: NIODeadline,
        frame: (inout ByteBuffer) -> Void
    ) {
        let refusal: EnclaveCallError? = state.withLock { state in
            guard state.channel != nil else { return .unavailable }
            guard header.length <= state.frameLimit else { return .tooLarge }
            guard !state.calls.isFull else { return .busy }
            if state.calls.add(identifier, continuation, deadline: deadline, frame: frame) {
                eventLoop.execute { self.flush() }
            }
            return nil
        }
        if let refusal { return continuation.resume(throwing: refusal) }
        if Task.isCancelled { abandon(identifier, with: .cancelled) }
    }

    /// Gives a call up, and tells the enclave so.
    private func abandon(_ identifier: UInt64, with error: EnclaveCallError) {
        let continuation = state.withLock { state -> PendingCalls.Continuation? in
            let continuation = state.calls.take(identifier)
            if continuation != nil { cancel(identifier, &state) }
            return continuation
        }
        continuation?.resume(throwing: error)
    }

    private func cancel(_ identifier: UInt64, _ state: inout State) {
        guard let frame = try? Message.cancel(identifier: identifier).frame(), !state.calls.isFull else { return }
        if state.calls.append({ _ = $0.writeBytes(frame) }) {
            eventLoop.execute { self.flush() }
        }
    }

    private func flush() {
        let (channel, bytes) = state.withLock { ($0.channel, $0.calls.takeOutgoing()) }
        guard let channel, bytes.readableBytes > 0 else { return }
        let count = bytes.readableBytes
        channel.writeAndFlush(bytes).whenComplete { _ in
            self.state.withLock { $0.calls.written(count) }
        }
    }

    // MARK: What the handler reports, on the event loop

    func isUp(_ channel: any Channel, welcome: Welcome) {
        state.withLock { state in
            state.channel = channel
            state.frameLimit = Int(welcome.frameLimit)
        }
    }

    func isDown() {
        let waiting = state.withLock { state in
            state.channel = nil
            return state.calls.takeAll()
        }
        for continuation in waiting { continuation.resume(throwing: EnclaveCallError.unavailable) }
    }

    func deliver(_ answers: [(identifier: UInt64, answer: EnclaveAnswer)]) {
        let ready = state.withLock { state in
            answers.compactMap { answer in state.calls.take(answer.identifier).map { ($0, answer.answer) } }
        }
        for (continuation, answer) in ready { continuation.resume(returning: answer) }
    }

    /// Gives up the calls whose time is over.
    func expire() {
        let expired = state.withLock { state in
            let expired = state.calls.takeExpired(at: .now())
            for call in expired { cancel(call.identifier, &state) }
            return expired
        }
        for call in expired { call.continuation.resume(throwing: EnclaveCallError.timedOut) }
    }

    // MARK: Connecting

    /// Connects and does the handshake.
    ///
    /// - Returns: the channel, whose closing ends the connection.
    /// - Throws: ``EnclaveConnectError``.
    func connect(to path: String, as expectedUser: UInt32) async throws(EnclaveConnectError) -> any Channel {
        let ready = eventLoop.makePromise(of: Void.self)
        let handshake = TimeAmount.milliseconds(Int64(Limits.handshakeMilliseconds))
        do {
            let channel = try await ClientBootstrap(group: eventLoop)
                .connectTimeout(handshake)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            EnclaveHandler(link: self, expectedUser: expectedUser, ready: ready)
                        )
                    }
                }
                .connect(unixDomainSocketPath: path).get()
            try await ready.futureResult.get()
            return channel
        } catch {
            ready.fail(error)
            throw EnclaveConnectError(error)
        }
    }
}
