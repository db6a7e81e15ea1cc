// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import HostGateway
import Protocol
import Settings

/// The command line of the gateway: one flag a setting.
struct HostFlags: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renclave-host",
        abstract: "The host gateway: serves the REST API and passes requests to the enclave.",
        discussion: """
            Flags win over the environment, which wins over the file that CONFIG_FILE names.
            Exit codes: 2 a wrong setting, 69 the port or address cannot be had, 71 a protection is missing, \
            77 not permitted.
            """,
        version: Version.product
    )

    @Option(help: ArgumentHelp(GatewaySettings.port.help, valueName: "ports"))
    var hostPort: String?

    @Option(help: ArgumentHelp(GatewaySettings.address.help, valueName: "address"))
    var hostAddress: String?

    @Option(help: ArgumentHelp(GatewaySettings.allowedNames.help, valueName: "names"))
    var hostAllowedNames: String?

    @Option(help: ArgumentHelp(SharedSettings.socket.help, valueName: "path"))
    var enclaveSocket: String?

    @Option(help: ArgumentHelp(GatewaySettings.enclaveUser.help, valueName: "uid"))
    var enclaveUid: String?

    @Option(help: ArgumentHelp(GatewaySettings.readyState.help, valueName: "states"))
    var readyState: String?

    @Option(help: ArgumentHelp(GatewaySettings.expectedKey.help, valueName: "fingerprint"))
    var expectedQuorumKey: String?

    @Option(help: ArgumentHelp(GatewaySettings.peers.help, valueName: "urls"))
    var peers: String?

    @Option(help: ArgumentHelp(SharedSettings.maximumBodyBytes.help, valueName: "bytes"))
    var maxBodyBytes: String?

    @Option(help: ArgumentHelp(GatewaySettings.requestTimeout.help, valueName: "ms"))
    var requestTimeoutMs: String?

    @Option(help: ArgumentHelp(GatewaySettings.enclaveTimeout.help, valueName: "ms"))
    var enclaveTimeoutMs: String?

    @Option(help: ArgumentHelp(GatewaySettings.inFlightLimit.help, valueName: "count"))
    var maxInFlight: String?

    @Option(help: ArgumentHelp(GatewaySettings.queueLimit.help, valueName: "count"))
    var queueLength: String?

    @Option(help: ArgumentHelp(LogLevelSetting.logLevel.help, valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp(LogLevelSetting.rustLog.help, valueName: "directives"))
    var rustLog: String?

    @Option(help: ArgumentHelp(LogFormat.setting.help, valueName: "format"))
    var logFormat: String?

    @Option(help: ArgumentHelp(SettingsReader.configFile.help, valueName: "path"))
    var configFile: String?

    /// What stood on the command line, by the names of the settings.
    var bySettingName: [String: String] {
        let all = [
            GatewaySettings.port.name: hostPort,
            GatewaySettings.address.name: hostAddress,
            GatewaySettings.allowedNames.name: hostAllowedNames,
            SharedSettings.socket.name: enclaveSocket,
            GatewaySettings.enclaveUser.name: enclaveUid,
            GatewaySettings.readyState.name: readyState,
            GatewaySettings.expectedKey.name: expectedQuorumKey,
            GatewaySettings.peers.name: peers,
            SharedSettings.maximumBodyBytes.name: maxBodyBytes,
            GatewaySettings.requestTimeout.name: requestTimeoutMs,
            GatewaySettings.enclaveTimeout.name: enclaveTimeoutMs,
            GatewaySettings.inFlightLimit.name: maxInFlight,
            GatewaySettings.queueLimit.name: queueLength,
            LogLevelSetting.logLevel.name: logLevel,
            LogLevelSetting.rustLog.name: rustLog,
            LogFormat.setting.name: logFormat,
            SettingsReader.configFile.name: configFile,
        ]
        return all.compactMapValues { $0 }
    }
}
