// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Glibc
import Synchronization

/// A gateway that answers as a test says, such as by passing on what a real one answers, late, changed or not at all.
/// It keeps every byte that came and went.
package final class ScriptedPeer: Sendable {
    /// Where it listens on 127.0.0.1.
    package let port: UInt16
    private let listener: Int32
    private let answer: @Sendable (HTTPCall) throws -> HTTPAnswer?
    private let record = Mutex(Record())

    private struct Record {
        var targets: [String] = []
        var bytes: [UInt8] = []
        var sockets: [StreamSocket] = []
        var threads: [Threads.Running] = []
    }

    /// Listens, and serves until ``stop()``.
    ///
    /// - Parameter answer: called on the connection's own thread; `nil` or an error breaks the connection.
    package init(answer: @escaping @Sendable (HTTPCall) throws -> HTTPAnswer?) throws(ProcessKitError) {
        port = try FreePort.find()
        guard let listener = try FreePort.hold(port) else {
            throw .unmet(condition: "the port \(port) stays free", found: "somebody took it")
        }
        self.listener = listener
        self.answer = answer
        let accepting = Threads.start(1) { [self] _ in
            while true {
                let descriptor = renclave_accept(listener)
                guard descriptor >= 0 else { return }
                begin(StreamSocket(adopting: descriptor))
            }
        }
        record.withLock { $0.threads.append(accepting) }
    }

    /// As `PEERS` has it.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// The targets of all requests so far, in the order in which they came.
    package var targets: [String] { record.withLock { $0.targets } }

    /// Everything that came and went, in both directions.
    package var bytes: [UInt8] { record.withLock { $0.bytes } }

    /// Ends all connections and the listening, and waits for the threads.
    package func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        for socket in record.withLock({ $0.sockets }) { socket.interrupt() }
        for running in record.withLock({ $0.threads }) { try? running.join() }
        close(listener)
    }

    private func begin(_ socket: StreamSocket) {
        record.withLock { $0.sockets.append(socket) }
        let running = Threads.start(1) { [self] _ in
            // An error is the end of the connection, and the peer sees that.
            try? serve(socket)
            socket.interrupt()
        }
        record.withLock { $0.threads.append(running) }
    }

    private func serve(_ socket: StreamSocket) throws {
        var received: [UInt8] = []
        while let call = try next(&received, from: socket) {
            record.withLock { $0.targets.append(call.target) }
            guard let answer = try answer(call) else { return }
            let bytes = answer.bytes
            record.withLock { $0.bytes += bytes }
            try socket.send(bytes)
        }
    }

    /// Reads one request; `nil` where the caller closed between two.
    private func next(_ received: inout [UInt8], from socket: StreamSocket) throws -> HTTPCall? {
        while true {
            if let (call, count) = try HTTPCall.read(from: received) {
                received.removeFirst(count)
                return call
            }
            let more = try socket.receive()
            guard !more.isEmpty else { return nil }
            record.withLock { $0.bytes += more }
            received += more
        }
    }
}

extension HTTPCall {
    /// Reads a request from the front of what was received (RFC 9112); the headers that are about its length or its
    /// connection are left out.
    ///
    /// - Returns: the request and how many bytes it takes; `nil` where more is needed.
    fileprivate static func read(from bytes: [UInt8]) throws(ProcessKitError) -> (HTTPCall, Int)? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = bytes[..<end.lowerBound].split(separator: UInt8(ascii: "\n")).map {
            String(decoding: $0.filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        }
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { throw .unreadable("no request line: \(lines[0])") }
        var headers: [(String, String)] = []
        var length = 0
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw .unreadable("no header: \(line)") }
            let name = line[..<colon].lowercased()
            let value = String(line[line.index(after: colon)...].drop { $0 == " " })
            switch name {
            case "content-length": length = Int(value) ?? 0
            case "transfer-encoding": throw .unreadable("a body without a length")
            case "connection": break
            default: headers.append((name, value))
            }
        }
        let count = end.upperBound + length
        guard bytes.count >= count else { return nil }
        let body = length > 0 || words[0] == "POST" ? Array(bytes[end.upperBound..<count]) : nil
        return (HTTPCall(String(words[0]), String(words[1]), headers: headers, body: body), count)
    }
}
