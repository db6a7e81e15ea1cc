// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The level to log at: `LOG_LEVEL`, or `RUST_LOG` where that is not set.
package enum LogLevelSetting {
    /// `LOG_LEVEL`.
    package static let logLevel = Setting<LogLevel>(
        name: "LOG_LEVEL",
        summary: "From which severity on events are logged",
        allowed: "trace, debug, info, notice, warning (or warn), error, critical, in either case",
        defaultText: "info",
        parse: { LogLevel(text: $0) }
    )

    /// `RUST_LOG`, every text of which is accepted.
    package static let rustLog = Setting<RustLog>(
        name: "RUST_LOG",
        summary: "The same, where LOG_LEVEL is not set; directives for single modules are ignored",
        allowed: "anything; its first bare trace, debug, info, warn, error or off (critical) counts",
        parse: { RustLog($0) }
    )

    /// The level, `info` where nothing is set, and a warning to log once where a part of `RUST_LOG` had no effect.
    ///
    /// - Throws: ``SettingsError`` for a bad `LOG_LEVEL`; `RUST_LOG` never stops a start.
    package static func read(
        from reader: SettingsReader
    ) throws(SettingsError) -> (level: LogLevel, warning: String?) {
        if let level = try reader.optionalValue(logLevel) { return (level, nil) }
        guard let rustLog = try reader.optionalValue(rustLog) else { return (.info, nil) }
        let level = rustLog.level ?? .info
        guard rustLog.hasIgnoredPart else { return (level, nil) }
        return (level, "only the first bare level of RUST_LOG counts; logging at \(level.rawValue), see LOG_LEVEL")
    }
}
