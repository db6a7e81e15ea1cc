// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Protocol
import Settings
import Testing

@testable import HostGateway

@Suite("the gateway's settings")
struct GatewaySettingsTests {
    private func settings(_ environment: [String: String] = [:]) throws -> GatewaySettings {
        try GatewaySettings(
            from: SettingsReader(flags: [:], environment: environment, knownNames: SettingNames.all))
    }

    private func expectBad<V>(_ setting: Setting<V>, _ value: String) {
        #expect(
            throws: SettingsError.badValue(
                name: setting.name, source: .environment, value: value, allowed: setting.allowed),
            "\(setting.name)=\(value)"
        ) {
            try settings([setting.name: value])
        }
    }

    @Test("where nothing is set these hold")
    func defaults() throws {
        let settings = try settings()
        #expect(settings.ports == [3000])
        #expect(settings.address == "127.0.0.1")
        #expect(settings.allowedNames == [])
        #expect(settings.socket == "/tmp/enclave.sock")
        #expect(settings.enclaveUser == geteuid())
        #expect(settings.readyStates == Set(Phase.allCases).subtracting([.unrecoverableError]))
        #expect(settings.expectedKey == nil)
        #expect(settings.peers == [])
        #expect(settings.bodyBytes == 1_048_576)
        #expect(settings.requestTimeout == 30_000)
        #expect(settings.enclaveTimeout == 10_000)
        #expect(settings.inFlightLimit == 512)
        #expect(settings.queueLimit == 512)
        #expect(settings.logLevel == .info)
        #expect(settings.logFormat == .text)
    }

    @Test("what the help says of a default is the default")
    func defaultTexts() throws {
        let settings = try settings()
        #expect(GatewaySettings.port.defaultText == "\(settings.ports[0])")
        #expect(GatewaySettings.address.defaultText == settings.address)
        #expect(GatewaySettings.requestTimeout.defaultText == "\(settings.requestTimeout)")
        #expect(GatewaySettings.enclaveTimeout.defaultText == "\(settings.enclaveTimeout)")
        #expect(GatewaySettings.inFlightLimit.defaultText == "\(settings.inFlightLimit)")
        #expect(GatewaySettings.queueLimit.defaultText == "\(settings.queueLimit)")
    }

    @Test("what is set holds")
    func set() throws {
        let settings = try settings([
            "HOST_PORT": "80,8080", "HOST_ADDRESS": "::1", "HOST_ALLOWED_NAMES": "a.example, b.example",
            "ENCLAVE_SOCKET": "/run/e", "ENCLAVE_UID": "77", "READY_STATE": "ApplicationReady,QuorumKeyProvisioned",
            "EXPECTED_QUORUM_KEY": String(repeating: "aB", count: 32), "MAX_BODY_BYTES": "1024",
            "REQUEST_TIMEOUT_MS": "100", "ENCLAVE_TIMEOUT_MS": "600000", "MAX_IN_FLIGHT": "1", "QUEUE_LENGTH": "0",
            "PEERS": "http://a:8080, http://[::1]:1",
        ])
        #expect(settings.ports == [80, 8080])
        #expect(settings.address == "::1")
        #expect(settings.shownAddress == "[::1]")
        #expect(settings.allowedNames == ["a.example", "b.example"])
        #expect(settings.socket == "/run/e")
        #expect(settings.enclaveUser == 77)
        #expect(settings.readyStates == [.applicationReady, .quorumKeyProvisioned])
        #expect(settings.expectedKey == [UInt8](repeating: 0xAB, count: 32))
        #expect(settings.bodyBytes == 1024)
        #expect(settings.requestTimeout == 100)
        #expect(settings.enclaveTimeout == 600_000)
        #expect(settings.inFlightLimit == 1)
        #expect(settings.queueLimit == 0)
        #expect(settings.peers.map(\.description) == ["http://a:8080", "http://[::1]:1"])
    }

    @Test("every setting's name may stand in a file, and all but the enclave's own are the gateway's")
    func names() {
        let names: Set<String> = [
            GatewaySettings.port.name, GatewaySettings.address.name, GatewaySettings.allowedNames.name,
            SharedSettings.socket.name, GatewaySettings.enclaveUser.name, GatewaySettings.readyState.name,
            GatewaySettings.expectedKey.name, GatewaySettings.peers.name, SharedSettings.maximumBodyBytes.name,
            GatewaySettings.requestTimeout.name, GatewaySettings.enclaveTimeout.name,
            GatewaySettings.inFlightLimit.name, GatewaySettings.queueLimit.name, LogLevelSetting.logLevel.name,
            LogLevelSetting.rustLog.name, LogFormat.setting.name,
        ]
        #expect(names.isSubset(of: SettingNames.all))
        #expect(
            SettingNames.all.subtracting(names) == [
                "DEV_ATTESTATION_ROOT_FILE", "ENCLAVE_ALLOWED_UIDS", "ENCLAVE_REHEARSE_PRODUCTION",
                "ENCLAVE_SOCKET_GROUP", "ENCLAVE_USER",
            ])
    }

    @Test("a port is a number from 1 to 65535", arguments: ["0", "65536", "-1", "", "http", "80,", "80,80", "0x50"])
    func badPorts(value: String) {
        expectBad(GatewaySettings.port, value)
    }

    @Test(
        "an address is one of IPv4 or IPv6, or localhost",
        arguments: [
            "", "example.com", "127.1", "127.0.0.1:3000", "[::1]", "::1%lo", " 127.0.0.1", "LOCALHOST", "256.0.0.1",
        ])
    func badAddresses(value: String) {
        expectBad(GatewaySettings.address, value)
    }

    @Test(
        "only an address of loopback is loopback alone",
        arguments: [
            ("127.0.0.1", true), ("127.255.255.254", true), ("::1", true), ("localhost", true), ("0.0.0.0", false),
            ("::", false), ("10.0.0.1", false), ("128.0.0.1", false), ("::2", false), ("1::1", false),
            ("::ffff:127.0.0.1", false),
        ])
    func loopback(address: String, isLoopback: Bool) throws {
        #expect(try settings(["HOST_ADDRESS": address]).isLoopbackOnly == isLoopback)
    }

    @Test(
        "a ready state has the name of a state",
        arguments: ["", "applicationready", "Ready", "ApplicationReady,", "ApplicationReady,ApplicationReady"])
    func badStates(value: String) {
        expectBad(GatewaySettings.readyState, value)
    }

    @Test("every state may be one that is ready", arguments: Phase.allCases)
    func states(phase: Phase) throws {
        #expect(try settings(["READY_STATE": phase.rawValue]).readyStates == [phase])
    }

    @Test(
        "a fingerprint is 64 hexadecimal digits",
        arguments: [
            "", String(repeating: "a", count: 63), String(repeating: "a", count: 65), String(repeating: "g", count: 64),
            "0x" + String(repeating: "a", count: 64), "0x" + String(repeating: "a", count: 62),
        ])
    func badKeys(value: String) {
        expectBad(GatewaySettings.expectedKey, value)
    }

    @Test(
        "a list of peers has no item that is none, and none twice",
        arguments: [
            "", "a", "http://a", "http://a:80,", "http://a:80,http://A:80", "http://a:80 http://b:80",
            "http://a:80,https://b:80", " http://a:80",
        ])
    func badPeers(value: String) {
        expectBad(GatewaySettings.peers, value)
    }

    @Test("times lie from 100 ms to 10 min", arguments: ["99", "600001", "0", "", "1s", "-100", "1000.0"])
    func badTimes(value: String) {
        expectBad(GatewaySettings.requestTimeout, value)
        expectBad(GatewaySettings.enclaveTimeout, value)
    }

    @Test("limits are numbers up to 65536", arguments: ["-1", "65537", "", "many", "01"])
    func badLimits(value: String) {
        expectBad(GatewaySettings.inFlightLimit, value)
        expectBad(GatewaySettings.queueLimit, value)
    }

    @Test("none in flight is no limit that serves anybody")
    func noneInFlight() {
        expectBad(GatewaySettings.inFlightLimit, "0")
    }

    @Test("the enclave's user is a number that means a user", arguments: ["4294967295", "-1", "", "root"])
    func badUsers(value: String) {
        expectBad(GatewaySettings.enclaveUser, value)
    }
}
