// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HostGateway
import Logging
import NIOCore
import NIOPosix
import ProcessStart
import ServiceLifecycle
import Settings
import StructuredLog
import UnixSignals

import Glibc

/// The host gateway: parses its settings, builds the services and runs them until it is told to stop.
@main
enum RenclaveHost {
    static func main() async {
        let flags = CommandLineFlags.parse(HostFlags.self)
        let settings: GatewaySettings
        do {
            let reader = try SettingsReader(
                flags: flags.bySettingName,
                environment: ProcessEnvironment.variables(),
                knownNames: SettingNames.all
            )
            settings = try GatewaySettings(from: reader)
        } catch {
            end("\(error)", .misuse)
        }
        guard ProcessPrivacy.apply() else {
            end("core files and memory dumps of this process could not be forbidden", .protectionMissing)
        }
        let logger = makeLogger(
            label: "renclave-host",
            level: Logger.Level(rawValue: settings.logLevel.rawValue) ?? .info,
            format: LineFormat(rawValue: settings.logFormat.rawValue) ?? .text
        )
        if let warning = settings.logLevelWarning { logger.warning("\(warning)") }
        if !settings.isLoopbackOnly {
            logger.warning("HOST_ADDRESS is not loopback, and the gateway asks nobody who they are")
        }
        await run(settings, logger)
    }

    private static func run(_ settings: GatewaySettings, _ logger: Logger) async {
        let eventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: min(System.coreCount, Gateway.mostEventLoops))
        do {
            var configuration = ServiceGroupConfiguration(
                services: Gateway.services(settings, eventLoopGroup: eventLoopGroup, logger: logger),
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
            configuration.maximumGracefulShutdownDuration = .seconds(5)
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            logger.warning("stopped before everything in flight was answered")
        } catch let failure as IOError {
            end(failure)
        } catch {
            end("the gateway failed: \(type(of: error))", .internalFailure)
        }
        logger.info("stopped")
    }

    private static func end(_ failure: IOError) -> Never {
        let cause = SystemError(failure.errnoCode)
        switch failure.errnoCode {
        case EADDRINUSE:
            end("the port is in use by another process; set another HOST_PORT", .addressUnavailable)
        case EADDRNOTAVAIL:
            end("this machine does not have the address in HOST_ADDRESS", .addressUnavailable)
        case EACCES, EPERM:
            end("listening on this address or port is not permitted: \(cause)", .notPermitted)
        default:
            end("listening failed: \(cause)", .internalFailure)
        }
    }

    private static func end(_ message: String, _ status: ExitStatus) -> Never {
        StandardError.write("renclave-host: \(message)\n")
        exit(status.rawValue)
    }
}
