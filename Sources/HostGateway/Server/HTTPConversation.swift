// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// One client's connection: takes requests one at a time, and sees each of them to its answer.
///
/// Everything happens on the connection's event loop, where its link to the enclave is too. The conventions that live
/// below requests are here: errors for what is no HTTP, the deadline of a whole request, `Expect: 100-continue`, idle
/// connections, and a close that does not tear the answer away from a client that still sends.
final class HTTPConversation: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What arrived while a request was being answered.
    private enum Arrival {
        case part(HTTPRequestPart)
        case unreadable(RequestError)
        case endOfInput
    }

    /// Arrivals that may wait before the connection is read no further.
    private static let backlogLimit = 64

    /// How long and how much a refused client may go on sending before the connection is cut.
    private static let lingerTime = TimeAmount.seconds(2)
    private static let lingerBytes = 4 * 1024 * 1024

    private let gateway: GatewayContext
    private var exchange: Exchange?
    /// Counts requests, so that what comes late for an earlier one is known as such.
    private var turn = 0
    private var lastActive = NIODeadline.now()
    private var timer: Scheduled<Void>?
    /// Once true, nothing more is read or answered.
    private var isDone = false
    private var discarded = 0
    private var backlog = CircularBuffer<Arrival>()
    private var isTakingBacklog = false
    private var isReadHeld = false
    private var isInputClosed = false
    /// Whether the server is stopping: the answer under way is the connection's last.
    private var isStopping = false

    init(gateway: GatewayContext) {
        self.gateway = gateway
    }

    // MARK: From the client

    func channelActive(context: ChannelHandlerContext) {
        armTimer(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if isDone {
            discard(context, part)
        } else {
            arrive(context, .part(part))
        }
    }

    /// Keeps what arrives until the request before it has been answered, and its answer taken: a client that does not
    /// read gets no further.
    private func arrive(_ context: ChannelHandlerContext, _ arrival: Arrival) {
        backlog.append(arrival)
        takeBacklog(context)
    }

    /// In a loop, not from within the answer before: a thousand pipelined requests must not stand on each other's
    /// stack.
    private func takeBacklog(_ context: ChannelHandlerContext) {
        guard !isTakingBacklog else { return }
        isTakingBacklog = true
        while !isDone, exchange?.isComplete != true, context.channel.isWritable, let arrival = backlog.popFirst() {
            take(context, arrival)
        }
        isTakingBacklog = false
        if isReadHeld, backlog.count < Self.backlogLimit, context.channel.isWritable {
            isReadHeld = false
            context.read()
        }
    }

    private func take(_ context: ChannelHandlerContext, _ arrival: Arrival) {
        switch arrival {
        case .part(.head(let head)): receive(context, head)
        case .part(.body(let bytes)): collect(context, bytes)
        case .part(.end):
            exchange?.isComplete = true
            dispatch(context)
        case .unreadable(let refusal): finish(context, .failure(refusal), closes: true)
        case .endOfInput: close(context)
        }
    }

    func read(context: ChannelHandlerContext) {
        if backlog.count < Self.backlogLimit && context.channel.isWritable || isDone {
            context.read()
        } else {
            isReadHeld = true
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { takeBacklog(context) }
        context.fireChannelWritabilityChanged()
    }

    private func receive(_ context: ChannelHandlerContext, _ head: HTTPRequest) {
        turn += 1
        let conventions = gateway.conventions
        gateway.metrics.requestStarted()
        var exchange = Exchange(
            head: head,
            identifier: conventions.identifiers.identifier(
                proposed: conventions.proposedIdentifier(head.headerFields)
            ),
            deadline: .now() + conventions.timeout,
            route: gateway.metrics.unmatchedRoute,
            body: BodyCollector(limit: conventions.bodyLimit, budget: gateway.bodyBudget)
        )
        do {
            let reception = try gateway.dispatcher.receive(head)
            if case .route(let index) = reception { exchange.route = index }
            exchange.reception = reception
            try exchange.body.checkAnnounced(head.headerFields)
        } catch {
            exchange.refusal = error
        }
        self.exchange = exchange
        if let refusal = exchange.refusal, Refusal(refusal).closes || head.expectsContinue {
            finish(context, .failure(refusal), closes: true)
        } else if head.expectsContinue {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
    }

    private func collect(_ context: ChannelHandlerContext, _ bytes: ByteBuffer) {
        do {
            if exchange?.readsBody(gateway.dispatcher.table) == true {
                try exchange?.body.append(bytes)
            } else {
                // A body that nobody reads is passed over up to the same limit.
                discarded += bytes.readableBytes
                guard discarded > gateway.conventions.bodyLimit, let exchange else { return }
                finish(context, .failure(exchange.refusal ?? exchange.body.tooLarge), closes: true)
            }
        } catch {
            finish(context, .failure(error), closes: true)
        }
    }

    private func discard(_ context: ChannelHandlerContext, _ part: HTTPRequestPart) {
        if case .body(let bytes) = part { discarded += bytes.readableBytes }
        if discarded > Self.lingerBytes { close(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            // A client that has sent a whole request may close its half and still get the answer.
            guard !isDone else { return close(context) }
            isInputClosed = backlog.isEmpty
            return arrive(context, .endOfInput)
        }
        if event is ChannelShouldQuiesceEvent {
            isStopping = true
            if exchange == nil { close(context) }
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !(error is ChannelError), !(error is IOError) else { return close(context) }
        guard !isDone else { return }
        let refusal: RequestError
        if (error as? HTTPParserError) == .headerOverflow {
            let limit = ConventionsConfiguration.headerBytes / 1024
            refusal = RequestError(.headersTooLarge, message: "The request's headers are larger than \(limit) KiB.")
        } else {
            refusal = RequestError(.badRequest, message: "The request is not HTTP as RFC 9112 has it.")
        }
        // Of a request that is still arriving it is the answer; behind a complete one it has to wait.
        arrive(context, .unreadable(refusal))
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        isDone = true
        if var exchange {
            exchange.end(gateway.admission)
            gateway.metrics.requestAbandoned()
        }
        exchange = nil
        context.fireChannelInactive()
    }

    // MARK: The request's work

    private func dispatch(_ context: ChannelHandlerContext) {
        guard let exchange else { return }
        if let refusal = exchange.refusal { return finish(context, .failure(refusal)) }
        do {
            switch exchange.reception {
            case .route(let index):
                let route = gateway.dispatcher.table.routes[index]
                let step = try gateway.dispatcher.begin(
                    route, exchange.head, exchange.body.bytes, requestIdentifier: exchange.identifier)
                switch step {
                case .answer(let answer): finish(context, .success(answer))
                case .call(let call): enter(context, call, isAdmitted: route.isAdmitted)
                }
            case .otherMethods(let routes):
                start(context, gateway.dispatcher.wrongMethod(routes))
            case nil:
                throw RequestError(.internal, message: "Something went wrong in the gateway.")
            }
        } catch {
            finish(context, .failure(error))
        }
    }

    /// Waits for the request's turn at the enclave.
    private func enter(_ context: ChannelHandlerContext, _ call: EnclaveCall, isAdmitted: Bool) {
        guard isAdmitted else { return start(context, call) }
        if gateway.admission.tryToEnter() {
            exchange?.place = .admitted
            return start(context, call)
        }
        let bound = NIOLoopBound((self, context, turn), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        let entry = gateway.admission.enter {
            eventLoop.execute {
                let (conversation, context, turn) = bound.value
                guard conversation.turn == turn, conversation.exchange?.isQueued == true else { return }
                conversation.exchange?.place = .admitted
                conversation.start(context, call)
            }
        }
        switch entry {
        case .admitted:
            exchange?.place = .admitted
            start(context, call)
        case .queued(let number):
            exchange?.place = .queued(number)
        case .refused:
            finish(context, .failure(RequestError(.busy, message: "Too many requests are waiting; try again soon.")))
        }
    }

    private func start(_ context: ChannelHandlerContext, _ call: EnclaveCall) {
        guard let identifier = exchange?.identifier else { return }
        let turn = self.turn
        let bound = NIOLoopBound((self, context, turn), eventLoop: context.eventLoop)
        let ongoing = gateway.enclave.start(call, on: context.eventLoop, requestIdentifier: identifier) { outcome in
            let (conversation, context, turn) = bound.value
            guard conversation.turn == turn, conversation.exchange != nil else { return }
            conversation.exchange?.call = nil
            conversation.finish(context, Result { try call.answer(outcome) })
        }
        // Unless it is over already, and perhaps the next request has begun.
        if self.turn == turn, exchange != nil { exchange?.call = ongoing }
    }

    // MARK: To the client

    private func finish(
        _ context: ChannelHandlerContext,
        _ outcome: Result<Answer, any Error>,
        closes: Bool = false
    ) {
        var exchange = self.exchange ?? Exchange(unreadable: gateway)
        self.exchange = nil
        exchange.end(gateway.admission)
        let conclusion = Conclusion(outcome, exchange)
        let answer = conclusion.answer
        let isLast = closes || isStopping || isInputClosed || conclusion.closes || exchange.asksToClose
        var head = HTTPResponse(status: answer.status)
        head.headerFields = gateway.conventions.headers(
            for: answer,
            requestIdentifier: exchange.identifier,
            closes: isLast
        )
        conclusion.addHeaders(to: &head.headerFields)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if exchange.head.method != .head { context.write(wrapOutboundOut(.body(answer.body)), promise: nil) }
        conclusion.record(exchange, gateway)
        discarded = 0
        lastActive = .now()
        if isInputClosed {
            isDone = true
            context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
            closeLater(context)
        } else if isLast {
            context.write(wrapOutboundOut(.end(nil)), promise: nil)
            linger(context)
        } else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            takeBacklog(context)
        }
    }

    /// Ends our direction and reads on for a while: to close with unread bytes would reset the connection, and the
    /// client might never see its answer.
    private func linger(_ context: ChannelHandlerContext) {
        isDone = true
        context.flush()
        context.close(mode: .output, promise: nil)
        closeLater(context)
    }

    /// A client that neither reads nor ends is given up.
    private func closeLater(_ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingerTime) {
            context.close(promise: nil)
        }
    }

    private func close(_ context: ChannelHandlerContext) {
        isDone = true
        context.close(promise: nil)
    }

    // MARK: Time

    /// One timer for a connection, not one for a request: it looks at what is due and sets itself anew.
    private func armTimer(_ context: ChannelHandlerContext) {
        let due = exchange?.deadline ?? (lastActive + gateway.conventions.timeout)
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) {
            self.look(context)
        }
    }

    private func look(_ context: ChannelHandlerContext) {
        guard !isDone else { return }
        if let exchange {
            guard exchange.deadline <= .now() else { return armTimer(context) }
            let late = RequestError(.requestTimeout, message: "The request was not complete and answered in time.")
            return finish(context, .failure(late), closes: true)
        }
        // Between requests: bytes of an unfinished head do not count as activity.
        guard lastActive + gateway.conventions.timeout <= .now() else { return armTimer(context) }
        close(context)
    }
}
