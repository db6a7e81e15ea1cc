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
    /// Event loops, each with a link to the enclave, which serves sixteen: two gateways must find room.
    package static let mostEventLoops = 8

    /// The services, in the order in which they start; they stop in the reverse one.
    package static func services(
        _ settings: GatewaySettings,
        eventLoopGroup: MultiThreadedEventLoopGroup,
        logger: Logger
    ) -> [any Service] {
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
        let joining = settings.peers.isEmpty ? nil : JoinStatus()
        let gateway = context(settings, enclave, registry, joining, logger)
        let servers = settings.ports.map { port in
            server(settings, port: port, gateway, eventLoopGroup)
        }
        guard let joining else { return [enclave] + servers }
        return [enclave] + servers + [joiningService(settings, enclave, eventLoopGroup, registry, joining, logger)]
    }

    private static func joiningService(
        _ settings: GatewaySettings,
        _ enclave: EnclaveClient,
        _ eventLoopGroup: MultiThreadedEventLoopGroup,
        _ registry: PrometheusRegistry,
        _ status: JoinStatus,
        _ logger: Logger
    ) -> JoiningService {
        JoiningService(
            directory: PeerDirectory(peers: settings.peers, resolver: SystemResolver()),
            expectedKey: settings.expectedKey,
            enclave: OwnEnclave(client: enclave, timeout: .milliseconds(settings.enclaveTimeout)),
            eventLoopGroup: eventLoopGroup,
            status: status,
            metrics: JoinMetrics(registry: registry),
            logger: logger
        )
    }

    private static func routes(
        _ settings: GatewaySettings,
        _ registry: PrometheusRegistry,
        _ joining: JoinStatus?
    ) -> RouteTable {
        let timeout = TimeAmount.milliseconds(settings.enclaveTimeout)
        let status = StatusRoutes(
            timeout: timeout,
            readiness: Readiness(states: settings.readyStates, expectedKey: settings.expectedKey),
            registry: registry,
            startedAt: .now,
            joining: joining
        )
        return RouteTable(
            status.routes + SeedRoutes(timeout: timeout).routes + QuorumRoutes(timeout: timeout).routes
                + ForwardingRoutes(timeout: timeout).routes
        )
    }

    private static func context(
        _ settings: GatewaySettings,
        _ enclave: EnclaveClient,
        _ registry: PrometheusRegistry,
        _ joining: JoinStatus?,
        _ logger: Logger
    ) -> GatewayContext {
        let table = routes(settings, registry, joining)
        return GatewayContext(
            dispatcher: RequestDispatcher(
                table: table,
                origins: OriginRules(
                    isLoopbackOnly: settings.isLoopbackOnly,
                    allowedNames: settings.allowedNames
                )
            ),
            conventions: ConventionsConfiguration(
                timeout: .milliseconds(settings.requestTimeout),
                bodyLimit: settings.bodyBytes,
                identifiers: RequestIdentifier()
            ),
            admission: Admission(inFlightLimit: settings.inFlightLimit, queueLimit: settings.queueLimit),
            bodyBudget: BodyBudget(),
            enclave: enclave,
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
        _ gateway: GatewayContext,
        _ eventLoopGroup: MultiThreadedEventLoopGroup
    ) -> any Service {
        var quiet = gateway.logger
        quiet.logLevel = max(.notice, quiet.logLevel)
        return GatewayChannel(gateway: gateway).server(
            configuration: ServerConfiguration(
                address: .hostname(settings.address, port: Int(port)),
                backlog: 1024
            ),
            onServerRunning: { _ in
                gateway.logger.info("listening", metadata: ["url": "http://\(settings.shownAddress):\(port)"])
            },
            eventLoopGroup: eventLoopGroup,
            logger: quiet
        )
    }
}
