// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Logging
import NIOCore
import NIOPosix
import Protocol
import Synchronization
import Testing

@testable import HostGateway

@Suite("the own enclave, as the joining asks it", .timeLimit(.minutes(5)))
struct OwnEnclaveTests {
    @Test("a reply is waited for, and a refusal thrown")
    func replies() async throws {
        try await LoopbackEnclave.with { own, enclave in
            enclave.answers([.exportChallenge: .challenge(ExportChallenge(nonce: [1], expiresAt: 2))])
            let reply = try await own.reply(to: .exportChallenge, requestIdentifier: "join-1")
            #expect(reply == .challenge(ExportChallenge(nonce: [1], expiresAt: 2)))
            #expect(enclave.heads.map(\.requestIdentifier) == ["join-1"])
            #expect(enclave.heads.map(\.deadlineMilliseconds) == [600_000])
            enclave.answers([.exportChallenge: .refused(EnclaveError(.busy))])
            await #expect(throws: EnclaveError(.busy)) {
                try await own.reply(to: .exportChallenge, requestIdentifier: "join-2")
            }
        }
    }

    @Test("what it says of itself is nothing else")
    func information() async throws {
        try await LoopbackEnclave.with { own, enclave in
            let info = FleetSamples.info(.waitingForForwardedKey)
            enclave.answers([.info: .info(info)])
            let told = try await own.information(requestIdentifier: "r")
            #expect(told == info)
            enclave.answers([.info: .keyInjected(InjectKeyResult(phase: .applicationReady))])
            await #expect(throws: EnclaveCallError.wrongAnswer) { try await own.information(requestIdentifier: "r") }
        }
    }

    @Test("a task that is cancelled gives its call up, and tells the enclave so")
    func cancelled() async throws {
        try await LoopbackEnclave.with { own, enclave in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await own.reply(to: .manifest, requestIdentifier: "r")
                    }
                }
                try await enclave.until("the call came") { enclave.heads.count == 1 }
                group.cancelAll()
            }
            try await enclave.until("it was given up") { enclave.cancelled == enclave.heads.map(\.identifier) }
        }
    }

    @Test("a call that was cancelled before it began is given up as well")
    func cancelledBefore() async throws {
        try await LoopbackEnclave.with { own, _ in
            await withTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await own.reply(to: .manifest, requestIdentifier: "r")
                    }
                }
            }
        }
    }

    @Test("without a connection a call fails at once, and one that is broken off fails with it")
    func unavailable() async throws {
        try await LoopbackEnclave.with { own, enclave in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: EnclaveCallError.unavailable) {
                        try await own.reply(to: .manifest, requestIdentifier: "r")
                    }
                }
                try await enclave.until("the call came") { enclave.heads.count == 1 }
                try await enclave.stop()
            }
            try await enclave.until("the connection is gone") { !own.isConnected }
            await #expect(throws: EnclaveCallError.unavailable) {
                try await own.reply(to: .info, requestIdentifier: "r")
            }
        }
    }
}

/// An enclave on a Unix socket that greets, and answers as a test says; what it has no answer for it leaves open.
private final class LoopbackEnclave: Sendable {
    private struct State {
        var answers: [OperationKind: Reply] = [:]
        var heads: [RequestHead] = []
        var cancelled: [UInt64] = []
        var connections: [any Channel] = []
        var listener: (any Channel)?
    }

    private let state = Mutex(State())

    var heads: [RequestHead] { state.withLock { $0.heads } }
    var cancelled: [UInt64] { state.withLock { $0.cancelled } }

    func answers(_ answers: [OperationKind: Reply]) {
        state.withLock { $0.answers = answers }
    }

    /// Waits until a condition holds; the bound is spent only where something is wrong.
    func until(_ condition: Comment, _ holds: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !holds() {
            try #require(ContinuousClock.now < deadline, condition)
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Lends an enclave, and a client that is connected to it.
    static func with(_ body: (OwnEnclave, LoopbackEnclave) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let path = "/tmp/renclave-own-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).sock"
        let enclave = LoopbackEnclave()
        try await enclave.listen(path, on: group)
        let client = EnclaveClient(
            path: path, expectedUser: geteuid(), eventLoops: Array(group.makeIterator()),
            metrics: EnclaveMetrics(registry: PrometheusRegistry()),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let own = OwnEnclave(client: client, timeout: .milliseconds(600_000))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await client.run() }
            defer { tasks.cancelAll() }
            try await enclave.until("it is connected") { own.isConnected }
            try await body(own, enclave)
        }
        try? await enclave.stop()
        unsafe _ = unlink(path)
        try await group.shutdownGracefully()
    }

    func stop() async throws {
        let channels = state.withLock { state in
            defer { (state.connections, state.listener) = ([], nil) }
            return state.connections + [state.listener].compactMap { $0 }
        }
        for channel in channels { try? await channel.close() }
    }

    private func listen(_ path: String, on group: MultiThreadedEventLoopGroup) async throws {
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                self.state.withLock { $0.connections.append(channel) }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(enclave: self))
                }
            }
            .bind(unixDomainSocketPath: path).get()
        state.withLock { $0.listener = listener }
    }

    private func answer(_ message: Message) -> Message? {
        state.withLock { state in
            switch message {
            case .hello:
                return .welcome(
                    Welcome(
                        version: Version.spoken.upperBound, spoken: Version.spoken, product: "test",
                        frameLimit: UInt32(Limits.frameBytes(bodyBytes: Limits.defaultBodyBytes))))
            case .request(let head, let operation):
                state.heads.append(head)
                let reply = operation.flatMap { state.answers[$0.kind] }
                return reply.map { .reply(identifier: head.identifier, $0) }
            case .cancel(let identifier):
                state.cancelled.append(identifier)
                return nil
            case .welcome, .reply:
                return nil
            }
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let enclave: LoopbackEnclave
        private var splitter = FrameSplitter(limit: EnclaveHandler.frameLimit)

        init(enclave: LoopbackEnclave) {
            self.enclave = enclave
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            splitter.append(unwrapInboundIn(data))
            while let frame = try? splitter.next() {
                guard let answer = enclave.answer(frame.message), let bytes = try? answer.frame() else { continue }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            }
        }
    }
}
