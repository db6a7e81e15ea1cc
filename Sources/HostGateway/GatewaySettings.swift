// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
package import Protocol
package import Settings

/// What an operator may set about a gateway.
package struct GatewaySettings: Sendable {
    let ports: [UInt16]
    let address: String
    let allowedNames: [String]
    let socket: String
    let enclaveUser: UInt32
    let readyStates: Set<Phase>
    let expectedKey: [UInt8]?
    let peers: [PeerAddress]
    let bodyBytes: Int
    let requestTimeout: Int64
    let enclaveTimeout: Int64
    let inFlightLimit: Int
    let queueLimit: Int
    package let logLevel: LogLevel
    package let logLevelWarning: String?
    package let logFormat: LogFormat

    /// Reads all of them.
    ///
    /// - Throws: ``SettingsError`` for the first bad one.
    package init(from reader: SettingsReader) throws(SettingsError) {
        ports = try reader.value(Self.port, default: [3000])
        address = try reader.value(Self.address, default: "127.0.0.1")
        allowedNames = try reader.value(Self.allowedNames, default: [])
        socket = try reader.value(SharedSettings.socket, default: "/tmp/enclave.sock")
        enclaveUser = try reader.value(Self.enclaveUser, default: geteuid())
        readyStates = Set(try reader.value(Self.readyState, default: Self.usualReadyStates))
        expectedKey = try reader.optionalValue(Self.expectedKey)
        peers = try reader.value(Self.peers, default: [])
        bodyBytes = try reader.value(SharedSettings.maximumBodyBytes, default: Limits.defaultBodyBytes)
        requestTimeout = try reader.value(Self.requestTimeout, default: 30_000)
        enclaveTimeout = try reader.value(Self.enclaveTimeout, default: 10_000)
        inFlightLimit = try reader.value(Self.inFlightLimit, default: 512)
        queueLimit = try reader.value(Self.queueLimit, default: 512)
        (logLevel, logLevelWarning) = try LogLevelSetting.read(from: reader)
        logFormat = try reader.value(LogFormat.setting, default: .text)
    }

    private static let usualReadyStates = Phase.allCases.filter { $0 != .unrecoverableError }
}

// MARK: The settings

extension GatewaySettings {
    /// `HOST_PORT`.
    package static let port = Setting<[UInt16]>(
        name: "HOST_PORT",
        summary: "Where the gateway listens",
        allowed: "one port from 1 to 65535, or a comma list",
        defaultText: "3000",
        parse: { SettingText.ports($0) }
    )

    /// `HOST_ADDRESS`.
    package static let address = Setting<String>(
        name: "HOST_ADDRESS",
        summary: "The address that it listens on; one that others can reach needs protection in front of it",
        allowed: "an IPv4 or IPv6 address, or localhost",
        defaultText: "127.0.0.1",
        parse: { NetworkAddress(text: $0)?.text }
    )

    /// `HOST_ALLOWED_NAMES`.
    package static let allowedNames = Setting<[String]>(
        name: "HOST_ALLOWED_NAMES",
        summary: "Names besides those of loopback that a request's Host header may have while it listens on loopback",
        allowed: "a comma list of host names, without ports",
        parse: { SettingText.names($0) }
    )

    /// `ENCLAVE_UID`.
    package static let enclaveUser = Setting<UInt32>(
        name: "ENCLAVE_UID",
        summary: "The uid that the enclave must run under; by default the gateway's own",
        allowed: "a uid",
        parse: { SettingText.unsigned($0, in: 0...(UInt32.max - 1)) }
    )

    /// `READY_STATE`.
    package static let readyState = Setting<[Phase]>(
        name: "READY_STATE",
        summary: "The states of the enclave in which /readyz answers 200; by default any but UnrecoverableError",
        allowed: "a comma list of \(Phase.allCases.map(\.rawValue).joined(separator: ", "))",
        parse: { text in
            SettingText.names(text, among: Set(Phase.allCases.map(\.rawValue)))?.compactMap { Phase(rawValue: $0) }
        }
    )

    /// `EXPECTED_QUORUM_KEY`.
    package static let expectedKey = Setting<[UInt8]>(
        name: "EXPECTED_QUORUM_KEY",
        summary: "The fingerprint of the quorum key that the enclave must hold for /readyz to answer 200, and the only "
            + "one that is taken from PEERS, which need it outside development",
        allowed: "64 hexadecimal digits: the SHA-256 of the quorum public key",
        parse: { SettingText.hex($0, byteCount: 32) }
    )

    /// `PEERS`.
    package static let peers = Setting<[PeerAddress]>(
        name: "PEERS",
        summary: "Gateways of the fleet; an enclave without a key gets manifest and quorum key from one that is ready",
        allowed: "a comma list of http://HOST:PORT, where a name with several addresses stands for all of them",
        parse: { PeerAddress.list($0) }
    )

    /// `REQUEST_TIMEOUT_MS`.
    package static let requestTimeout = Setting<Int64>(
        name: "REQUEST_TIMEOUT_MS",
        summary: "Time for a whole request, from its head to the end of its answer",
        allowed: "a number of milliseconds from 100 to 600000",
        defaultText: "30000",
        parse: { SettingText.unsigned($0, in: 100...600_000) }
    )

    /// `ENCLAVE_TIMEOUT_MS`.
    package static let enclaveTimeout = Setting<Int64>(
        name: "ENCLAVE_TIMEOUT_MS",
        summary: "Time for one call to the enclave",
        allowed: "a number of milliseconds from 100 to 600000",
        defaultText: "10000",
        parse: { SettingText.unsigned($0, in: 100...600_000) }
    )

    /// `MAX_IN_FLIGHT`.
    package static let inFlightLimit = Setting<Int>(
        name: "MAX_IN_FLIGHT",
        summary: "Requests that may be at the enclave at a time",
        allowed: "a number from 1 to 65536",
        defaultText: "512",
        parse: { SettingText.unsigned($0, in: 1...65_536) }
    )

    /// `QUEUE_LENGTH`.
    package static let queueLimit = Setting<Int>(
        name: "QUEUE_LENGTH",
        summary: "Requests that may wait for their turn; one more is answered 503",
        allowed: "a number from 0 to 65536",
        defaultText: "512",
        parse: { SettingText.unsigned($0, in: 0...65_536) }
    )
}

extension GatewaySettings {
    /// The address as a URL has it.
    var shownAddress: String {
        address.contains(":") ? "[\(address)]" : address
    }

    /// Whether only this machine can reach the gateway.
    package var isLoopbackOnly: Bool {
        NetworkAddress(text: address)?.isLoopback ?? false
    }
}
