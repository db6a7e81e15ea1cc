// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Settings
import Testing

@testable import EnclaveCommand

@Suite("the enclave's settings")
struct EnclaveSettingsTests {
    private func settings(_ environment: [String: String] = [:]) throws -> EnclaveSettings {
        try EnclaveSettings(
            from: SettingsReader(flags: [:], environment: environment, knownNames: SettingNames.all))
    }

    private func expectBad(_ name: String, _ value: String, allowed: String) {
        #expect(
            throws: SettingsError.badValue(name: name, source: .environment, value: value, allowed: allowed),
            "\(name)=\(value)"
        ) {
            try settings([name: value])
        }
    }

    @Test("where nothing is set these hold")
    func defaults() throws {
        let settings = try settings()
        #expect(settings.socket == "/tmp/enclave.sock")
        #expect(settings.socketGroup == nil)
        #expect(settings.allowedUsers == [])
        #expect(settings.user == nil)
        #expect(!settings.rehearsesProduction)
        #expect(settings.attestationRootFile == nil)
        #expect(settings.bodyBytes == 1_048_576)
        #expect(settings.logLevel == .info)
        #expect(settings.logLevelWarning == nil)
        #expect(settings.logFormat == .text)
    }

    @Test("what the help says of a default is the default")
    func defaultTexts() throws {
        let settings = try settings()
        #expect(SharedSettings.socket.defaultText == settings.socket)
        #expect(SharedSettings.maximumBodyBytes.defaultText == "\(settings.bodyBytes)")
        #expect(LogLevelSetting.logLevel.defaultText == settings.logLevel.rawValue)
        #expect(LogFormat.setting.defaultText == settings.logFormat.rawValue)
        #expect(EnclaveSettings.socketGroup.defaultText == nil)
        #expect(EnclaveSettings.allowedUsers.defaultText == nil)
        #expect(EnclaveSettings.user.defaultText == nil)
        #expect(EnclaveSettings.rehearseProduction.defaultText == nil)
        #expect(EnclaveSettings.attestationRootFile.defaultText == nil)
    }

    @Test("what is set holds")
    func set() throws {
        let settings = try settings([
            "ENCLAVE_SOCKET": "/run/e.sock", "ENCLAVE_SOCKET_GROUP": "gateways", "ENCLAVE_ALLOWED_UIDS": "1000, 1001",
            "ENCLAVE_USER": "enclave", "ENCLAVE_REHEARSE_PRODUCTION": "true",
            "DEV_ATTESTATION_ROOT_FILE": "/run/a root.pem", "MAX_BODY_BYTES": "2048", "LOG_LEVEL": "ERROR",
            "LOG_FORMAT": "json",
        ])
        #expect(settings.socket == "/run/e.sock")
        #expect(settings.socketGroup == "gateways")
        #expect(settings.allowedUsers == [1000, 1001])
        #expect(settings.user == "enclave")
        #expect(settings.rehearsesProduction)
        #expect(settings.attestationRootFile == "/run/a root.pem")
        #expect(settings.bodyBytes == 2048)
        #expect(settings.logLevel == .error)
        #expect(settings.logFormat == .json)
    }

    @Test("RUST_LOG counts where LOG_LEVEL is not set, and warns of what has no effect")
    func rustLog() throws {
        let both = try settings(["RUST_LOG": "debug", "LOG_LEVEL": "error"])
        #expect(both.logLevel == .error)
        let directives = try settings(["RUST_LOG": "renclave=trace,warn"])
        #expect(directives.logLevel == .warning)
        #expect(directives.logLevelWarning != nil)
    }

    @Test("every setting's name is among those that may stand in a file")
    func names() {
        let names = [
            SharedSettings.socket.name, EnclaveSettings.socketGroup.name, EnclaveSettings.allowedUsers.name,
            EnclaveSettings.user.name, EnclaveSettings.rehearseProduction.name,
            EnclaveSettings.attestationRootFile.name, SharedSettings.maximumBodyBytes.name,
            LogLevelSetting.logLevel.name, LogLevelSetting.rustLog.name, LogFormat.setting.name,
        ]
        #expect(
            names == [
                "ENCLAVE_SOCKET", "ENCLAVE_SOCKET_GROUP", "ENCLAVE_ALLOWED_UIDS", "ENCLAVE_USER",
                "ENCLAVE_REHEARSE_PRODUCTION", "DEV_ATTESTATION_ROOT_FILE", "MAX_BODY_BYTES", "LOG_LEVEL", "RUST_LOG",
                "LOG_FORMAT",
            ])
        #expect(SettingNames.all.isSuperset(of: names))
    }

    @Test(
        "ENCLAVE_ALLOWED_UIDS takes numbers, and not the one that stands for any unmapped user",
        arguments: [
            "65534", "1000,65534", "65534,1000", "", "root", "-1", "4294967295", "4294967296", "1,,2", "1,1", "01",
        ])
    func badUsers(value: String) {
        expectBad("ENCLAVE_ALLOWED_UIDS", value, allowed: EnclaveSettings.allowedUsers.allowed)
    }

    @Test("users next to that number are taken", arguments: ["65533", "65535", "0", "4294967294"])
    func goodUsers(value: String) throws {
        #expect(try settings(["ENCLAVE_ALLOWED_UIDS": value]).allowedUsers == [try #require(UInt32(value))])
    }

    @Test("a user and a group are one name", arguments: ["", "a,b", "a b", "ä", "a\n", "a\0"])
    func badNames(value: String) {
        expectBad("ENCLAVE_USER", value, allowed: EnclaveSettings.user.allowed)
        expectBad("ENCLAVE_SOCKET_GROUP", value, allowed: EnclaveSettings.socketGroup.allowed)
    }

    @Test("a rehearsal is true or false, and nothing else", arguments: ["", "maybe", "2", "truee", " true"])
    func badRehearsal(value: String) {
        expectBad("ENCLAVE_REHEARSE_PRODUCTION", value, allowed: EnclaveSettings.rehearseProduction.allowed)
    }

    @Test("a rehearsal can be asked for and declined", arguments: [("true", true), ("false", false)])
    func rehearsal(value: String, expected: Bool) throws {
        #expect(try settings(["ENCLAVE_REHEARSE_PRODUCTION": value]).rehearsesProduction == expected)
    }

    @Test(
        "the file of a root is an absolute path",
        arguments: ["", "root.pem", "./root.pem", "~/root.pem", "file:///root.pem", " /root.pem", "/a\0b"])
    func badRootFiles(value: String) {
        expectBad("DEV_ATTESTATION_ROOT_FILE", value, allowed: EnclaveSettings.attestationRootFile.allowed)
    }

    @Test(
        "a socket is an absolute path of at most 107 bytes",
        arguments: ["", "enclave.sock", "./e", "/", "/tmp/", "/" + String(repeating: "x", count: 107), "/a\0b"])
    func badSockets(value: String) {
        expectBad("ENCLAVE_SOCKET", value, allowed: SharedSettings.socket.allowed)
    }

    @Test("a body's limit lies from 1 KiB to 16 MiB", arguments: ["1023", "16777217", "0", "1e6", "1 MiB", ""])
    func badBodies(value: String) {
        expectBad("MAX_BODY_BYTES", value, allowed: SharedSettings.maximumBodyBytes.allowed)
    }
}
