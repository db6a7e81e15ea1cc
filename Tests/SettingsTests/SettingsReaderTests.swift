// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Settings
import Testing

@Suite("settings reader")
struct SettingsReaderTests {
    @Test("flags win over the environment, and that over the file")
    func order() throws {
        let file = try TemporaryFile("HOST_PORT=3\nHOST_ADDRESS=file\n".utf8)
        let onlyFile = ["CONFIG_FILE": file.path]
        let environment = onlyFile.merging(["HOST_PORT": "2"]) { $1 }

        let all = try Samples.reader(flags: ["HOST_PORT": "1"], environment: environment)
        #expect(try all.optionalValue(Samples.ports) == [1])
        #expect(try all.optionalValue(Samples.address) == "file")
        #expect(try Samples.reader(environment: environment).optionalValue(Samples.ports) == [2])
        #expect(try Samples.reader(environment: onlyFile).optionalValue(Samples.ports) == [3])
    }

    @Test("the default holds where nothing is set, and not where something is")
    func fallback() throws {
        #expect(try Samples.reader().value(Samples.ports, default: [3000]) == [3000])
        #expect(try Samples.reader().optionalValue(Samples.ports) == nil)
        let set = try Samples.reader(environment: ["HOST_PORT": "8080"])
        #expect(try set.value(Samples.ports, default: [3000]) == [8080])
    }

    @Test("CONFIG_FILE is taken from the flags before the environment")
    func fileByFlag() throws {
        let named = try TemporaryFile("HOST_PORT=1".utf8)
        let other = try TemporaryFile("HOST_PORT=2".utf8)
        let reader = try Samples.reader(
            flags: ["CONFIG_FILE": named.path], environment: ["CONFIG_FILE": other.path])
        #expect(try reader.optionalValue(Samples.ports) == [1])
    }

    @Test("a bad value stops, and is not replaced by the default", arguments: ["abc", "", " 3000", "0", "65536"])
    func badValue(text: String) throws {
        let reader = try Samples.reader(environment: ["HOST_PORT": text])
        #expect(
            throws: SettingsError.badValue(
                name: "HOST_PORT", source: .environment, value: text, allowed: Samples.ports.allowed)
        ) {
            try reader.value(Samples.ports, default: [3000])
        }
    }

    @Test("a bad value stops although a lower source has a good one")
    func badValueOverGood() throws {
        let reader = try Samples.reader(flags: ["HOST_PORT": "x"], environment: ["HOST_PORT": "1"])
        #expect(
            throws: SettingsError.badValue(
                name: "HOST_PORT", source: .flag, value: "x", allowed: Samples.ports.allowed)
        ) {
            try reader.optionalValue(Samples.ports)
        }
    }

    @Test("a bad value in the file is reported with the file")
    func badValueInFile() throws {
        let file = try TemporaryFile("HOST_PORT=x".utf8)
        let reader = try Samples.reader(flags: ["CONFIG_FILE": file.path])
        #expect(
            throws: SettingsError.badValue(
                name: "HOST_PORT", source: .file(file.path), value: "x", allowed: Samples.ports.allowed)
        ) {
            try reader.optionalValue(Samples.ports)
        }
    }

    @Test("the empty text is a value where the setting takes it")
    func emptyValue() throws {
        let reader = try Samples.reader(environment: ["HOST_ADDRESS": ""])
        #expect(try reader.optionalValue(Samples.address) == "")
    }

    @Test("an empty CONFIG_FILE is a bad value")
    func emptyConfigFile() {
        #expect(
            throws: SettingsError.badValue(
                name: "CONFIG_FILE", source: .environment, value: "", allowed: SettingsReader.configFile.allowed)
        ) {
            try Samples.reader(environment: ["CONFIG_FILE": ""])
        }
    }
}
