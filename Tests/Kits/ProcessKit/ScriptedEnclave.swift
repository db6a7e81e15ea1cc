// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Glibc
package import Protocol
import Synchronization

/// An enclave that answers as a test says: it listens on a Unix socket, speaks the handshake, and hands every request
/// over.
package final class ScriptedEnclave: Sendable {
    /// One message after the greeting, with the connection it came over.
    package struct Call: Sendable {
        package let head: RequestHead
        package let operation: Operation?
        /// The bytes of the request's secret fields.
        package let secrets: [UInt8]
        package let connection: FrameConnection

        /// Answers it, now or later and from any thread.
        package func reply(_ reply: Reply, secrets: [UInt8] = []) throws {
            try connection.send(.reply(identifier: head.identifier, reply), secrets: secrets)
        }
    }

    private let listener: Int32
    private let welcome: Welcome
    private let answer: @Sendable (Call) throws -> Void
    private let connections = Mutex<[FrameConnection]>([])
    private let cancelled = Mutex<[UInt64]>([])
    private let threads: Mutex<[Threads.Running]> = Mutex([])

    /// Listens, and serves until ``stop()``.
    ///
    /// - Parameters:
    ///   - welcome: what a greeting is answered with.
    ///   - answer: called on the connection's own thread; an error ends the connection.
    package init(
        path: String,
        welcome: Welcome = ScriptedEnclave.usualWelcome,
        answer: @escaping @Sendable (Call) throws -> Void
    ) throws(ProcessKitError) {
        listener = unsafe renclave_listen_unix(path, 16)
        guard listener >= 0 else { throw .system(call: "listen", errno: -listener) }
        self.welcome = welcome
        self.answer = answer
        let accepting = Threads.start(1) { [self] _ in
            while true {
                let descriptor = renclave_accept(listener)
                guard descriptor >= 0 else { return }
                begin(FrameConnection(StreamSocket(adopting: descriptor)))
            }
        }
        threads.withLock { $0.append(accepting) }
    }

    /// The greeting of an enclave that speaks what this build speaks.
    package static let usualWelcome = Welcome(
        version: Version.spoken.upperBound,
        spoken: Version.spoken,
        product: Version.product,
        frameLimit: UInt32(Limits.frameBytes(bodyBytes: Limits.defaultBodyBytes))
    )

    /// Information such as an enclave in its first state gives.
    package static let usualInfo = EnclaveInfo(
        version: Version.product,
        enclaveIdentifier: [UInt8](repeating: 0xA5, count: 16),
        capabilities: ["seed_generation", "seed_validation"],
        phase: .waitingForBootInstruction,
        history: [.init(phase: .waitingForBootInstruction, enteredAt: 1_700_000_000_000)],
        mode: .development,
        attestation: .emulated,
        attestationRoot: [UInt8](repeating: 0, count: 32),
        applicationHash: [UInt8](repeating: 0x5A, count: 32),
        quorum: nil,
        sandbox: .init(seccomp: false, landlockABI: nil)
    )

    /// How many connections were ever made.
    package var connectionCount: Int { connections.withLock { $0.count } }

    /// The identifiers of the requests that the gateway gave up.
    package var cancelledIdentifiers: [UInt64] { cancelled.withLock { $0 } }

    /// Ends all connections and the listening, and waits for the threads.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in connections.withLock({ $0 }) { connection.interrupt() }
        for running in threads.withLock({ $0 }) { try? running.join() }
        close(listener)
    }

    private func begin(_ connection: FrameConnection) {
        connections.withLock { $0.append(connection) }
        let running = Threads.start(1) { [self] _ in
            // An error is the end of the connection, and the test sees that.
            try? serve(connection)
            connection.interrupt()
        }
        threads.withLock { $0.append(running) }
    }

    private func serve(_ connection: FrameConnection) throws {
        while let frame = try connection.next() {
            switch frame.message {
            case .hello:
                try connection.send(.welcome(welcome))
            case .request(let head, let operation):
                try answer(Call(head: head, operation: operation, secrets: frame.secrets, connection: connection))
            case .cancel(let identifier):
                cancelled.withLock { $0.append(identifier) }
            case .welcome, .reply:
                throw ProcessKitError.unreadable("a gateway sent an enclave's message")
            }
        }
    }
}
