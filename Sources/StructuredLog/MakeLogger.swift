// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
package import Logging

/// Makes a logger that writes one line for each event, without touching swift-log's process-wide bootstrap.
///
/// Meant for the start of a process, before other threads and before a sandbox: it looks at the descriptor, opens a
/// pipe anew so that a full one cannot block, and makes the process ignore SIGPIPE.
///
/// - Parameters:
///   - label: the process or the part of it, as it appears in every line.
///   - level: from which severity on events are written.
///   - format: how they are written.
///   - descriptor: where to; standard error if not said. It must stay open as long as the logger and its copies live.
package func makeLogger(
    label: String,
    level: Logger.Level,
    format: LineFormat,
    descriptor: Int32 = STDERR_FILENO
) -> Logger {
    let handler = StructuredLogHandler(
        label: label, level: level, format: format, descriptor: LogDescriptor(descriptor)
    )
    return Logger(label: label) { _ in handler }
}
