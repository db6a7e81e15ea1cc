// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Logging
import Testing

@testable import StructuredLog

@Suite("JSON line")
struct JSONLineTests {
    private func line(
        _ message: String, label: String = "renclave-host", metadata: Logger.Metadata = [:]
    ) -> String {
        let record = LogRecord(
            time: Timestamp(seconds: 1_795_261_680, milliseconds: 123), level: .warning, label: label,
            message: message, metadata: metadata)
        return String(decoding: LogLine(record, format: .json).bytes, as: UTF8.self)
    }

    private func object(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    private let start = "{\"time\":\"2026-11-21T11:48:00.123Z\",\"level\":\"warning\",\"logger\":\"renclave-host\","

    @Test("an event is one object with its metadata sorted by key")
    func whole() {
        #expect(
            line("message", metadata: ["b": "2", "a": .stringConvertible(1)])
                == start + "\"message\":\"message\",\"a\":\"1\",\"b\":\"2\"}\n"
        )
    }

    @Test(
        "text is escaped and comes back as it was",
        arguments: [
            "", "\"", "\\", "\\\"", "a\nb\r\tc", "\u{0}\u{1F}\u{7F}\u{85}", "\u{2028}\u{202E}\u{FEFF}", "/",
            "é日\u{1F600}", "\u{E0001}", "\",\"level\":\"info",
        ]
    )
    func escaping(text: String) throws {
        let shown = line(text, label: text, metadata: ["k": "\(text)", "key \(text)": "v"])
        let object = try object(shown)
        #expect(object["message"] as? String == text)
        #expect(object["logger"] as? String == text)
        #expect(object["k"] as? String == text)
        #expect(object["key \(text)"] as? String == "v")
        #expect(object.count == 6)
        #expect(shown.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
    }

    @Test("metadata cannot take the place of the line's own keys, nor of other metadata")
    func clashes() {
        let metadata: Logger.Metadata = [
            "time": "1", "level": "2", "logger": "3", "message": "4", "truncated": "5", "meta_time": "6",
            "meta_meta_time": "7",
        ]
        #expect(
            line("m", metadata: metadata)
                == start + "\"message\":\"m\",\"meta_level\":\"2\",\"meta_logger\":\"3\",\"meta_message\":\"4\","
                + "\"meta_meta_meta_time\":\"1\",\"meta_meta_time\":\"7\",\"meta_time\":\"6\","
                + "\"meta_truncated\":\"5\"}\n"
        )
    }

    @Test("lists and dictionaries are JSON")
    func nested() {
        let metadata: Logger.Metadata = ["k": ["b": "2", "a": ["1", "x \"y\""], "c": [:], "d": []]]
        #expect(
            line("m", metadata: metadata).hasSuffix(
                ",\"k\":{\"a\":[\"1\",\"x \\\"y\\\"\"],\"b\":\"2\",\"c\":{},\"d\":[]}}\n")
        )
    }

    @Test("a line of 4096 bytes is whole, a longer one is cut, says so and is still an object")
    func length() throws {
        let whole = String(repeating: "x", count: 4096 - line("").utf8.count)
        #expect(line(whole).utf8.count == 4096)
        #expect(try object(line(whole))["message"] as? String == whole)
        let cut = try object(line(whole + "x"))
        #expect(cut["message"] as? String == String(repeating: "x", count: 2048) + "…")
        #expect(cut["truncated"] as? Bool == true)
    }

    @Test("short pairs survive beside long ones, and no escape is cut in two")
    func longPairs() throws {
        var metadata: Logger.Metadata = ["request_id": "abc", "zz": "last"]
        for index in 0..<20 { metadata["long\(index)"] = "\(String(repeating: "\u{1F600}\n\u{E0001}", count: 1000))" }
        metadata["nested"] = .array(Array(repeating: "x", count: 5000))
        metadata[String(repeating: "k", count: 5000)] = "long key"
        let label = String(repeating: "l", count: 9000)
        let shown = line(String(repeating: "\"", count: 9000), label: label, metadata: metadata)
        #expect(shown.utf8.count <= 4096)
        let object = try object(shown)
        #expect(object["request_id"] as? String == "abc")
        #expect(object["zz"] as? String == "last")
        #expect(object["truncated"] as? Bool == true)
        #expect(object["nested"] == nil)
    }
}
