// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import NIOHTTP1

/// Gives requests of HTTP/1.0 the headers by which HTTP/1.1 says what they mean: the connection ends with the answer
/// unless the client asks to keep it, and a host need not be named (RFC 9112, sections 9.3 and 3.2).
final class OldVersionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), head.version.major == 1, head.version.minor == 0
        else {
            return context.fireChannelRead(data)
        }
        if !head.isKeepAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        if !head.headers.contains(name: "Host") { head.headers.add(name: "Host", value: "localhost") }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}
