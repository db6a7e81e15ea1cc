// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// The conventions of the contract that live below requests: errors for what is no HTTP, the deadline of a whole
/// request, `Expect: 100-continue`, and a close that does not tear the answer away from a client that still sends.
final class ConventionsHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long and how much a refused client may go on sending before the connection is cut.
    private static let lingerTime = TimeAmount.seconds(2)
    private static let lingerBytes = 4 * 1024 * 1024

    private let configuration: ConventionsConfiguration

    /// The deadlines of the requests whose answers have not ended, oldest first.
    private var deadlines: [NIODeadline] = []
    private var timer: Scheduled<Void>?
    private var isAnswering = false
    private var closesAfterAnswer = false
    /// Once true, nothing more is passed on in either direction.
    private var isDone = false
    private var discarded = 0

    init(configuration: ConventionsConfiguration) {
        self.configuration = configuration
    }

    // MARK: From the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return discard(context, unwrapInboundIn(data)) }
        if case .head(let request) = unwrapInboundIn(data) {
            deadlines.append(.now() + configuration.timeout)
            armTimer(context)
            continueIfExpected(context, request)
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isDone {
            context.read()
        } else {
            context.fireChannelReadComplete()
        }
    }

    private func discard(_ context: ChannelHandlerContext, _ part: HTTPRequestPart) {
        if case .body(let bytes) = part { discarded += bytes.readableBytes }
        if discarded > Self.lingerBytes { context.close(promise: nil) }
    }

    private func continueIfExpected(_ context: ChannelHandlerContext, _ request: HTTPRequest) {
        guard deadlines.count == 1, request.headerFields[.expect]?.lowercased() == "100-continue" else { return }
        let length = request.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= configuration.bodyLimit else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isDone, let event = event as? ChannelEvent, event == .inputClosed { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isDone else { return }
        guard !(error is ChannelError), !(error is IOError) else { return context.fireErrorCaught(error) }
        if (error as? HTTPParserError) == .headerOverflow {
            let limit = ConventionsConfiguration.headerBytes / 1024
            let refusal = RequestError(.headersTooLarge, message: "The request's headers are larger than \(limit) KiB.")
            refuse(context, Refusal(refusal))
        } else {
            refuse(
                context, Refusal(RequestError(.badRequest, message: "The request is not HTTP/1.1 as RFC 9112 has it.")))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        configuration.callers.left(context.channel)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    // MARK: To the client

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isDone else {
            promise?.succeed()
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let response):
            isAnswering = true
            closesAfterAnswer = response.headerFields[.connection] == "close"
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            isAnswering = false
            answered()
            context.write(data, promise: promise)
            if closesAfterAnswer { linger(context) }
        }
    }

    private func answered() {
        if !deadlines.isEmpty { deadlines.removeFirst() }
        // A request that came behind another one has all of its time from here.
        if !deadlines.isEmpty { deadlines[0] = .now() + configuration.timeout }
    }

    private func refuse(_ context: ChannelHandlerContext, _ refusal: Refusal) {
        guard !isAnswering else {
            isDone = true
            return context.close(promise: nil)
        }
        let identifier = configuration.identifiers.identifier(proposed: nil)
        let answer = refusal.answer(requestIdentifier: identifier, asProblem: false)
        var head = HTTPResponse(status: answer.status)
        head.headerFields = configuration.headers(for: answer, requestIdentifier: identifier, closes: true)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(answer.body)), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// Ends our direction and reads on for a while: to close with unread bytes would reset the connection, and the
    /// client might never see its answer.
    private func linger(_ context: ChannelHandlerContext) {
        isDone = true
        timer?.cancel()
        context.flush()
        context.close(mode: .output, promise: nil)
        context.read()
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingerTime) {
            context.close(promise: nil)
        }
    }

    // MARK: Deadline

    /// One timer for a connection, not one for a request: it looks at the oldest deadline and sets itself anew.
    private func armTimer(_ context: ChannelHandlerContext) {
        guard timer == nil, let oldest = deadlines.first else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: oldest) {
            self.timer = nil
            self.deadlineReached(context)
        }
    }

    private func deadlineReached(_ context: ChannelHandlerContext) {
        guard !isDone, let oldest = deadlines.first else { return }
        guard oldest <= .now() else { return armTimer(context) }
        let error = RequestError(.requestTimeout, message: "The request was not complete and answered in time.")
        refuse(context, Refusal(error))
    }
}
