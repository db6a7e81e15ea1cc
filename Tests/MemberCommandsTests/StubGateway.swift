// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import NIOPosix
import Synchronization
import Testing

/// A server on 127.0.0.1 that answers each path with prepared bytes, closes, and remembers what it was asked.
final class StubGateway: Sendable {
    /// A request as it arrived.
    struct Request: Equatable {
        /// Such as `GET /health HTTP/1.1`.
        let line: String
        let body: String

        var path: String { String(line.split(separator: " ").dropFirst().first ?? "") }
    }

    /// What a request is answered with; `nil` reads it and never answers.
    private let answer: @Sendable (Request) -> [UInt8]?
    private let received = Mutex<[Request]>([])

    private init(_ answer: @escaping @Sendable (Request) -> [UInt8]?) {
        self.answer = answer
    }

    var requests: [Request] { received.withLock { $0 } }

    /// Lends a server and its address, and stops it afterwards.
    ///
    /// - Parameter answers: By path; one of `nil` reads the request and never answers.
    static func with(
        _ answers: [String: [UInt8]?],
        _ body: (StubGateway, _ url: String) async throws -> Void
    ) async throws {
        try await with(answering: { answers[$0.path] ?? notFound }, body)
    }

    /// What a path is answered with that there is not.
    static let notFound = json(404, #"{"error":"There is no such path.","reason":"not_found"}"#)

    /// The same with answers that are made when they are asked for.
    static func with(
        answering answer: @escaping @Sendable (Request) -> [UInt8]?,
        _ body: (StubGateway, _ url: String) async throws -> Void
    ) async throws {
        let stub = StubGateway(answer)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(Handler(stub))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let port = try #require(channel.localAddress?.port)
        do {
            try await body(stub, "http://127.0.0.1:\(port)")
        } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    /// An answer in JSON.
    static func json(_ status: Int, _ body: String, headers: [String] = []) -> [UInt8] {
        let head = ["HTTP/1.1 \(status) X", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"]
        let lines = head + ["Connection: close", "X-Request-Id: req-1"] + headers
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    }

    fileprivate func take(_ text: String) -> (complete: Bool, answer: [UInt8]?) {
        // A TLS handshake (RFC 8446 §5.1) is no HTTP, and is told so.
        if text.utf8.first == 0x16 { return (true, Self.json(400, "")) }
        guard let headEnd = text.firstRange(of: "\r\n\r\n") else { return (false, nil) }
        let lines = text[..<headEnd.lowerBound].split(separator: "\r\n")
        let length = lines.compactMap { line in
            line.lowercased().hasPrefix("content-length: ") ? Int(line.dropFirst(16)) : nil
        }
        let body = String(text[headEnd.upperBound...])
        guard body.utf8.count >= length.first ?? 0, let line = lines.first else { return (false, nil) }
        let request = Request(line: String(line), body: body)
        received.withLock { $0.append(request) }
        return (true, answer(request))
    }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let stub: StubGateway
    private var text = ""

    init(_ stub: StubGateway) {
        self.stub = stub
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        let taken = stub.take(text)
        guard taken.complete, let answer = taken.answer else { return }
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}
