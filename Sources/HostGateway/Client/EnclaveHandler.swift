// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import NIOCore
import Protocol

/// The channel's end of an ``EnclaveLink``: checks who listens, greets, and passes answers on.
final class EnclaveHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Frames of the enclave are bounded like the largest that `MAX_BODY_BYTES` allows to it, whatever it is: more than
    /// ``Limits/replyBytes``.
    static let frameLimit = Limits.frameBytes(bodyBytes: 16_777_216)
    /// How often deadlines are looked at. One timer for all calls: a timer each would outlive its call.
    private static let tick = TimeAmount.milliseconds(50)

    private let link: EnclaveLink
    private let expectedUser: UInt32
    private let ready: EventLoopPromise<Void>
    private var isGreeted = false
    private var splitter = FrameSplitter(limit: EnclaveHandler.frameLimit)
    private var ticks: RepeatedTask?

    init(link: EnclaveLink, expectedUser: UInt32, ready: EventLoopPromise<Void>) {
        self.link = link
        self.expectedUser = expectedUser
        self.ready = ready
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        peerUser(of: context.channel).whenComplete { result in
            let (handler, context) = bound.value
            handler.greet(context, peer: result)
        }
        let timeout = TimeAmount.milliseconds(Int64(Limits.handshakeMilliseconds))
        context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            if !self.isGreeted { self.fail(context, .noGreeting) }
        }
    }

    private func peerUser(of channel: any Channel) -> EventLoopFuture<renclave_peer> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(EnclaveConnectError.other)
        }
        // SO_PEERCRED fills exactly this struct of three 32-bit numbers.
        return provider.unsafeGetSocketOption(level: .socket, name: .init(rawValue: 17))
    }

    private func greet(_ context: ChannelHandlerContext, peer: Result<renclave_peer, any Error>) {
        guard case .success(let peer) = peer else { return fail(context, .other) }
        guard peer.uid == expectedUser else {
            return fail(context, .wrongOwner(uid: peer.uid, expected: expectedUser))
        }
        guard let frame = try? Message.hello(Hello(spoken: Version.spoken)).frame() else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: frame)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        splitter.append(unwrapInboundIn(data))
        do throws(FrameError) {
            while let frame = try splitter.next() {
                switch frame.message {
                case .welcome(let welcome) where !isGreeted:
                    welcomed(context, welcome)
                case .reply(let identifier, let reply) where isGreeted:
                    link.deliver(EnclaveAnswer(reply: reply, secrets: frame.secrets), to: identifier)
                default:
                    throw .malformed
                }
            }
        } catch {
            fail(context, .noGreeting)
        }
    }

    private func welcomed(_ context: ChannelHandlerContext, _ welcome: Welcome) {
        guard Version.spoken.contains(welcome.version), welcome.oldest <= welcome.newest else {
            let spoken = min(welcome.oldest, welcome.newest)...max(welcome.oldest, welcome.newest)
            return fail(context, .noCommonVersion(enclave: spoken))
        }
        isGreeted = true
        link.didConnect(context.channel, welcome: welcome)
        ticks = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.tick, delay: Self.tick) { [link] _ in
            link.expire()
        }
        ready.succeed()
    }

    private func fail(_ context: ChannelHandlerContext, _ error: EnclaveConnectError) {
        if !isGreeted { ready.fail(error) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticks?.cancel()
        if isGreeted {
            link.didDisconnect()
        } else {
            ready.fail(EnclaveConnectError.noGreeting)
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
