// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The bytes of one line.
struct LogLine {
    /// With the newline. A pipe takes up to PIPE_BUF bytes, 4096 on Linux, whole or not at all (pipe(7)), so that
    /// lines are never torn or mixed, not even where two processes share one pipe.
    static let maximumBytes = 4096

    /// Ends with a newline and has no other.
    let bytes: [UInt8]

    init(_ record: LogRecord, format: LineFormat) {
        var line = Self.rendered(record, format: format, limits: .none)
        if line.count + 1 > Self.maximumBytes {
            line = Self.rendered(record, format: format, limits: .truncating)
        }
        line.append(UInt8(ascii: "\n"))
        bytes = line
    }

    private static func rendered(_ record: LogRecord, format: LineFormat, limits: LineLimits) -> [UInt8] {
        switch format {
        case .text: TextLine.bytes(of: record, limits: limits)
        case .json: JSONLine.bytes(of: record, limits: limits)
        }
    }
}

/// How long the parts of a line may be, in bytes, escapes counted.
struct LineLimits {
    let label: Int
    let message: Int
    let value: Int
    /// Of the whole line, without its newline.
    let line: Int
    /// Whether the line must say that something was left out.
    let isTruncating: Bool

    static let none = LineLimits(label: .max, message: .max, value: .max, line: .max, isTruncating: false)

    /// A long text is cut short, and a pair that has no room is left out, rather than lose the short ones beside it.
    static let truncating = LineLimits(
        label: 128, message: 2048, value: 512, line: LogLine.maximumBytes - 1, isTruncating: true
    )
}
