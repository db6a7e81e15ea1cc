// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

@Suite("A line typed without echo")
struct HiddenLineTests {
    /// Types until the line is complete.
    private func typed(_ keys: String, limit: Int = 64) throws -> String? {
        var line = HiddenLine(limit: limit)
        for byte in keys.utf8 where try line.take(byte) {
            return String(decoding: line.bytes, as: UTF8.self)
        }
        return nil
    }

    @Test("a line stays where it is, and what is taken back is overwritten there")
    func erased() throws {
        var line = HiddenLine(limit: 64)
        for byte in "secret\u{15}".utf8 { _ = try line.take(byte) }
        #expect(line.bytes.isEmpty)
        #expect(line.bytes.capacity >= 64)
    }

    @Test(
        "the editing keys edit, and Enter ends the line",
        arguments: [
            ("word\n", "word"), ("word\r", "word"), ("\n", ""), ("worx\u{7F}d\n", "word"), ("worx\u{8}d\n", "word"),
            ("aé\u{7F}b\n", "ab"), ("あ\u{7F}\u{7F}\u{7F}x\n", "x"), ("wrong\u{15}right\n", "right"),
            ("a\tb\n", "a\tb"), ("word\u{4}", "word"), ("one\ntwo\n", "one"),
        ]
    )
    func edited(keys: String, line: String) throws {
        #expect(try typed(keys) == line)
    }

    @Test("a line without an end is not complete")
    func incomplete() throws {
        #expect(try typed("word") == nil)
    }

    @Test("Ctrl-C, and Ctrl-D on an empty line, give up", arguments: ["wo\u{3}", "\u{4}"])
    func cancelled(keys: String) {
        #expect(throws: SecretInputError.cancelled) { try typed(keys) }
    }

    @Test("an arrow key or a zero byte is refused, because nobody sees it", arguments: ["a\u{1B}[A\n", "a\0\n"])
    func control(keys: String) {
        #expect(throws: SecretInputError.controlCharacter) { try typed(keys) }
    }

    @Test("a line may be as long as the limit and no longer")
    func limit() throws {
        #expect(try typed("abcd\n", limit: 4) == "abcd")
        #expect(throws: SecretInputError.tooLarge) { try typed("abcde", limit: 4) }
    }
}
