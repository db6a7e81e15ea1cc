// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Lines of a label and a value, the values below each other.
struct LabelledLines {
    private var rows: [(label: String, value: String)] = []

    /// Adds a line.
    mutating func add(_ label: String, _ value: String) {
        rows.append((label, value))
    }

    /// Adds a line below the last value.
    mutating func addBelow(_ value: String) {
        rows.append(("", value))
    }

    /// The lines, without line ends.
    var lines: [String] {
        let width = rows.map(\.label.displayWidth).max() ?? 0
        return rows.map { $0.label.padded(to: width) + "  " + $0.value }
    }
}
