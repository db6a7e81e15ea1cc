// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The name of a member's key files, which others take for the member's alias.
struct KeyName {
    /// What an alias may take at most.
    static let limit = 64

    /// What a name has to be, for a message.
    static let rule =
        "must be 1 to \(limit) bytes without control characters, slashes, dots, or a minus or space at its ends"

    let text: String

    /// - Returns: nil if the text breaks ``rule``. QuorumOS takes what stands before the first dot for the alias.
    init?(_ text: String) {
        let ends: [Unicode.Scalar?] = [text.unicodeScalars.first, text.unicodeScalars.last]
        guard (1...Self.limit).contains(text.utf8.count), CommandOutput.printable(text).utf8.elementsEqual(text.utf8),
            !text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }),
            ends.allSatisfy({ $0 != "-" && $0 != " " })
        else { return nil }
        self.text = text
    }
}
