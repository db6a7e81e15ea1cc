// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What a `RUST_LOG` text says to a process that has one level for everything.
package struct RustLog: Sendable, Equatable {
    /// The first bare level; `nil` where there is none.
    package let level: LogLevel?
    /// Whether anything else stands there that somebody may have meant to have an effect, such as `hyper=debug`.
    package let hasIgnoredPart: Bool

    /// Reads any text.
    package init(_ text: String) {
        var levels: [LogLevel] = []
        var hasIgnoredPart = false
        for part in text.split(separator: ",") {
            let words = part.split(whereSeparator: \.isWhitespace)
            if words.isEmpty { continue }
            if words.count == 1, let level = Self.level(words[0]) {
                levels.append(level)
            } else {
                hasIgnoredPart = true
            }
        }
        level = levels.first
        self.hasIgnoredPart = hasIgnoredPart || levels.count > 1
    }

    private static func level(_ word: Substring) -> LogLevel? {
        switch word.lowercased() {
        case "trace": .trace
        case "debug": .debug
        case "info": .info
        case "warn": .warning
        case "error": .error
        // There is nothing quieter than this.
        case "off": .critical
        default: nil
        }
    }
}
