// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

@Suite("A phrase in columns")
struct WordColumnsTests {
    @Test("twelve words stand in two columns of six, read down")
    func twelve() {
        let words = "zoo abandon a b c d e f g h i j".split(separator: " ")
        #expect(
            WordColumns.lines(words) == [
                "   1. zoo         7. e",
                "   2. abandon     8. f",
                "   3. a           9. g",
                "   4. b          10. h",
                "   5. c          11. i",
                "   6. d          12. j",
            ]
        )
    }

    @Test("a last column that is not full leaves the lower lines shorter")
    func fifteen() {
        let words = (1...15).map { _ in Substring("word") }
        let lines = WordColumns.lines(words)
        #expect(lines.count == 6)
        #expect(lines[2] == "   3. word     9. word    15. word")
        #expect(lines[3] == "   4. word    10. word")
    }

    @Test("wide characters line up")
    func wide() {
        let words = ["あい", "か\u{3099}", "ab", "x", "x", "x", "y", "y", "y"].map { Substring($0) }
        let lines = WordColumns.lines(words)
        #expect(lines[0] == "   1. あい     7. y")
        #expect(lines[1] == "   2. か\u{3099}       8. y")
        #expect(lines[2] == "   3. ab       9. y")
    }
}
