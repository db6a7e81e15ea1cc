// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Protocol
import Synchronization

/// A raw end of the socket between the processes: bytes or messages out, one message at a time in.
package final class FrameConnection: Sendable {
    /// A message and the secret part behind it.
    package struct Frame: Equatable, Sendable {
        package let message: Message
        package let secrets: [UInt8]
    }

    private let socket: StreamSocket
    private let received = Mutex<[UInt8]>([])

    package init(_ socket: StreamSocket) {
        self.socket = socket
    }

    /// Connects, without a greeting.
    package convenience init(path: String) throws(ProcessKitError) {
        self.init(try StreamSocket(path: path))
    }

    /// Connects and greets as a gateway of this version does.
    package static func greeted(path: String) throws -> FrameConnection {
        let connection = try FrameConnection(path: path)
        try connection.send(.hello(Hello(spoken: Version.spoken)))
        guard case .welcome(let welcome) = try connection.next()?.message, welcome.version != 0 else {
            throw ProcessKitError.unreadable("a welcome was expected")
        }
        return connection
    }

    package func send(_ bytes: [UInt8]) throws(ProcessKitError) { try socket.send(bytes) }

    package func send(_ message: Message, secrets: [UInt8] = []) throws {
        try socket.send(Self.bytes(of: message, secrets: secrets))
    }

    package func close() { socket.close() }
    package func endSending() { socket.endSending() }
    package func interrupt() { socket.interrupt() }

    /// Reads until the peer closes, and gives what came before.
    package func receiveUntilClosed() throws(ProcessKitError) -> [UInt8] {
        let rest = try socket.receiveUntilClosed()
        return received.withLock { received in
            defer { received = [] }
            return received + rest
        }
    }

    /// The next message; `nil` where the peer closed between two.
    package func next() throws -> Frame? {
        try received.withLock { received in
            while true {
                if let frame = try Self.takeFrame(&received) { return frame }
                let more = try socket.receive()
                if more.isEmpty {
                    guard received.isEmpty else { throw ProcessKitError.unreadable("half a frame") }
                    return nil
                }
                received += more
            }
        }
    }

    /// Sends a request and reads one message.
    package func answer(to operation: Operation, identifier: UInt64, secrets: [UInt8] = []) throws -> Frame? {
        try send(.request(Self.head(identifier), operation), secrets: secrets)
        return try next()
    }

    private static func takeFrame(_ bytes: inout [UInt8]) throws(FrameError) -> Frame? {
        guard bytes.count >= FrameHeader.byteCount else { return nil }
        let length = bytes[0..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let plain = bytes[4..<8].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let header = try FrameHeader(length: length, plain: plain, limit: 32 * 1024 * 1024)
        guard bytes.count >= header.frameCount else { return nil }
        let secretStart = FrameHeader.byteCount + header.plainCount
        let frame = Frame(
            message: try Message(
                plain: Array(bytes[FrameHeader.byteCount..<secretStart]),
                secretCount: header.secretCount
            ),
            secrets: Array(bytes[secretStart..<header.frameCount])
        )
        bytes.removeFirst(header.frameCount)
        return frame
    }
}

// MARK: Frames

extension FrameConnection {
    /// The head of a request that gives the enclave ten seconds.
    package static func head(_ identifier: UInt64) -> RequestHead {
        RequestHead(identifier: identifier, deadlineMilliseconds: 10_000, requestIdentifier: "frame-\(identifier)")
    }

    /// A whole frame.
    package static func bytes(of message: Message, secrets: [UInt8] = []) throws(FrameError) -> [UInt8] {
        frame(plain: try message.encoded(secretCount: secrets.count), secrets: secrets)
    }

    /// A frame around bytes that need not be a message.
    package static func frame(plain: [UInt8], secrets: [UInt8] = []) -> [UInt8] {
        FrameHeader(plainCount: plain.count, secretCount: secrets.count).bytes + plain + secrets
    }

    /// A request with a tag and a payload that need not belong to any operation.
    package static func request(
        _ identifier: UInt64,
        tag: UInt8,
        payload: [UInt8] = [],
        secrets: [UInt8] = []
    ) throws(FrameError) -> [UInt8] {
        let encoder = BinaryEncoder()
        // 3 is the tag of a request among the messages.
        encoder.append(UInt8(3))
        try encoder.encode(head(identifier))
        encoder.append(tag)
        return frame(plain: encoder.bytes + payload, secrets: secrets)
    }
}
