// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Logging
import Protocol
import SecretMemory
import Synchronization

/// One peer: reads frames into locked memory on a thread of its own, and answers every whole frame of a read in one
/// write. Only a message without secrets that is larger than that memory is gathered outside of it.
final class Connection: Sendable {
    private let descriptor: Int32
    private let receive: LockedBuffer
    private let frameLimit: Int
    private let handler: RequestHandler
    private let logger: Logger
    private let pending = PendingRequests()
    private let isStopping = Atomic(false)
    let outbox: Outbox

    /// - Parameters:
    ///   - descriptor: a connected socket with receive and send timeouts; the outbox closes it.
    ///   - frameLimit: bytes that may follow a frame's length.
    init(
        descriptor: Int32,
        receive: LockedBuffer,
        outbox: Outbox,
        frameLimit: Int,
        handler: RequestHandler,
        logger: Logger
    ) {
        self.descriptor = descriptor
        self.receive = receive
        self.outbox = outbox
        self.frameLimit = frameLimit
        self.handler = handler
        self.logger = logger
    }

    /// Serves the peer until it leaves, breaks the protocol or is told to go.
    func serve() {
        var reader = FrameReader(limit: frameLimit)
        var session = Session()
        while !session.isOver {
            switch fill(&reader) {
            case .bytes:
                takeFrames(&reader, &session)
                outbox.flush()
            case .nothing:
                break
            case .end:
                session.end(nil)
            }
            if reader.isOverdue(at: .now) { session.end("a frame that did not end in time") }
            if session.isLate(at: .now) { session.end("no greeting in time") }
        }
        if let cause = session.cause { logger.warning("connection closed", metadata: ["cause": "\(cause)"]) }
        finishPending()
        receive.buffer.wipe(0..<receive.buffer.count)
    }

    /// Takes no more requests, from any thread; what has been received is still answered.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        outbox.stopReceiving()
    }

    /// Waits for the workers where the enclave itself ends the connection; a peer that left waits for nothing.
    private func finishPending() {
        guard isStopping.load(ordering: .relaxed) else { return pending.cancelAll() }
        let deadline = ContinuousClock.now + .milliseconds(Limits.stopMilliseconds)
        while !pending.isEmpty, ContinuousClock.now < deadline { usleep(1000) }
        pending.cancelAll()
    }

    // MARK: Reading

    private enum Read {
        case bytes
        case nothing
        case end
    }

    private func fill(_ reader: inout FrameReader) -> Read {
        let start = reader.filled
        let count = receive.buffer.withMutableBytes { span in
            unsafe span.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return 0 }
                return unsafe recv(descriptor, base + start, bytes.count - start, 0)
            }
        }
        if count > 0 {
            reader.received(count, at: .now)
            return .bytes
        }
        if count < 0, errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR { return .nothing }
        return .end
    }

    private func takeFrames(_ reader: inout FrameReader, _ session: inout Session) {
        while !session.isOver {
            let step = receive.buffer.withBytes { reader.next(in: $0) }
            switch step {
            case .needMore:
                reader.compact(&receive.buffer)
                return
            case .tooLong:
                session.end("a frame over the limit")
            case .notAFrame:
                session.end("bytes that are no frame")
            case .frame(let plain, let secrets):
                receive.buffer.withBytes { bytes in
                    take(Self.copy(bytes.extracting(plain)), secrets: bytes.extracting(secrets), &session)
                }
                // The message itself is no secret; what stood behind it is.
                receive.buffer.wipe(secrets)
            case .large(let plainCount):
                guard session.isGreeted else { return session.end("a large frame that is no greeting") }
                session.largeMessage.begin(count: plainCount)
            case .part(let part, let isLast):
                takePart(part, isLast: isLast, &session)
            case .oversized(let plainPrefix):
                let prefix = receive.buffer.withBytes { Self.copy($0.extracting(plainPrefix)) }
                refuseOversized(prefix, &session)
            }
        }
    }

    private func takePart(_ part: Range<Int>, isLast: Bool, _ session: inout Session) {
        receive.buffer.withBytes { session.largeMessage.append($0.extracting(part)) }
        guard isLast else { return }
        take(session.largeMessage.finish(), secrets: Span(), &session)
    }

    private static func copy(_ bytes: borrowing Span<UInt8>) -> [UInt8] {
        unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }

    // MARK: Messages

    private func take(_ plain: [UInt8], secrets: borrowing Span<UInt8>, _ session: inout Session) {
        do throws(FrameError) {
            switch try Message(plain: plain, secretCount: secrets.count) {
            case .hello(let hello) where !session.isGreeted:
                greet(hello, &session)
            case .request(let head, let operation) where session.isGreeted:
                handler.handle(head, operation, secrets: secrets, outbox: outbox, pending: pending)
            case .cancel(let identifier) where session.isGreeted:
                pending.cancel(identifier)
            default:
                session.end("a message out of turn")
            }
        } catch {
            refuseMalformed(plain, &session)
        }
    }

    private func greet(_ hello: Hello, _ session: inout Session) {
        guard let spoken = hello.spoken else { return session.end("a greeting of another protocol") }
        let version = Version.common(spoken, Version.spoken)
        outbox.send(
            .welcome(
                Welcome(
                    version: version,
                    spoken: Version.spoken,
                    product: Version.product,
                    frameLimit: UInt32(frameLimit)
                )
            )
        )
        session.isGreeted = true
        guard version == nil else { return }
        outbox.flush()
        session.end(
            "no protocol version in common: the peer speaks \(spoken.lowerBound) to \(spoken.upperBound),"
                + " this enclave \(Version.spoken.lowerBound) to \(Version.spoken.upperBound)"
        )
    }

    private func refuseMalformed(_ plain: [UInt8], _ session: inout Session) {
        guard session.isGreeted else { return session.end("bytes that are no greeting") }
        let identifier = Message.requestHead(ofPlainPrefix: plain)?.identifier ?? 0
        outbox.send(.reply(identifier: identifier, .refused(EnclaveError(.malformedMessage))))
        session.malformed += 1
        if session.malformed >= Limits.malformedFrames {
            outbox.flush()
            session.end("too many malformed messages")
        }
    }

    private func refuseOversized(_ prefix: [UInt8], _ session: inout Session) {
        guard session.isGreeted, let head = Message.requestHead(ofPlainPrefix: prefix) else {
            return session.end("a large frame that is no request")
        }
        outbox.send(.reply(identifier: head.identifier, .refused(EnclaveError(.tooLarge))))
    }

    /// What is known of the peer so far.
    private struct Session {
        var isGreeted = false
        var malformed = 0
        var largeMessage = LargeMessage()
        private(set) var isOver = false
        private(set) var cause: String?
        private let greetBy = ContinuousClock.now + .milliseconds(Limits.handshakeMilliseconds)

        mutating func end(_ cause: String?) {
            guard !isOver else { return }
            isOver = true
            self.cause = cause
        }

        func isLate(at now: ContinuousClock.Instant) -> Bool {
            !isGreeted && now > greetBy
        }
    }
}
