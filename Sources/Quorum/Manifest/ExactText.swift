// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

extension String {
    /// Whether both are the same scalars. `==` also takes texts for equal that differ in normalization, and would so
    /// take one member for another.
    func isSameText(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}

extension [String] {
    /// The same, element by element.
    func areSameTexts(as others: [String]) -> Bool {
        elementsEqual(others) { $0.isSameText(as: $1) }
    }
}
