// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Protocol
import Testing

@testable import HostGateway

/// A client's connection without a network, and a gateway whose enclave is never there. Its clock stands still until
/// it is moved.
struct Conversation {
    let channel: EmbeddedChannel
    let admission: Admission

    /// - Parameters:
    ///   - timeout: of a request; the real clock decides when it is over, so 0 is over at once and an hour is not.
    ///   - inFlight: 0 makes every call wait in the queue for ever.
    init(timeout: TimeAmount = .hours(1), inFlight: Int = 1, queue: Int = 0) throws {
        let loop = EmbeddedEventLoop()
        let registry = PrometheusRegistry()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        admission = Admission(inFlightLimit: inFlight, queueLimit: queue)
        let gateway = GatewayContext(
            dispatcher: RequestDispatcher(
                table: RouteTable(Self.routes),
                origins: OriginRules(isLoopbackOnly: true, allowedNames: [])
            ),
            conventions: ConventionsConfiguration(
                timeout: timeout, bodyLimit: 1000, identifiers: RequestIdentifier()),
            admission: admission,
            bodyBudget: BodyBudget(),
            enclave: EnclaveClient(
                path: "/nowhere", expectedUser: 0, eventLoops: [loop], metrics: EnclaveMetrics(registry: registry),
                logger: logger),
            metrics: GatewayMetrics(
                routes: Self.routes.map { .init(method: $0.method.rawValue, path: $0.path) }, registry: registry),
            logger: logger
        )
        channel = EmbeddedChannel(handlers: [HalfClose(), HTTPConversation(gateway: gateway)], loop: loop)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    private static let routes = [
        Route(method: .get, path: "/now", body: .ignored, isAdmitted: false, example: "") { call in
            .answer(Answer(body: ByteBuffer(string: "now\(call.query)")))
        },
        Route(method: .post, path: "/echo", body: .optional, isAdmitted: false, example: "") { call in
            .answer(Answer(body: call.body))
        },
        Route(method: .post, path: "/call", body: .optional, isAdmitted: true, example: "") { _ in
            .call(
                EnclaveCall(operation: .info, timeout: .seconds(1)) {
                    Answer(body: ByteBuffer(string: "\(try $0.get())"))
                })
        },
    ]

    // MARK: The client's side

    func head(
        _ path: String = "/now",
        _ method: HTTPRequest.Method = .get,
        _ fields: HTTPFields = [:],
        authority: String? = "localhost"
    ) throws {
        let head = HTTPRequest(method: method, scheme: "http", authority: authority, path: path, headerFields: fields)
        try channel.writeInbound(HTTPRequestPart.head(head))
    }

    func body(_ count: Int) throws {
        try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: UInt8(ascii: "x"), count: count)))
    }

    func end() throws {
        try channel.writeInbound(HTTPRequestPart.end(nil))
    }

    func request(_ path: String = "/now", _ method: HTTPRequest.Method = .get, _ fields: HTTPFields = [:]) throws {
        try head(path, method, fields)
        try end()
    }

    /// Bytes that are no HTTP, as the parser tells of them.
    func garbage() {
        struct Garbage: Error {}
        channel.pipeline.fireErrorCaught(Garbage())
    }

    /// What the client has got since the last time.
    func answers() throws -> [Received] {
        var answers: [Received] = []
        while let part = try channel.readOutbound(as: HTTPResponsePart.self) {
            switch part {
            case .head(let head): answers.append(Received(head: head))
            case .body(let bytes): answers[answers.count - 1].body += String(buffer: bytes)
            case .end: answers[answers.count - 1].isWhole = true
            }
        }
        return answers
    }

    /// The one answer that the client has got since the last time.
    func answer() throws -> Received {
        let answers = try answers()
        try #require(answers.count == 1)
        return answers[0]
    }

    var isOpen: Bool { channel.isActive }

    /// Moves the clock to the present, so that whatever is due happens.
    func letTimePass() {
        channel.embeddedEventLoop.advanceTime(to: .now())
    }

    /// As long as a refused client is listened to.
    func letLingerPass() {
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    }
}

/// Lets the server end its own direction, which an embedded channel takes for the end of both.
private final class HalfClose: ChannelOutboundHandler {
    typealias OutboundIn = HTTPResponsePart

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        promise?.succeed()
    }
}

/// An answer as a client gets it.
struct Received {
    let head: HTTPResponse
    var body = ""
    var isWhole = false

    var status: Int { head.status.code }
    var closes: Bool { head.headerFields[.connection] == "close" }
    var reason: String? {
        body.firstMatch(of: #/"reason":"(\w+)"/#).map { String($0.1) }
    }
}
