// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The lines of a file.
enum FileLines {
    /// The lines without what ends them, a line feed or a carriage return before it; nothing follows a last one.
    static func split(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    }
}
