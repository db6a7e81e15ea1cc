// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import NIOCore
import Testing

@testable import HostGateway

@Suite("JSON that is written")
struct JSONObjectTests {
    private func text(_ members: (inout JSONObject) -> Void) -> String {
        var object = JSONObject(capacity: 0)
        members(&object)
        return String(buffer: object.finished())
    }

    @Test("members stand in the order of the calls")
    func members() {
        let written = text { object in
            object.string("a", "b")
            object.integer("n", Int64.min)
            object.integer("m", UInt64.max)
            object.bool("t", true)
            object.bool("f", false)
            object.null("z")
            object.byteArray("bytes", [0, 255, 7])
            object.byteArray("none", [])
            object.raw("raw", Array("[1, 2]".utf8))
            object.hex("hex", ByteBuffer(bytes: [0x00, 0xAB, 0xFF]))
            object.words("words", ByteBuffer(string: "あ\u{3000}い"))
            object.strings("list", ["x", "\"", ""])
            object.object("inner") { $0.integer("i", 1) }
            object.object("empty") { _ in }
            object.objects("many", [1, 2]) { $0.integer("v", $1) }
            object.object("outer") { outer in
                outer.objects("list", [3]) { inner, value in inner.object("deep") { $0.integer("v", value) } }
                outer.bool("last", true)
            }
        }
        #expect(
            written
                == #"{"a":"b","n":-9223372036854775808,"m":18446744073709551615,"t":true,"f":false,"z":null,"#
                + #""bytes":[0,255,7],"none":[],"raw":[1, 2],"hex":"00abff","words":"あ"# + "\u{3000}"
                + #"い","list":["x","\"",""],"inner":{"i":1},"empty":{},"many":[{"v":1},{"v":2}],"#
                + #""outer":{"list":[{"deep":{"v":3}}],"last":true}}"#
        )
    }

    @Test("every byte is written as its number")
    func everyByte() {
        let all = Array(UInt8.min...UInt8.max)
        #expect(text { $0.byteArray("b", all) } == "{\"b\":[\(all.map(String.init).joined(separator: ","))]}")
    }

    @Test("an object without members is one")
    func empty() {
        #expect(text { _ in } == "{}")
    }

    @Test(
        "what must be escaped is",
        arguments: [
            ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\r", #"\r"#), ("\t", #"\t"#), ("\0", #"\u0000"#),
            ("\u{08}", #"\u0008"#), ("\u{1F}", #"\u001f"#), ("a\"b\\c", #"a\"b\\c"#), ("\r\n", #"\r\n"#),
        ])
    func escapes(value: String, escaped: String) {
        #expect(text { $0.string("v", value) } == "{\"v\":\"\(escaped)\"}")
    }

    @Test(
        "what need not be escaped is not", arguments: ["", "/", "\u{7F}", "é", "€", "🔑", "\u{2028}", "'", "e\u{301}"])
    func plain(value: String) {
        #expect(text { $0.string("v", value) } == "{\"v\":\"\(value)\"}")
    }

    @Test("Foundation reads every character back, alone and among others")
    func readBack() throws {
        for value in Array(0...0x2FF as ClosedRange<UInt32>) + [0x2028, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF] {
            let scalar = try #require(Unicode.Scalar(value))
            for string in [String(scalar), "\"\(scalar)x"] {
                let written = text { $0.string("v", string) }
                let read = try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: String]
                #expect(read?["v"].map { Array($0.utf8) } == Array(string.utf8))
            }
        }
    }

    @Test("hexadecimal digits are in lower case")
    func hex() {
        #expect(Hex.encode([]) == "")
        #expect(Hex.encode([0, 1, 0x9A, 0xFF]) == "00019aff")
    }
}
