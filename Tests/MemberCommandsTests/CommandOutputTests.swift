// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum
import Testing

@testable import MemberCommands

@Suite("What is written")
struct CommandOutputTests {
    @Test(
        "what steers a terminal or fakes a line is replaced, every letter is kept",
        arguments: [
            ("plain words", "plain words"), ("\u{1B}[2Jgone", "\u{FFFD}[2Jgone"), ("a\nError: b", "a\u{FFFD}Error: b"),
            ("a\r\nb", "a\u{FFFD}\u{FFFD}b"), ("\u{9B}31m", "\u{FFFD}31m"), ("a\u{202E}b", "a\u{FFFD}b"),
            ("a\u{2028}b", "a\u{FFFD}b"), ("a\u{7F}", "a\u{FFFD}"), ("が\u{3000}é", "が\u{3000}é"),
        ]
    )
    func printable(text: String, expected: String) {
        #expect(Array(CommandOutput.printable(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(
        "JSON has an escape for what steers a terminal, and stands for the same",
        arguments: [
            (#"{"a":"é あ","b":[1]}"#, #"{"a":"é あ","b":[1]}"#), ("\"\u{7F}\u{9B}\"", #""\u007f\u009b""#),
            ("\"\u{AD}\u{202E}\u{FEFF}\"", #""\u00ad\u202e\ufeff""#), ("\"\u{2028}\u{2029}\"", #""\u2028\u2029""#),
            ("\"\u{E0001}\u{110BD}\"", #""\udb40\udc01\ud804\udcbd""#), (#""\u001b""#, #""\u001b""#),
        ]
    )
    func escaped(json: String, expected: String) throws {
        let escaped = CommandOutput.escaped(json)
        #expect(Array(escaped.utf8) == Array(expected.utf8))
        #expect(try JSONValue(parsing: Array(escaped.utf8)) == JSONValue(parsing: Array(json.utf8)))
    }

    @Test(
        "the width is the columns that a terminal uses",
        arguments: [
            ("abandon", 7), ("", 0), ("あいこくしん", 12), ("か\u{3099}", 2), ("e\u{301}", 1), ("가격", 4),
            ("\u{1100}\u{1161}\u{1100}\u{1167}\u{11A8}", 4), ("的一", 4),
        ]
    )
    func width(text: String, columns: Int) {
        #expect(text.displayWidth == columns)
    }

    @Test("labels are padded to the longest")
    func labels() {
        var lines = LabelledLines()
        lines.add("A", "one")
        lines.add("Longer", "two")
        lines.addBelow("three")
        #expect(lines.lines == ["A       one", "Longer  two", "        three"])
    }
}
