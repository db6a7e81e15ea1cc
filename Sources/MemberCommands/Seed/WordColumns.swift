// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A phrase as numbered words, to be read down and copied on paper.
enum WordColumns {
    private static let rows = 6

    /// The lines, without line ends: columns of six words, as wide as the longest word of each.
    static func lines(_ words: [Substring]) -> [String] {
        let columns = stride(from: 0, to: words.count, by: rows).map { start in
            column(Array(words[start..<min(start + rows, words.count)]), from: start + 1)
        }
        return (0..<min(rows, words.count)).map { row in
            let cells = columns.compactMap { $0.indices.contains(row) ? $0[row] : nil }
            return cells.dropLast().joined() + (cells.last.map(Self.withoutPadding) ?? "")
        }
    }

    private static func column(_ words: [Substring], from first: Int) -> [String] {
        let cells = zip(first..., words).map { number, word in
            (number < 10 ? "   " : "  ") + "\(number). \(word)"
        }
        let width = cells.map(\.displayWidth).max() ?? 0
        return cells.map { $0.padded(to: width + 2) }
    }

    private static func withoutPadding(_ cell: String) -> String {
        var cell = cell
        while cell.hasSuffix(" ") { cell.removeLast() }
        return cell
    }
}
