// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Where a value came from; the earlier case wins over the later.
package enum SettingsSource: Sendable, Equatable {
    /// The command line.
    case flag
    /// The process's environment.
    case environment
    /// The file that `CONFIG_FILE` names, by its path.
    case file(String)

    /// The flag of a setting: `--host-port` for `HOST_PORT`.
    static func flag(of name: String) -> String {
        "--" + String(name.lowercased().map { $0 == "_" ? "-" : $0 })
    }

    /// The source in words, for the setting of that name.
    func phrase(for name: String) -> String {
        switch self {
        case .flag: "from the flag \(Self.flag(of: name))"
        case .environment: "from the environment"
        case .file(let path): "from the file \"\(PrintableText(path))\""
        }
    }
}
