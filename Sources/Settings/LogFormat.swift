// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// How a log line is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people: words, then `key=value` pairs.
    case text
    /// For machines: one JSON object a line.
    case json

    /// `LOG_FORMAT`.
    package static let setting = Setting<LogFormat>(
        name: "LOG_FORMAT",
        summary: "How a log line is written",
        allowed: "text or json, in either case",
        defaultText: "text",
        parse: { LogFormat(rawValue: $0.lowercased()) }
    )
}
