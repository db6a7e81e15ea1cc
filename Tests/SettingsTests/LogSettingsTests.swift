// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Settings
import Testing

@Suite("log settings")
struct LogSettingsTests {
    @Test(
        "LOG_LEVEL is read in either case, and warn is warning",
        arguments: [
            ("trace", LogLevel.trace), ("DEBUG", .debug), ("Info", .info), ("notice", .notice), ("warning", .warning),
            ("WARN", .warning), ("error", .error), ("critical", .critical),
        ]
    )
    func level(text: String, expected: LogLevel) throws {
        let result = try LogLevelSetting.read(from: Samples.reader(environment: ["LOG_LEVEL": text]))
        #expect(result.level == expected)
        #expect(result.warning == nil)
    }

    @Test("another LOG_LEVEL stops", arguments: ["", "verbose", "info ", "off", "info,debug", "a=info"])
    func badLevel(text: String) throws {
        let reader = try Samples.reader(environment: ["LOG_LEVEL": text])
        #expect(
            throws: SettingsError.badValue(
                name: "LOG_LEVEL", source: .environment, value: text, allowed: LogLevelSetting.logLevel.allowed)
        ) {
            try LogLevelSetting.read(from: reader)
        }
    }

    @Test("the level is info where nothing is set")
    func noLevel() throws {
        let result = try LogLevelSetting.read(from: Samples.reader())
        #expect(result.level == .info)
        #expect(result.warning == nil)
    }

    @Test(
        "the first bare level of RUST_LOG counts, and whatever else it says gives one warning",
        arguments: [
            ("debug", LogLevel.debug, false),
            (" WARN ", .warning, false),
            ("off", .critical, false),
            ("", .info, false),
            (",,", .info, false),
            ("hyper=debug", .info, true),
            ("hyper=debug,error", .error, true),
            ("hyper=trace,tokio=off, trace", .trace, true),
            ("debug,trace", .debug, true),
            ("renclave", .info, true),
            ("in fo", .info, true),
            ("=,=\u{0}", .info, true),
        ]
    )
    func rustLog(text: String, expected: LogLevel, warns: Bool) throws {
        let result = try LogLevelSetting.read(from: Samples.reader(environment: ["RUST_LOG": text]))
        #expect(result.level == expected)
        #expect((result.warning != nil) == warns)
    }

    @Test("LOG_LEVEL in the file wins over RUST_LOG in the environment")
    func levelOverRustLog() throws {
        let file = try TemporaryFile("LOG_LEVEL=error".utf8)
        let reader = try Samples.reader(environment: ["CONFIG_FILE": file.path, "RUST_LOG": "a=b,trace"])
        let result = try LogLevelSetting.read(from: reader)
        #expect(result.level == .error)
        #expect(result.warning == nil)
    }

    @Test("LOG_FORMAT is text or json", arguments: [("text", LogFormat.text), ("JSON", .json)])
    func format(text: String, expected: LogFormat) throws {
        let reader = try Samples.reader(environment: ["LOG_FORMAT": text])
        #expect(try reader.value(LogFormat.setting, default: .text) == expected)
    }

    @Test("another LOG_FORMAT stops", arguments: ["", "xml", "json "])
    func badFormat(text: String) throws {
        let reader = try Samples.reader(environment: ["LOG_FORMAT": text])
        #expect(
            throws: SettingsError.badValue(
                name: "LOG_FORMAT", source: .environment, value: text, allowed: LogFormat.setting.allowed)
        ) {
            try reader.value(LogFormat.setting, default: .text)
        }
    }
}
