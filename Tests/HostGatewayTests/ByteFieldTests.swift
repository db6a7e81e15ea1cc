// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Testing

@testable import HostGateway

@Suite("byte fields")
struct ByteFieldTests {
    private func bytes(
        _ json: String,
        count: ClosedRange<Int> = 0...100,
        nullable: Bool = false
    ) throws(RequestError) -> [UInt8]? {
        let body = try JSONBody(ByteBuffer(string: "{\"f\":\(json)}"), allowing: ["f"])
        return try body.bytes("f", count: count, nullable: nullable)
    }

    @Test(
        "the three forms give the same bytes",
        arguments: [
            ("[0,1,127,128,255]", [0, 1, 127, 128, 255]), ("\"00017f80ff\"", [0, 1, 127, 128, 255]),
            ("\"0x00017F80fF\"", [0, 1, 127, 128, 255]), ("\"base64:AAF/gP8=\"", [0, 1, 127, 128, 255]),
            ("\"base64:AAF_gP8=\"", [0, 1, 127, 128, 255]), ("\"base64:AAF_gP8\"", [0, 1, 127, 128, 255]),
            ("[]", []), ("\"\"", []), ("\"0x\"", []), ("\"base64:\"", []),
            ("[ 1.0 , 1e2, 2.55E+2,0.0,-0, 10e-1\\n]", [1, 100, 255, 0, 0, 1]),
            ("\"base64:++++\"", [0xFB, 0xEF, 0xBE]), ("\"base64:-_-_\"", [0xFB, 0xFF, 0xBF]),
            ("\"base64:AA==\"", [0]), ("\"base64:AA\"", [0]), ("\"base64:/w==\"", [255]),
            ("\"\\u0030\\u0030ff\"", [0, 255]), ("[000001e0]", nil), ("[00]", nil),
        ] as [(String, [UInt8]?)])
    func forms(json: String, expected: [UInt8]?) throws {
        guard let expected else {
            #expect(throws: RequestError.self) { try bytes(json) }
            return
        }
        #expect(try bytes(json.replacing("\\n", with: "\n")) == expected)
    }

    @Test("every byte is read in every form")
    func everyByte() throws {
        let all = Array(UInt8.min...UInt8.max)
        let list = "[" + all.map(String.init).joined(separator: ",") + "]"
        #expect(try bytes(list, count: 256...256) == all)
        let hex = Hex.encode(all)
        for spelling in [hex, hex.uppercased(), "0x" + hex] {
            #expect(try bytes("\"\(spelling)\"", count: 256...256) == all)
        }
    }

    @Test(
        "what is no byte is bad_encoding",
        arguments: [
            "[256]", "[-1]", "[1,2,300]", "[1e3]", "[99999999999999999999]", "[-0.1e1]", "[1000]", "\"0\"", "\"0g\"",
            "\"0x0\"", "\"0X00\"", "\"00 \"", "\" 00\"", "\"00\\n\"", "\"é0\"", "\"٣٣\"", "\"base64:A\"",
            "\"base64:AA=\"", "\"base64:A===\"", "\"base64:AAA==\"", "\"base64:AAAA====\"", "\"base64:AB==\"",
            "\"base64:AAB=\"", "\"base64:AAB\"", "\"base64:A A=\"", "\"base64:AAAA\\n\"", "\"base64:+_AA\"",
            "\"base64:=\"", "\"base64:==\"", "\"base64:AA=A\"", "\"base64:AAA.\"", "\"BASE64:AAAA\"", "\"base64\"",
        ])
    func badEncoding(json: String) {
        let error = #expect(throws: RequestError.self) { try bytes(json) }
        #expect(error?.reason == .badEncoding)
        #expect(error?.field == "f")
    }

    @Test(
        "what is no list of integers and no text is wrong_type",
        arguments: [
            "[0.5]", "[\"1\"]", "[null]", "[true]", "[[1]]", "[{}]", "[1,2,25.5]", "1", "true", "{}", "null", "[1e-1]",
        ])
    func wrongType(json: String) {
        let error = #expect(throws: RequestError.self) { try bytes(json) }
        #expect(error?.reason == .wrongType)
        #expect(error?.field == "f")
    }

    @Test(
        "bytes of another number are out_of_range in every form",
        arguments: ["[1]", "[1,2,3]", "[]", "\"01\"", "\"010203\"", "\"base64:AA==\"", "\"base64:AAAA\"", "\"\""])
    func length(json: String) {
        #expect(throws: RequestError.outOfRange("f", expected: "2 bytes")) { try bytes(json, count: 2...2) }
        #expect(throws: RequestError.outOfRange("f", expected: "4 to 5 bytes")) { try bytes(json, count: 4...5) }
    }

    @Test("a list that is too long is not read to its end")
    func longList() {
        let list = "[" + [String](repeating: "1", count: 100_000).joined(separator: ",") + ",\"x\"]"
        #expect(throws: RequestError.outOfRange("f", expected: "2 bytes")) { try bytes(list, count: 2...2) }
    }

    @Test("null counts as absent only where it may")
    func null() throws {
        #expect(try bytes("null", nullable: true) == nil)
        #expect(try JSONBody(ByteBuffer(string: "{}"), allowing: ["f"]).bytes("f", count: 1...1) == nil)
    }
}
