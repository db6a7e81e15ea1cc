// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// From which severity on events are logged. The raw values are those of swift-log.
package enum LogLevel: String, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    /// Reads a level in any case; `warn` is `warning`.
    package init?(text: some StringProtocol) {
        let word = text.lowercased()
        self.init(rawValue: word == "warn" ? "warning" : word)
    }
}
