// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Settings
import Testing

@testable import EnclaveCommand

@Suite("the enclave's flags")
struct EnclaveFlagsTests {
    /// `ENCLAVE_SOCKET` for the property `enclaveSocket`, as the flag `--enclave-socket` is made of it.
    private static func settingName(_ property: String) -> String {
        property.reduce(into: "") { name, letter in
            if letter.isUppercase { name += "_" }
            name += letter.uppercased()
        }
    }

    /// The flags that are questions, and set nothing.
    private static let questions = ["measurements", "attestationRoot"]

    /// The properties of the other flags by reflection, so that one that is forgotten below is noticed.
    private static var properties: [String] {
        Mirror(reflecting: EnclaveFlags()).children.compactMap(\.label).map { String($0.drop { $0 == "_" }) }
            .filter { !questions.contains($0) }
    }

    /// Every flag set to its own property's name.
    private static var allSet: EnclaveFlags {
        var flags = EnclaveFlags()
        flags.enclaveSocket = "enclaveSocket"
        flags.enclaveSocketGroup = "enclaveSocketGroup"
        flags.enclaveAllowedUids = "enclaveAllowedUids"
        flags.enclaveUser = "enclaveUser"
        flags.enclaveRehearseProduction = "enclaveRehearseProduction"
        flags.devAttestationRootFile = "devAttestationRootFile"
        flags.maxBodyBytes = "maxBodyBytes"
        flags.logLevel = "logLevel"
        flags.rustLog = "rustLog"
        flags.logFormat = "logFormat"
        flags.configFile = "configFile"
        return flags
    }

    @Test("every flag sets the setting of its name, and no other")
    func mapping() {
        let expected = Dictionary(uniqueKeysWithValues: Self.properties.map { (Self.settingName($0), $0) })
        #expect(expected.count == 11)
        #expect(Self.allSet.bySettingName == expected)
    }

    @Test("every flag is that of a setting which the processes know", arguments: properties)
    func known(property: String) {
        let name = Self.settingName(property)
        #expect(SettingNames.all.contains(name) || name == SettingsReader.configFile.name)
    }

    @Test(
        "what is asked instead of serving sets nothing, and of two questions the first is answered",
        arguments: [
            (false, false, nil), (true, false, .measurements), (false, true, .attestationRoot),
            (true, true, .measurements),
        ] as [(Bool, Bool, EnclaveFlags.Question?)])
    func question(measurements: Bool, attestationRoot: Bool, question: EnclaveFlags.Question?) {
        var flags = Self.allSet
        let settings = flags.bySettingName
        flags.measurements = measurements
        flags.attestationRoot = attestationRoot
        #expect(flags.question == question)
        #expect(flags.bySettingName == settings)
    }

    @Test("a flag that was not given sets nothing")
    func notGiven() {
        var flags = Self.allSet
        flags.enclaveUser = nil
        #expect(flags.bySettingName["ENCLAVE_USER"] == nil)
        #expect(flags.bySettingName.count == 10)
    }
}
