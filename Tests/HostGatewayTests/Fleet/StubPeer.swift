// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import HostGateway

/// A peer on this machine that answers over a real connection as a test says, with bytes that need be no HTTP.
final class StubPeer: Sendable {
    /// A request as it arrived.
    struct Request: Sendable {
        /// Such as `GET /enclave/info`.
        let call: String
        /// By their names in lower case.
        let headers: [String: String]
        let body: String
    }

    /// What becomes of a request.
    enum Response: Sendable {
        /// An answer with a body of JSON; the connection is kept.
        case json(Int, String)
        /// Any bytes, after which nothing comes.
        case bytes(String)
        /// Any bytes, and the end of the connection.
        case last(String)
        /// Nothing, ever.
        case silence
    }

    let port: UInt16
    private let channel: any Channel
    private let log: RequestLog

    private init(channel: any Channel, port: UInt16, log: RequestLog) {
        self.channel = channel
        self.port = port
        self.log = log
    }

    /// Listens on an address of loopback.
    static func start(
        on group: any EventLoopGroup,
        host: String = "127.0.0.1",
        port: UInt16 = 0,
        answer: @escaping @Sendable (Request) -> Response
    ) async throws -> StubPeer {
        let log = RequestLog(answer: answer)
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StubPeerHandler(log: log))
                }
            }
            .bind(host: host, port: Int(port)).get()
        let bound = try #require(channel.localAddress?.port)
        return StubPeer(channel: channel, port: UInt16(bound), log: log)
    }

    /// Listens no more; what was listening no more stays so.
    func stop() async {
        try? await channel.close()
    }

    var requests: [Request] { log.requests.withLock { $0 } }
    /// The requests' calls, in the order in which they came.
    var calls: [String] { requests.map(\.call) }

    var address: PeerAddress {
        get throws { try #require(PeerAddress(text: "http://127.0.0.1:\(port)")) }
    }
}

/// What all connections of a stub share.
private final class RequestLog: Sendable {
    let requests = Mutex<[StubPeer.Request]>([])
    let answer: @Sendable (StubPeer.Request) -> StubPeer.Response

    init(answer: @escaping @Sendable (StubPeer.Request) -> StubPeer.Response) {
        self.answer = answer
    }
}

/// Takes requests one after the other; their bodies have announced lengths.
private final class StubPeerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let log: RequestLog
    private var received = ""

    init(log: RequestLog) {
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        while let request = takeRequest() {
            log.requests.withLock { $0.append(request) }
            switch log.answer(request) {
            case .json(let status, let body):
                let head = "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\n"
                write(context, head + "Content-Length: \(body.utf8.count)\r\n\r\n" + body)
            case .bytes(let text): write(context, text)
            case .last(let text):
                write(context, text)
                context.close(promise: nil)
            case .silence: break
            }
        }
    }

    private func write(_ context: ChannelHandlerContext, _ text: String) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    private func takeRequest() -> StubPeer.Request? {
        guard let end = received.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = received[..<end.lowerBound].split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let bodyCount = headers["content-length"].flatMap { Int($0) } ?? 0
        let rest = received[end.upperBound...]
        guard rest.utf8.count >= bodyCount else { return nil }
        let body = rest.utf8.prefix(bodyCount)
        received = String(rest.utf8.dropFirst(bodyCount)) ?? ""
        let call = lines[0].split(separator: " ").prefix(2).joined(separator: " ")
        return StubPeer.Request(call: call, headers: headers, body: String(body) ?? "")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
