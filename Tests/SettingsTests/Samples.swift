// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Settings
import Testing

/// Settings as a process would have them.
enum Samples {
    static let ports = Setting<[UInt16]>(
        name: "HOST_PORT",
        summary: "Where to listen",
        allowed: "one port 1–65535, or a comma list",
        defaultText: "3000",
        parse: { SettingText.ports($0) }
    )
    static let address = Setting<String>(
        name: "HOST_ADDRESS",
        summary: "The address to listen on",
        allowed: "any text",
        parse: { $0 }
    )
    static let knownNames: Set<String> = [
        ports.name, address.name, "LOG_LEVEL", "LOG_FORMAT", "RUST_LOG", SettingsReader.configFile.name,
    ]

    static func reader(
        flags: [String: String] = [:], environment: [String: String] = [:]
    ) throws(SettingsError) -> SettingsReader {
        try SettingsReader(flags: flags, environment: environment, knownNames: knownNames)
    }
}

/// A file that is gone when its owner is.
final class TemporaryFile {
    let path: String

    init(_ bytes: some Sequence<UInt8>) throws {
        var template = Array("/tmp/renclave-settings-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        try #require(descriptor >= 0)
        path = try #require(String(validating: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
        defer { close(descriptor) }
        let content = Array(bytes)
        let written = unsafe content.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        try #require(written == content.count)
    }

    deinit {
        unsafe unlink(path)
    }
}
