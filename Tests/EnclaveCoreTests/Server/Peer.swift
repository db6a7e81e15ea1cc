// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Logging
import Primitives
import Protocol
import SecretMemory
import Synchronization

@testable import EnclaveCore

/// The far end of a connection that an enclave serves, over a pair of sockets.
final class Peer {
    struct Failure: Error {
        let errno: Int32
    }

    static let frameLimit = Limits.frameBytes(bodyBytes: Limits.defaultBodyBytes)
    private let descriptor: Int32
    private let record = LogRecorder.Lines()
    private var lastIdentifier: UInt64 = 1000

    /// Why the enclave ended the connection: there as soon as ``next()`` gives `nil`.
    var causesOfEnd: [String] { record.causes }

    /// All that the connection has logged, at every level.
    var log: [String] { record.all }

    /// - Parameters:
    ///   - first: the bytes that are there before the enclave begins to read.
    ///   - enclave: one that can only be asked for information, where none is given.
    ///   - workers: without any, costly requests are never answered.
    init(first: [UInt8], enclave: Enclave? = nil, workers: WorkerPool? = nil) throws {
        var pair: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else {
            throw Failure(errno: errno)
        }
        descriptor = pair[0]
        // A test that would wait for ever fails instead.
        Self.setTimeout(pair[0], seconds: 20)
        Self.setTimeout(pair[1], seconds: 1)
        try send(first)
        try Self.serve(pair[1], record, try enclave ?? Self.enclave(), try workers ?? WorkerPool(workers: 0))
    }

    deinit {
        close(descriptor)
    }

    private static func setTimeout(_ descriptor: Int32, seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe _ = setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private static func serve(
        _ descriptor: Int32, _ record: LogRecorder.Lines, _ enclave: Enclave, _ workers: WorkerPool
    ) throws {
        let logger = Logger(label: "test") { _ in LogRecorder(lines: record) }
        let outbox = Outbox(descriptor: descriptor, memory: LockedBuffer(try SecretBuffer(count: 32 * 1024)))
        let connection = Connection(
            descriptor: descriptor,
            receive: LockedBuffer(try SecretBuffer(count: Limits.receiveBufferBytes)),
            outbox: outbox,
            frameLimit: frameLimit,
            handler: RequestHandler(enclave: enclave, workers: workers, logger: logger),
            logger: logger
        )
        try PlainThread.start("connection") {
            connection.serve()
            outbox.close()
        }
    }

    private static func enclave() throws -> Enclave {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        return Enclave(
            identity: Samples.identity(), module: RecordingModule(), arena: arena, entropy: EntropySource(),
            library: Samples.library)
    }

    static func greeted(enclave: Enclave? = nil, workers: WorkerPool? = nil) throws -> Peer {
        let peer = try Peer(
            first: try Message.hello(Hello(spoken: Version.spoken)).frame(), enclave: enclave, workers: workers)
        guard case .welcome = try peer.next() else { throw Failure(errno: EPROTO) }
        return peer
    }

    /// Sends an operation and waits for its answer.
    ///
    /// - Parameter secrets: the bytes of its secret fields, in their order.
    /// - Returns: the answer, and the secrets that came with it.
    func call(_ operation: Operation, secrets: [UInt8] = []) throws -> (reply: Reply, secrets: [UInt8]) {
        lastIdentifier += 1
        let head = RequestHead(
            identifier: lastIdentifier, deadlineMilliseconds: 30_000, requestIdentifier: "request-\(lastIdentifier)")
        let plain = try Message.request(head, operation).encoded(secretCount: secrets.count)
        try send(Self.frame(plain, secrets: secrets))
        guard let answer = try nextWithSecrets(), case .reply(head.identifier, let reply) = answer.message else {
            throw Failure(errno: EPROTO)
        }
        return (reply, answer.secrets)
    }

    /// The plain part of a request of which `count` bytes are something that its operation does not read.
    static func request(_ identifier: UInt64, tag: UInt8, count: Int) throws -> [UInt8] {
        let head = RequestHead(identifier: identifier, deadlineMilliseconds: 30_000, requestIdentifier: "r")
        // As that of an operation without a payload, whose tag comes last.
        return try Message.request(head, .info).encoded().dropLast() + [tag] + [UInt8](repeating: 0xAA, count: count)
    }

    static func frame(_ plain: [UInt8], secrets: [UInt8] = []) -> [UInt8] {
        FrameHeader(plainCount: plain.count, secretCount: secrets.count).bytes + plain + secrets
    }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// The next answer; `nil` where the enclave has ended the connection.
    func next() throws -> Message? {
        try nextWithSecrets()?.message
    }

    private func nextWithSecrets() throws -> (message: Message, secrets: [UInt8])? {
        guard let bytes = try receive(FrameHeader.byteCount) else { return nil }
        let header = try FrameHeader(
            length: bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) },
            plain: bytes.suffix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) },
            limit: Limits.replyBytes
        )
        guard let plain = try receive(header.plainCount) else { return nil }
        let secrets = header.secretCount == 0 ? [] : try receive(header.secretCount)
        return (try Message(plain: plain, secretCount: header.secretCount), secrets ?? [])
    }

    func refusal(_ identifier: UInt64, _ reason: EnclaveError.Reason) -> Message {
        .reply(identifier: identifier, .refused(EnclaveError(reason)))
    }

    private func receive(_ count: Int) throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let received = unsafe recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
        if received == 0 || (received < 0 && errno == ECONNRESET) { return nil }
        guard received == count else { throw Failure(errno: errno) }
        return bytes
    }
}

/// What connections were ended for.
/// Keeps all that is logged.
private struct LogRecorder: LogHandler {
    /// The lines of all copies of a recorder.
    final class Lines: Sendable {
        private let entries = Mutex<[(text: String, cause: String?)]>([])

        var all: [String] { entries.withLock { $0.map(\.text) } }
        var causes: [String] { entries.withLock { $0.compactMap(\.cause) } }

        func append(_ text: String, cause: String?) {
            entries.withLock { $0.append((text, cause)) }
        }
    }

    let lines: Lines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    init(lines: Lines) {
        self.lines = lines
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let cause = event.metadata?["cause"].map { "\($0)" }
        lines.append("\(event.level) \(event.message) \(event.metadata ?? [:]) \(metadata)", cause: cause)
    }
}
