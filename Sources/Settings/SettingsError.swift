// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Why the settings stop a start. Its description is one line for the person who starts the process.
package enum SettingsError: Error, Equatable {
    /// A value that its setting does not allow.
    case badValue(name: String, source: SettingsSource, value: String, allowed: String)
    /// A source that does not give the value as text.
    case unreadableValue(name: String, source: SettingsSource)
    /// The file that `CONFIG_FILE` names cannot be used.
    case unreadableFile(path: String, source: SettingsSource, fault: SettingsFileFault)
    /// A line of that file, counted from 1, which is not as it must be.
    case badLine(path: String, line: Int, fault: SettingsLineFault)
    /// A line of that file that sets what neither process knows.
    case unknownName(path: String, line: Int, name: String)
}

extension SettingsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badValue(let name, let source, let value, let allowed):
            "\(name) is \"\(PrintableText(value))\" (\(source.phrase(for: name))); allowed: \(allowed)"
        case .unreadableValue(let name, let source):
            "\(name) (\(source.phrase(for: name))) cannot be read as text"
        case .unreadableFile(let path, let source, let fault):
            "CONFIG_FILE is \"\(PrintableText(path))\" (\(source.phrase(for: "CONFIG_FILE"))); \(fault)"
        case .badLine(let path, let line, let fault):
            "\"\(PrintableText(path))\", line \(line): \(fault)"
        case .unknownName(let path, let line, let name):
            "\"\(PrintableText(path))\", line \(line): there is no setting \"\(PrintableText(name))\""
        }
    }
}
