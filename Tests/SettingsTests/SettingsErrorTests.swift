// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Testing

@testable import Settings

@Suite("settings error")
struct SettingsErrorTests {
    @Test(
        "the message says what, whence and what is allowed",
        arguments: [
            (
                SettingsError.badValue(
                    name: "HOST_PORT", source: .environment, value: "abc", allowed: "one port 1–65535, or a list"),
                "HOST_PORT is \"abc\" (from the environment); allowed: one port 1–65535, or a list"
            ),
            (
                .badValue(name: "HOST_PORT", source: .flag, value: "", allowed: "x"),
                "HOST_PORT is \"\" (from the flag --host-port); allowed: x"
            ),
            (
                .badValue(name: "HOST_PORT", source: .file("/etc/a\nb"), value: "1", allowed: "x"),
                "HOST_PORT is \"1\" (from the file \"/etc/a\\nb\"); allowed: x"
            ),
            (
                .unreadableValue(name: "HOST_PORT", source: .environment),
                "HOST_PORT (from the environment) cannot be read as text"
            ),
            (
                .unreadableFile(path: "/a", source: .flag, fault: .failed(errno: ENOENT)),
                "CONFIG_FILE is \"/a\" (from the flag --config-file); there is no such file"
            ),
            (
                .unreadableFile(path: "/a", source: .environment, fault: .failed(errno: EIO)),
                "CONFIG_FILE is \"/a\" (from the environment); reading it failed with error number 5"
            ),
            (
                .badLine(path: "/a", line: 3, fault: .repeated(firstLine: 1)),
                "\"/a\", line 3: this name was set in line 1 already"
            ),
            (
                .unknownName(path: "/a", line: 2, name: "HOST_PROT"),
                "\"/a\", line 2: there is no setting \"HOST_PROT\""
            ),
        ]
    )
    func message(error: SettingsError, expected: String) {
        #expect(error.description == expected)
    }

    @Test(
        "a printed value has no control character and no invisible one",
        arguments: [
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1B}[2J\u{7F}\u{9B}", "\\u{1b}[2J\\u{7f}\\u{9b}"),
            ("say \"a\\b\"", "say \\\"a\\\\b\\\""),
            ("\u{202E}\u{2028}\u{200B}", "\\u{202e}\\u{2028}\\u{200b}"),
            ("é 日本 \u{1F600}", "é 日本 \u{1F600}"),
        ]
    )
    func printable(text: String, expected: String) {
        #expect(PrintableText(text).description == expected)
    }

    @Test("a printed value has at most 100 characters, and no half escape")
    func length() {
        let hundred = String(repeating: "a", count: 100)
        #expect(PrintableText(hundred).description == hundred)
        #expect(PrintableText(hundred + "a").description == String(repeating: "a", count: 99) + "…")
        #expect(PrintableText(String(repeating: "\n", count: 50)).description.count == 100)
        let fiftyOne = PrintableText(String(repeating: "\n", count: 51))
        #expect(fiftyOne.description == String(repeating: "\\n", count: 49) + "…")
        let marks = "a" + String(repeating: "\u{301}", count: 1_000_000)
        #expect(PrintableText(marks).description.unicodeScalars.count == 100)
    }
}
