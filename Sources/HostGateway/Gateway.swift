// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
package import NIOPosix
package import ServiceLifecycle

/// The composition root: builds the gateway's services from its settings; nothing else knows them all.
package enum Gateway {
    /// The services, in the order in which they start; they stop in the reverse one.
    package static func services(
        _ settings: GatewaySettings,
        eventLoopGroup: MultiThreadedEventLoopGroup,
        logger: Logger
    ) throws -> [any Service] {
        // Connections cost descriptors; a refusal leaves the limit as it was.
        _ = renclave_raise_open_files()
        let registry = PrometheusRegistry()
        ProcessMetrics.register(in: registry)
        let enclave = EnclaveClient(
            path: settings.socket,
            expectedUser: settings.enclaveUser,
            eventLoops: Array(eventLoopGroup.makeIterator()),
            metrics: EnclaveMetrics(registry: registry),
            logger: logger
        )
        let responder = responder(settings, enclave, registry, logger)
        let servers = try settings.ports.map { port in
            try server(settings, port: port, responder, eventLoopGroup, logger)
        }
        return [enclave] + servers
    }

    private static func routes(
        _ settings: GatewaySettings,
        _ enclave: EnclaveClient,
        _ registry: PrometheusRegistry
    ) -> RouteTable {
        let timeout = TimeAmount.milliseconds(settings.enclaveTimeout)
        let status = StatusRoutes(
            enclave: enclave,
            timeout: timeout,
            readiness: Readiness(states: settings.readyStates, expectedKey: settings.expectedKey),
            registry: registry,
            startedAt: .now
        )
        return RouteTable(status.routes + SeedRoutes(enclave: enclave, timeout: timeout).routes)
    }

    private static func responder(
        _ settings: GatewaySettings,
        _ enclave: EnclaveClient,
        _ registry: PrometheusRegistry,
        _ logger: Logger
    ) -> GatewayResponder {
        let table = routes(settings, enclave, registry)
        return GatewayResponder(
            table: table,
            origins: OriginRules(
                isLoopbackOnly: settings.isLoopbackOnly,
                allowedNames: settings.allowedNames
            ),
            bodies: BodyReader(limit: settings.bodyBytes),
            admission: Admission(inFlightLimit: settings.inFlightLimit, queueLimit: settings.queueLimit),
            enclave: enclave,
            conventions: ConventionsConfiguration(
                timeout: .milliseconds(settings.requestTimeout),
                bodyLimit: settings.bodyBytes,
                identifiers: RequestIdentifier()
            ),
            metrics: GatewayMetrics(
                routes: table.routes.map { .init(method: $0.method.rawValue, path: $0.path) },
                registry: registry
            ),
            logger: logger
        )
    }

    private static func server(
        _ settings: GatewaySettings,
        port: UInt16,
        _ responder: GatewayResponder,
        _ eventLoopGroup: MultiThreadedEventLoopGroup,
        _ logger: Logger
    ) throws -> any Service {
        let conventions = responder.conventions
        let channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConventionsHandler(configuration: conventions)],
            idleTimeout: conventions.timeout,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: ConventionsConfiguration.headerBytes,
                maxHeaderListSize: ConventionsConfiguration.headerBytes,
                maxHeaderFieldCount: 100
            )
        )
        var quiet = logger
        quiet.logLevel = max(.notice, logger.logLevel)
        return try HTTPServerBuilder.http1(configuration: channel).buildServer(
            configuration: ServerConfiguration(
                address: .hostname(settings.address, port: Int(port)),
                backlog: 1024
            ),
            eventLoopGroup: eventLoopGroup,
            logger: quiet,
            responder: { request, writer, channel in
                let caller = Caller(channel, registry: conventions.callers)
                let response = await responder.respond(to: request, from: caller)
                try await writer.write(response: response.head, body: response.body)
            },
            onServerRunning: { _ in
                logger.info("listening", metadata: ["url": "http://\(settings.shownAddress):\(port)"])
            }
        )
    }
}
