// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

@Suite("Quoted text")
struct QuotedTextTests {
    @Test(
        "writes out what hides, moves or reorders, and nothing else",
        arguments: [
            ("alice", #""alice""#), ("Zoë 🙂", #""Zoë 🙂""#), ("名前 かな", #""名前 かな""#), ("", #""""#),
            ("Иван", #""Иван""#), ("Zoe\u{308}", #""Zoe\u{308}""#), ("\u{430}lice", #""\u{430}lice""#),
            ("Zoë \u{3B1}", #""Zo\u{eb} \u{3b1}""#), ("\u{FF41}lice", #""\u{ff41}lice""#),
            ("\u{1D41A}", #""\u{1d41a}""#), ("member\u{661}", #""member\u{661}""#),
            (#"say "hi" \n"#, #""say \"hi\" \\n""#),
            ("a\u{1B}[2J\n\u{7F}\u{9B}", #""a\u{1b}[2J\u{a}\u{7f}\u{9b}""#),
            ("\u{202E}ecila\u{2066}", #""\u{202e}ecila\u{2066}""#),
            ("a\u{200B}b\u{AD}\u{FEFF}\u{3164}\u{34F}", #""a\u{200b}b\u{ad}\u{feff}\u{3164}\u{34f}""#),
            ("a\u{A0}b\u{2028}\u{3000}", #""a\u{a0}b\u{2028}\u{3000}""#),
            ("\u{E000}\u{10FFFF}", #""\u{e000}\u{10ffff}""#),
        ]
    )
    func quoted(text: String, expected: String) {
        #expect(text.quoted == expected)
        #expect(CommandOutput.printable(text.quoted) == expected)
    }

    @Test("texts that differ are spelled out")
    func spelled() {
        #expect("Zoë \"a\"\n".spelled == #""Zo\u{eb} \"a\"\u{a}""#)
    }
}
