// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// A connection of Hummingbird's server whose requests are answered on its own event loop.
///
/// Hummingbird's own HTTP/1 channel hands each request to a task on the concurrency pool and its answer back: four
/// changes of thread with the enclave's, which cost more than everything else (`docs/performance.md`).
struct GatewayChannel: ServerChildChannel {
    /// The connection, as the server keeps it.
    struct Connection: ServerChildChannelValue {
        let channel: any Channel
    }

    let gateway: GatewayContext

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = ConventionsConfiguration.headerBytes
            limits.maxHeaderListSize = ConventionsConfiguration.headerBytes
            limits.maxHeaderFieldCount = ConventionsConfiguration.headerFields
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false,
                withErrorHandling: false,
                withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: limits
            )
            try pipeline.addHandler(OldVersionHandler())
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(HTTPConversation(gateway: gateway))
            return Connection(channel: channel)
        }
    }

    /// Ends with the connection; the end of the server's patience ends the connection.
    func handle(value: Connection, logger: Logger) async {
        await withTaskCancellationHandler {
            try? await value.channel.closeFuture.get()
        } onCancel: {
            value.channel.close(promise: nil)
        }
    }
}
