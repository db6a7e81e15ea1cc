// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import NIOPosix
import Protocol
import Synchronization

/// One connection to the enclave on one event loop, made again whenever it is lost.
///
/// Frames of one turn of the event loop leave in one write; answers are matched by identifier, in whatever order they
/// come. Everything happens on the event loop, so there is no lock and no change of thread on a call's way.
final class EnclaveLink: Sendable {
    private final class State {
        /// The channel, once the handshake is done.
        var channel: (any Channel)?
        var frameLimit = 0
        var nextIdentifier: UInt64 = 1
        var calls = PendingCalls()
    }

    let eventLoop: any EventLoop
    private let state: NIOLoopBoundBox<State>
    private let isConnected = Atomic(false)

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        state = .makeBoxSendingValue(State(), eventLoop: eventLoop)
    }

    /// Whether calls can be made, seen from any thread.
    var isUp: Bool { isConnected.load(ordering: .acquiring) }

    // MARK: Calls, on the event loop

    /// Calls the enclave.
    ///
    /// - Parameter completion: called once on the event loop, at once where the call cannot be made.
    /// - Returns: the identifier by which the call can be abandoned.
    func start(
        _ call: EnclaveCall,
        requestIdentifier: String,
        completion: @escaping PendingCalls.Completion
    ) -> UInt64 {
        let state = state.value
        let identifier = state.nextIdentifier
        state.nextIdentifier += 1
        do {
            guard state.channel != nil else { throw EnclaveCallError.unavailable }
            guard !state.calls.isFull else { throw EnclaveCallError.busy }
            let head = RequestHead(
                identifier: identifier,
                deadlineMilliseconds: UInt32(clamping: call.timeout.nanoseconds / 1_000_000),
                requestIdentifier: requestIdentifier
            )
            let secretCount = call.secrets.reduce(0) { $0 + $1.count }
            let plain = try Message.request(head, call.operation).encoded(secretCount: secretCount)
            let header = FrameHeader(plainCount: plain.count, secretCount: secretCount)
            guard header.length <= state.frameLimit else { throw EnclaveCallError.tooLarge }
            state.calls.add(identifier, deadline: .now() + call.timeout, completion)
            append(header, plain, call.secrets)
        } catch {
            completion(.failure(error))
        }
        return identifier
    }

    /// Gives a call up without completing it, and tells the enclave so.
    func abandon(_ identifier: UInt64) {
        if state.value.calls.take(identifier) != nil { cancel(identifier) }
    }

    private func cancel(_ identifier: UInt64) {
        guard !state.value.calls.isFull, let plain = try? Message.cancel(identifier: identifier).encoded() else {
            return
        }
        append(FrameHeader(plainCount: plain.count, secretCount: 0), plain, [])
    }

    private func append(_ header: FrameHeader, _ plain: [UInt8], _ secrets: [RedactedText]) {
        if state.value.calls.hasNothingToWrite { eventLoop.execute { self.flush() } }
        state.value.calls.append(header, plain, secrets)
    }

    private func flush() {
        let state = state.value
        let bytes = state.calls.takeOutgoing()
        guard let channel = state.channel, bytes.readableBytes > 0 else { return }
        let count = bytes.readableBytes
        channel.writeAndFlush(bytes).assumeIsolated().whenComplete { _ in
            state.calls.written(count)
        }
    }

    // MARK: What the handler reports, on the event loop

    func didConnect(_ channel: any Channel, welcome: Welcome) {
        state.value.channel = channel
        state.value.frameLimit = Int(welcome.frameLimit)
        isConnected.store(true, ordering: .releasing)
    }

    func didDisconnect() {
        isConnected.store(false, ordering: .releasing)
        state.value.channel = nil
        for completion in state.value.calls.takeAll() { completion(.failure(EnclaveCallError.unavailable)) }
    }

    func deliver(_ answer: EnclaveAnswer, to identifier: UInt64) {
        guard let completion = state.value.calls.take(identifier) else { return }
        if case .refused(let error) = answer.reply { return completion(.failure(error)) }
        completion(.success(answer))
    }

    /// Gives up the calls whose time is over.
    func expire() {
        for call in state.value.calls.takeExpired(at: .now()) {
            cancel(call.identifier)
            call.completion(.failure(EnclaveCallError.timedOut))
        }
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
