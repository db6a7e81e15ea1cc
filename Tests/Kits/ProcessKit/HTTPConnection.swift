// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

/// A connection to a gateway: arbitrary bytes out, one answer at a time in.
package final class HTTPConnection: Sendable {
    private let port: UInt16
    private let socket: StreamSocket
    private let received = Mutex<[UInt8]>([])

    package init(port: UInt16) throws(ProcessKitError) {
        self.port = port
        socket = try StreamSocket(port: port)
    }

    package func send(_ bytes: [UInt8]) throws(ProcessKitError) { try socket.send(bytes) }
    package func send(_ text: String) throws(ProcessKitError) { try socket.send(Array(text.utf8)) }
    package func send(_ call: HTTPCall) throws(ProcessKitError) { try socket.send(call.bytes(port: port)) }
    package func boundSending(seconds: Int) { socket.boundSending(seconds: seconds) }
    package func endSending() { socket.endSending() }
    package func close() { socket.close() }
    package func reset() { socket.reset() }

    /// Sends a request and reads its answer.
    package func answer(to call: HTTPCall) throws(ProcessKitError) -> HTTPAnswer {
        try send(call)
        return try answer(hasBody: call.method != "HEAD")
    }

    /// Reads the next answer; a provisional one (1xx) counts.
    ///
    /// - Parameter hasBody: false for the answer to a `HEAD`.
    package func answer(hasBody: Bool = true) throws(ProcessKitError) -> HTTPAnswer {
        let head = try take { $0.firstRange(of: Array("\r\n\r\n".utf8)).map { ($0.lowerBound, $0.upperBound) } }
        let answer = try HTTPAnswer(head: String(decoding: head, as: UTF8.self), body: [])
        guard hasBody, answer.status >= 200 else { return answer }
        guard let length = answer[header: "content-length"].flatMap({ Int($0) }) else {
            throw .unreadable("an answer without Content-Length: \(answer.headers)")
        }
        let body = try take { $0.count >= length ? (length, length) : nil }
        return HTTPAnswer(status: answer.status, headers: answer.headers, body: body)
    }

    /// Reads until the gateway closes.
    ///
    /// - Returns: what came before.
    package func receiveUntilClosed() throws(ProcessKitError) -> [UInt8] {
        let rest = try socket.receiveUntilClosed()
        return received.withLock { received in
            defer { received = [] }
            return received + rest
        }
    }

    /// Takes bytes from the front of what was received, once there are enough.
    ///
    /// - Parameter cut: how many bytes are wanted and how many are removed; `nil` to receive more.
    private func take(_ cut: ([UInt8]) -> (wanted: Int, removed: Int)?) throws(ProcessKitError) -> [UInt8] {
        try received.withLock { received throws(ProcessKitError) in
            while true {
                if let (wanted, removed) = cut(received) {
                    defer { received.removeFirst(removed) }
                    return Array(received.prefix(wanted))
                }
                let more = try socket.receive()
                guard !more.isEmpty else { throw .unreadable("the connection was closed inside an answer") }
                received += more
            }
        }
    }
}
