// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Glibc
package import Logging
import Protocol
import SecretMemory
import Synchronization

/// The accept loop: one plain thread a connection, at most ``Limits/connections``, and nothing in it that blocks.
package final class EnclaveServer: Sendable {
    /// The server could not be made ready.
    package enum Failure: Error, Equatable {
        /// No memory could be locked for the connections (errno).
        case memoryNotLocked(bytes: Int, errno: Int32)
        /// A worker thread could not be started.
        case noThread
    }

    /// Bytes of answers that gather before a write.
    private static let sendBufferBytes = 32 * 1024

    /// Milliseconds after which a blocked read looks around, and after which a peer that takes nothing is given up.
    private static let receiveTick = 250
    private static let sendTimeout = 5000

    private struct Memory {
        let receive: LockedBuffer
        let send: LockedBuffer
    }

    private let socket: EnclaveSocket
    private let peers: PeerPolicy
    private let frameLimit: Int
    private let handler: RequestHandler
    private let workers: WorkerPool
    private let logger: Logger
    private let memory: Mutex<[Memory]>
    private let connections = Mutex<[ObjectIdentifier: Connection]>([:])
    private let warnings = Mutex<[String: ContinuousClock.Instant]>([:])

    /// Locks all memory and starts the workers.
    ///
    /// - Parameter frameLimit: bytes that may follow a frame's length.
    package init(
        enclave: Enclave,
        socket: EnclaveSocket,
        peers: PeerPolicy,
        frameLimit: Int,
        cores: Int,
        logger: Logger
    ) throws(Failure) {
        self.socket = socket
        self.peers = peers
        self.frameLimit = frameLimit
        self.logger = logger
        do {
            var memory: [Memory] = []
            for _ in 0..<Limits.connections {
                memory.append(
                    Memory(
                        receive: LockedBuffer(try SecretBuffer(count: Limits.receiveBufferBytes)),
                        send: LockedBuffer(try SecretBuffer(count: Self.sendBufferBytes))
                    )
                )
            }
            self.memory = Mutex(memory)
            workers = try WorkerPool(workers: WorkerPool.count(cores: cores))
        } catch SecretMemoryError.notLocked(let bytes, let cause) {
            throw .memoryNotLocked(bytes: bytes, errno: cause)
        } catch {
            throw .noThread
        }
        handler = RequestHandler(enclave: enclave, workers: workers, logger: logger)
    }

    /// Accepts until the process is told to stop, then lets what is in flight finish.
    ///
    /// - Parameter stopSignals: a descriptor that becomes readable on SIGTERM or SIGINT.
    package func run(stopSignals: Int32) {
        var events = [
            pollfd(fd: stopSignals, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket.listener, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            let count = unsafe poll(&events, nfds_t(events.count), -1)
            if count < 0 { continue }
            if events[0].revents != 0 { break }
            if events[1].revents != 0 { accept() }
        }
        stop()
    }

    private func accept() {
        let descriptor = renclave_accept(socket.listener)
        guard descriptor >= 0 else {
            logger.warning("a connection could not be accepted", metadata: ["errno": "\(-descriptor)"])
            // Out of descriptors: the peer stays in the queue, so wait rather than spin.
            if descriptor == -EMFILE || descriptor == -ENFILE { usleep(10_000) }
            return
        }
        guard let peer = PeerPolicy.peer(of: descriptor), peers.admits(peer.user) else {
            let user = PeerPolicy.peer(of: descriptor).map { "\($0.user)" } ?? "unknown"
            warn("a peer was refused: its user is not allowed", uid: user)
            close(descriptor)
            return
        }
        guard renclave_set_timeouts(descriptor, Int32(Self.receiveTick), Int32(Self.sendTimeout)) == 0,
            let buffers = memory.withLock({ $0.popLast() })
        else {
            warn("a peer was refused: too many connections", uid: "\(peer.user)")
            close(descriptor)
            return
        }
        serve(descriptor, buffers)
    }

    /// A gateway that is refused comes again and again: the same warning is written once a minute.
    private func warn(_ message: Logger.Message, uid: String) {
        let now = ContinuousClock.now
        let isNew = warnings.withLock { warnings in
            if let last = warnings["\(message) \(uid)"], now - last < .seconds(60) { return false }
            if warnings.count > 100 { warnings.removeAll() }
            warnings["\(message) \(uid)"] = now
            return true
        }
        if isNew { logger.warning(message, metadata: ["uid": "\(uid)"]) }
    }

    private func serve(_ descriptor: Int32, _ buffers: Memory) {
        let connection = Connection(
            descriptor: descriptor,
            receive: buffers.receive,
            outbox: Outbox(descriptor: descriptor, memory: buffers.send),
            frameLimit: frameLimit,
            handler: handler,
            logger: logger
        )
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
        do {
            try PlainThread.start("connection") { [self] in
                connection.serve()
                end(connection, buffers)
            }
        } catch {
            logger.warning("a peer was refused: no thread", metadata: ["errno": "\(error.errno)"])
            end(connection, buffers)
        }
    }

    private func end(_ connection: Connection, _ buffers: Memory) {
        connection.outbox.close()
        memory.withLock { $0.append(buffers) }
        _ = connections.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
    }

    /// Lets what has been received be answered, for at most ``Limits/stopMilliseconds``.
    private func stop() {
        logger.info("stopping")
        let deadline = ContinuousClock.now + .milliseconds(Limits.stopMilliseconds)
        connections.withLock { $0.values.forEach { $0.stop() } }
        while ContinuousClock.now < deadline, !(connections.withLock { $0.isEmpty } && workers.isIdle) {
            usleep(2000)
        }
        socket.remove()
        logger.info("stopped")
    }
}
