// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// How a log line is written.
package enum LineFormat: String, Sendable, CaseIterable {
    /// `2026-11-21T11:48:00.123Z INFO  label message key=value key2="a value with spaces"`.
    case text
    /// One object: `time`, `level`, `logger`, `message`, then the metadata, sorted by key.
    case json
}
