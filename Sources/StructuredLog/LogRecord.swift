// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging

/// All that one log line says.
struct LogRecord {
    let time: Timestamp
    let level: Logger.Level
    let label: String
    let message: String
    let metadata: Logger.Metadata
}
