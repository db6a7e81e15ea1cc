// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Logging
import Testing

@testable import StructuredLog

@Suite("text line")
struct TextLineTests {
    private func line(
        _ message: String, level: Logger.Level = .info, label: String = "renclave-host", metadata: Logger.Metadata = [:]
    ) -> String {
        let record = LogRecord(
            time: Timestamp(seconds: 1_795_261_680, milliseconds: 123), level: level, label: label, message: message,
            metadata: metadata)
        return String(decoding: LogLine(record, format: .text).bytes, as: UTF8.self)
    }

    @Test("an event is time, level, label, message and pairs sorted by key")
    func whole() {
        let metadata: Logger.Metadata = ["key2": "value with space", "key": "value", "n": .stringConvertible(7)]
        #expect(
            line("message", metadata: metadata)
                == "2026-11-21T11:48:00.123Z INFO  renclave-host message key=value key2=\"value with space\" n=7\n"
        )
    }

    @Test(
        "each level has its word",
        arguments: zip(
            Logger.Level.allCases, ["TRACE", "DEBUG", "INFO ", "NOTICE", "WARN ", "ERROR", "CRITICAL"])
    )
    func levels(level: Logger.Level, word: String) {
        #expect(line("m", level: level) == "2026-11-21T11:48:00.123Z \(word) renclave-host m\n")
    }

    @Test(
        "a value is quoted unless it is plain",
        arguments: [
            ("plain/value:1", "plain/value:1"),
            ("", "\"\""),
            ("a=b", "\"a=b\""),
            ("say \"a\"", "\"say \\\"a\\\"\""),
            ("a\\b", "\"a\\\\b\""),
            ("a\nb", "\"a\\nb\""),
            ("é", "\"é\""),
        ]
    )
    func values(value: String, shown: String) {
        #expect(line("m", metadata: ["k": "\(value)"]).hasSuffix(" m k=\(shown)\n"))
    }

    @Test("nothing in message, label, key or value ends the line or moves the cursor")
    func forging() {
        let hostile = "a\n2026-11-21T11:48:00.123Z INFO x\r\u{1B}[2K\u{85}\u{2028}\u{202E}\u{0}"
        let shown = line(hostile, label: hostile, metadata: [hostile: "\(hostile)"])
        #expect(shown.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
        #expect(shown.contains("a\\n2026-11-21T11:48:00.123Z INFO x\\r\\u001b[2K\\u0085\\u2028\\u202e\\u0000"))
        #expect(shown.contains(" a_2026-11-21T11_48_00.123Z_INFO_x___2K"))
    }

    @Test("lists and dictionaries are shown in order")
    func nested() {
        let metadata: Logger.Metadata = ["k": ["b": "2", "a": ["1", "x y"]]]
        #expect(line("m", metadata: metadata).hasSuffix(" m k=\"[a: [1, x y], b: 2]\"\n"))
    }

    @Test("a line of 4096 bytes is whole, a longer one is cut and says so")
    func length() {
        let whole = String(repeating: "x", count: 4096 - line("").utf8.count)
        #expect(line(whole).utf8.count == 4096)
        #expect(line(whole).contains(whole))
        #expect(line(whole + "x").hasSuffix(" \(String(repeating: "x", count: 2048))… truncated=true\n"))
    }

    @Test("short pairs survive beside long ones, and no character is cut in two")
    func longPairs() {
        var metadata: Logger.Metadata = ["request_id": "abc", "zz": "last"]
        for index in 0..<20 { metadata["long\(index)"] = "\(String(repeating: "\u{1F600}\n", count: 1000))" }
        let shown = line(String(repeating: "é", count: 9000), metadata: metadata)
        #expect(shown.utf8.count <= 4096)
        #expect(shown.contains(" request_id=abc zz=last truncated=true\n"))
        #expect(!shown.contains("\u{FFFD}"))
    }
}
