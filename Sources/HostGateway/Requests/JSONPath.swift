// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The way from the top of a document to the array or object that is being read.
struct JSONPath {
    enum Step {
        case member(JSONText)
        case element(Int)
    }

    var steps: [Step] = []

    /// The path to `key` in the current object, such as `shares[1].member_alias`.
    ///
    /// Nil if any key on it may not be shown.
    func shown(endingWith key: JSONText, in bytes: Span<UInt8>) -> String? {
        var text = ""
        for step in steps + [.member(key)] {
            switch step {
            case .element(let index):
                text += "[\(index)]"
            case .member(let key):
                guard let name = key.shown(in: bytes) else { return nil }
                text += text.isEmpty ? name : ".\(name)"
            }
        }
        return text
    }
}
