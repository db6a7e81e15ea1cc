// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// One thing that a person may set: its name, what it means, and which texts are a value of it.
package struct Setting<Value: Sendable>: Sendable {
    /// The name in the environment and in the settings file, such as `HOST_PORT`.
    package let name: String
    /// One sentence without a full stop, for `--help`.
    package let summary: String
    /// What is allowed, for `--help` and for the message about a bad value.
    package let allowed: String
    /// What holds where nothing is set, as text; `nil` where nothing does.
    package let defaultText: String?
    /// Reads a value; `nil` means that the text is not one. The empty text is no exception: it must be accepted here
    /// to be allowed.
    package let parse: @Sendable (String) -> Value?

    package init(
        name: String,
        summary: String,
        allowed: String,
        defaultText: String? = nil,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.summary = summary
        self.allowed = allowed
        self.defaultText = defaultText
        self.parse = parse
    }

    /// The command-line flag, such as `--host-port`.
    package var flag: String {
        SettingsSource.flag(of: name)
    }

    /// The paragraph for `--help`: summary, what is allowed, the default, the name in the environment.
    package var help: String {
        let ending = defaultText.map { " Default: \($0)." } ?? ""
        return "\(summary). Allowed: \(allowed).\(ending) Environment: \(name)."
    }
}
