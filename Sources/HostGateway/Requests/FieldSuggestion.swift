// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Finds the field that a misspelt name was probably meant to be.
enum FieldSuggestion {
    /// The first of the nearest fields, if it is at most two edits away and those do not rewrite all of it.
    static func nearest(to name: String, among fields: [String]) -> String? {
        var best: (field: String, distance: Int)?
        for field in fields {
            let distance = editDistance(Array(name.utf8), Array(field.utf8))
            guard distance <= 2, distance < field.utf8.count, distance < best?.distance ?? .max else { continue }
            best = (field, distance)
        }
        return best?.field
    }

    /// The least number of inserted, removed or replaced bytes between both (Levenshtein).
    private static func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var row = Array(0...second.count)
        for (index, byte) in first.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in second.indices {
                let replaced = diagonal + (byte == second[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[second.count]
    }
}
