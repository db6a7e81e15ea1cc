// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Settings

/// What an operator may set about an enclave: socket, log and limits, nothing that decides trust.
struct EnclaveSettings: Sendable {
    let socket: String
    let socketGroup: String?
    let allowedUsers: Set<UInt32>
    let user: String?
    let rehearsesProduction: Bool
    let attestationRootFile: String?
    let bodyBytes: Int
    let logLevel: LogLevel
    let logLevelWarning: String?
    let logFormat: LogFormat

    static let socketGroup = Setting<String>(
        name: "ENCLAVE_SOCKET_GROUP",
        summary: "A group whose members may open the socket (mode 0660); without it only this user may (0600)",
        allowed: "a group's name or number",
        parse: { name($0) }
    )

    static let allowedUsers = Setting<[UInt32]>(
        name: "ENCLAVE_ALLOWED_UIDS",
        summary: "Users besides the enclave's own whose gateways are served",
        allowed: "a comma list of uids, 65534 not among them",
        parse: { SettingText.userIDs($0).flatMap { $0.contains(65534) ? nil : $0 } }
    )

    static let user = Setting<String>(
        name: "ENCLAVE_USER",
        summary: "The user that the enclave becomes before it makes any secret; needs root at the start",
        allowed: "a user's name or uid",
        parse: { name($0) }
    )

    static let rehearseProduction = Setting<Bool>(
        name: "ENCLAVE_REHEARSE_PRODUCTION",
        summary: "Whether a development enclave applies production's rules of trust (which production always does)",
        allowed: "true or false",
        parse: { SettingText.bool($0) }
    )

    static let attestationRootFile = Setting<String>(
        name: "DEV_ATTESTATION_ROOT_FILE",
        summary: "A private root for development attestation, made where the file does not exist; for a trial in which "
            + "nobody else can attest",
        allowed: "an absolute path",
        parse: { $0.hasPrefix("/") && !$0.utf8.contains(0) ? $0 : nil }
    )

    /// Reads all of them.
    ///
    /// - Throws: ``SettingsError`` for the first bad one.
    init(from reader: SettingsReader) throws(SettingsError) {
        socket = try reader.value(SharedSettings.socket, default: "/tmp/enclave.sock")
        socketGroup = try reader.optionalValue(Self.socketGroup)
        allowedUsers = Set(try reader.value(Self.allowedUsers, default: []))
        user = try reader.optionalValue(Self.user)
        rehearsesProduction = try reader.value(Self.rehearseProduction, default: false)
        attestationRootFile = try reader.optionalValue(Self.attestationRootFile)
        bodyBytes = try reader.value(SharedSettings.maximumBodyBytes, default: Limits.defaultBodyBytes)
        (logLevel, logLevelWarning) = try LogLevelSetting.read(from: reader)
        logFormat = try reader.value(LogFormat.setting, default: .text)
    }

    private static func name(_ text: String) -> String? {
        SettingText.names(text).flatMap { $0.count == 1 ? $0.first : nil }
    }
}
