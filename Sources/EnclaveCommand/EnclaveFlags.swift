// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ArgumentParser
import Protocol
import Settings

/// The command line of both enclaves: one flag a setting.
struct EnclaveFlags: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: CommandLine.arguments.first.map { String($0.split(separator: "/").last ?? "") },
            abstract: "The enclave: owns keys and seeds, and answers a host gateway over a Unix socket.",
            discussion: """
                Flags win over the environment, which wins over the file that CONFIG_FILE names.
                Exit codes: 2 a wrong setting, 70 self-test failed, 71 a protection is missing, 73 something stands \
                at the socket's path, 75 another enclave is alive there, 77 not permitted.
                """,
            version: Version.product
        )
    }

    @Option(help: ArgumentHelp(SharedSettings.socket.help, valueName: "path"))
    var enclaveSocket: String?

    @Option(help: ArgumentHelp(EnclaveSettings.socketGroup.help, valueName: "group"))
    var enclaveSocketGroup: String?

    @Option(help: ArgumentHelp(EnclaveSettings.allowedUsers.help, valueName: "uids"))
    var enclaveAllowedUids: String?

    @Option(help: ArgumentHelp(EnclaveSettings.user.help, valueName: "user"))
    var enclaveUser: String?

    @Option(help: ArgumentHelp(EnclaveSettings.rehearseProduction.help, valueName: "bool"))
    var enclaveRehearseProduction: String?

    @Option(help: ArgumentHelp(EnclaveSettings.attestationRootFile.help, valueName: "path"))
    var devAttestationRootFile: String?

    @Option(help: ArgumentHelp(SharedSettings.maximumBodyBytes.help, valueName: "bytes"))
    var maxBodyBytes: String?

    @Option(help: ArgumentHelp(LogLevelSetting.logLevel.help, valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp(LogLevelSetting.rustLog.help, valueName: "directives"))
    var rustLog: String?

    @Option(help: ArgumentHelp(LogFormat.setting.help, valueName: "format"))
    var logFormat: String?

    @Option(help: ArgumentHelp(SettingsReader.configFile.help, valueName: "path"))
    var configFile: String?

    @Flag(help: "Print PCR0, PCR1 and PCR2 as a release's file has them, and exit.")
    var measurements = false

    @Flag(help: "Print the certificate of the root that attests this enclave (PEM), and exit.")
    var attestationRoot = false

    /// What is asked instead of serving.
    enum Question {
        case measurements
        case attestationRoot
    }

    var question: Question? {
        measurements ? .measurements : attestationRoot ? .attestationRoot : nil
    }

    /// What stood on the command line, by the names of the settings.
    var bySettingName: [String: String] {
        let all = [
            SharedSettings.socket.name: enclaveSocket,
            EnclaveSettings.socketGroup.name: enclaveSocketGroup,
            EnclaveSettings.allowedUsers.name: enclaveAllowedUids,
            EnclaveSettings.user.name: enclaveUser,
            EnclaveSettings.rehearseProduction.name: enclaveRehearseProduction,
            EnclaveSettings.attestationRootFile.name: devAttestationRootFile,
            SharedSettings.maximumBodyBytes.name: maxBodyBytes,
            LogLevelSetting.logLevel.name: logLevel,
            LogLevelSetting.rustLog.name: rustLog,
            LogFormat.setting.name: logFormat,
            SettingsReader.configFile.name: configFile,
        ]
        return all.compactMapValues { $0 }
    }
}
