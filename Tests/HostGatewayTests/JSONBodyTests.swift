// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Testing

@testable import HostGateway

private let fields = ["strength", "passphrase", "language", "seed_type", "value", "a", "b"]

private func body(_ bytes: [UInt8]) throws(RequestError) -> JSONBody {
    // Bytes before the body, so that an offset taken from the buffer's start would be noticed.
    var buffer = ByteBuffer(string: "POST ")
    buffer.moveReaderIndex(forwardBy: 5)
    buffer.writeBytes(bytes)
    return try JSONBody(buffer, allowing: fields)
}

private func body(_ text: String) throws(RequestError) -> JSONBody {
    try body(Array(text.utf8))
}

/// The first and last character of each length in UTF-8, and those around the surrogates.
private let edges = "\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}"

private func refusal(_ text: String) -> RequestError? {
    #expect(throws: RequestError.self) { try body(text) }
}

@Suite("JSON request body: structure")
struct JSONBodyStructureTests {
    @Test(
        "a document that is no JSON is invalid_json",
        arguments: [
            " ", "\n", "{", "[", "]", "}", "\"", "[1", "[1,]", "[,1]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1}}", "{\"a\":1} x", "{} {}", "{\"a\":1}//", "/**/{}", "{\"a\":/**/1}",
            "nul", "nulll", "True", "tru", "falsee", "NaN", "Infinity", "-", "undefined", "{\"a\":tru}", "\u{FEFF}{}",
            "{\u{A0}}", "{\u{0B}}", "{}\0", "\0", "{\"a\":[1 2]}", "{\"a\":{\"b\":[}}}", "{\"a\":\"x}",
        ])
    func malformed(_ text: String) {
        #expect(refusal(text)?.reason == .invalidJSON)
    }

    @Test(
        "JSON that is no object is wrong_type",
        arguments: [
            "[]", "1", "\"a\"", "null", "true", " [ 1 , 2 ] ", "-0.5e1",
        ])
    func noObject(_ text: String) {
        #expect(refusal(text) == RequestError(.wrongType, message: "The body must be a JSON object."))
    }

    @Test("an empty body and an empty object have no fields", arguments: ["", "{}", " \t\r\n{ \n} \r\n"])
    func empty(_ text: String) throws {
        let body = try body(text)
        #expect(!body.isPresent("strength"))
        #expect(try body.integer("strength", in: 0...256) == nil)
        #expect(try body.text("passphrase") == nil)
        #expect(try body.string("language") == nil)
        #expect(try body.object("value") == nil)
        #expect(body.raw("value") == nil)
    }

    @Test("32 levels are read and 33 are not", arguments: [("[", "]"), ("{\"k\":", "}")])
    func depth(_ open: String, _ close: String) throws {
        // The top-level object is the first level.
        func nested(_ levels: Int) -> String {
            let middle = open == "[" ? "" : "0"
            return "{\"value\":" + String(repeating: open, count: levels - 1) + middle
                + String(repeating: close, count: levels - 1) + "}"
        }
        _ = try body(nested(32))
        #expect(
            refusal(nested(33))
                == RequestError(.invalidJSON, message: "The body is nested more than 32 levels deep."))
        #expect(refusal(String(repeating: open, count: 200_000))?.reason == .invalidJSON)
    }

    @Test("of many unknown fields the first is named, however they are spelt")
    func manyUnknown() throws {
        let name = String(repeating: #"\u0061"#, count: 5000)
        let long = (0..<20).map { "\"\(name)\($0)\":0" }.joined(separator: ",")
        #expect(refusal("{\"x\":1,\(long)}")?.field == "x")
        #expect(refusal("{\(long),\"x\":1}")?.reason == .unknownField)
        #expect(refusal("{\(long),\"x\":1}")?.field == nil)
        let spelt = "value".utf8.map { #"\u00"# + String($0, radix: 16) }.joined()
        #expect(try body("{\"\(spelt)\":{}}").isPresent("value"))
        #expect(refusal("{\"\(spelt)\\u0061\":{}}")?.field == "valuea")
        #expect(refusal("{\"y\":1,\"z\":1,\"z\":2}")?.reason == .duplicateKey)
    }

    @Test("white space between tokens changes nothing")
    func whiteSpace() throws {
        let body = try body(" {\t\"strength\" \n:\r 256 , \"a\" : [ 1 , { } , [ ] ] }\n")
        #expect(try body.integer("strength", in: 0...256) == 256)
        #expect(body.raw("a") == ByteBuffer(string: "[ 1 , { } , [ ] ]"))
    }

    @Test("printing a body shows nothing of it")
    func printing() throws {
        let body = try body("{\"passphrase\":\"canary\"}")
        var dumped = ""
        dump(body, to: &dumped)
        for text in ["\(body)", String(reflecting: body), "\(Optional(body) as Any)", dumped] {
            #expect(text.contains("JSONBody"))
            #expect(!text.contains("canary"))
            #expect(!text.contains("63616e617279"))
        }
    }
}

@Suite("JSON request body: names")
struct JSONBodyNameTests {
    @Test(
        "a key that occurs twice in one object is duplicate_key with its path",
        arguments: [
            ("{\"a\":1,\"a\":1}", "a"),
            ("{\"a\":1,\"b\":2,\"\\u0061\":3}", "a"),
            ("{\"\\u0061\":1,\"a\":3}", "a"),
            ("{\"a\":{\"x\":1,\"y\":{},\"x\":2}}", "a.x"),
            ("{\"a\":[0,[],[1,{\"x\":1,\"x\":2}]]}", "a[2][1].x"),
            ("{\"a\":[{\"x\":{\"y\":1}},{\"x\":{\"y\":1,\"y\":1}}]}", "a[1].x.y"),
            ("{\"other\":1,\"other\":1}", "other"),
            ("{\"a\":{\"é\":1,\"\\u00e9\":1}}", nil),
            ("{\"a\":{\"\":1,\"\":1}}", nil),
            ("{\"a\":{\"é\":{\"x\":1,\"x\":1}}}", nil),
            ("{\"a\":{\"\\ud83d\\ude00\":1,\"😀\":1}}", nil),
        ])
    func duplicate(_ text: String, _ field: String?) {
        let subject = field.map { "The field \"\($0)\"" } ?? "A field"
        let expected = RequestError(.duplicateKey, field: field, message: "\(subject) occurs more than once.")
        #expect(refusal(text) == expected)
    }

    @Test("a duplicate key is found at any place among many", arguments: [2, 7, 8, 9, 10, 40])
    func duplicateAmongMany(_ count: Int) throws {
        for first in 0..<count {
            for second in first + 1..<count + 1 {
                var names = (0..<count).map { "k\($0)" }
                names.insert("\\u006b\(first)", at: second)
                let object = names.map { "\"\($0)\":0" }.joined(separator: ",")
                #expect(refusal("{\"a\":{\(object)}}")?.field == "a.k\(first)")
            }
        }
    }

    @Test("the same key in different objects is no duplicate")
    func sameKeyElsewhere() throws {
        _ = try body("{\"a\":{\"a\":{\"a\":1},\"b\":2},\"b\":[{\"a\":1},{\"a\":1}]}")
    }

    @Test("ten thousand keys and a megabyte of distinct keys are read, and their last duplicate found")
    func manyKeys() throws {
        for count in [10_000, 100_000] {
            let object = (0..<count).map { "\"\($0)\":0" }.joined(separator: ",")
            _ = try body("{\"a\":{\(object)}}")
            #expect(refusal("{\"a\":{\(object),\"77\":0}}")?.field == "a.77")
        }
        let same = [String](repeating: "\"x\":0", count: 150_000).joined(separator: ",")
        #expect(refusal("{\"a\":{\(same)}}")?.field == "a.x")
    }

    @Test(
        "a field that is not allowed is unknown_field, and a near one is offered",
        arguments: [
            ("strenght", "strength"), ("Strength", "strength"), ("strengt", "strength"), ("pass_phrase", "passphrase"),
            ("seedType", "seed_type"), ("words", nil), ("zzz", nil), ("x", nil),
        ])
    func unknown(_ name: String, _ nearest: String?) {
        let expected = RequestError(
            .unknownField, field: name, message: "The field \"\(name)\" is not known here.",
            hint: nearest.map { "did you mean \"\($0)\"?" })
        #expect(refusal("{\"strength\":256,\"\(name)\":1}") == expected)
    }

    @Test(
        "the name of an unknown field is shown only if it is 1 to 64 printable ASCII characters",
        arguments: [
            ("", false), (String(repeating: "x", count: 64), true), (String(repeating: "x", count: 65), false),
            ("clé", false), ("a\\nb", false), ("a\\u007f", false), ("a\\\"b", true),
            (String(repeating: "\\u0078", count: 64), true), (String(repeating: "x", count: 100_000), false),
        ])
    func shownName(_ name: String, _ isShown: Bool) {
        let error = refusal("{\"\(name)\":1}")
        #expect(error?.reason == .unknownField)
        #expect((error?.field != nil) == isShown)
        #expect(isShown || error?.message == "The body has a field that is not known here.")
    }

    @Test("a field is known by its unescaped name")
    func escapedName() throws {
        #expect(try body("{\"\\u0073trength\":192}").integer("strength", in: 128...256) == 192)
        #expect(refusal("{\"strength\\u0000\":192}")?.reason == .unknownField)
    }

    @Test("only the top level's names are checked")
    func nestedNames() throws {
        _ = try body("{\"a\":{\"anything\":1}}")
    }

    @Test("what is no JSON is refused first, then a duplicate, then an unknown field")
    func precedence() {
        #expect(refusal("{\"x\":1,\"a\":1,\"a\":1")?.reason == .invalidJSON)
        #expect(refusal("{\"x\":1,\"a\":1,\"a\":1}")?.reason == .duplicateKey)
        #expect(refusal("{\"x\":1,\"y\":1,\"a\":1}")?.field == "x")
    }
}

@Suite("JSON request body: values")
struct JSONBodyValueTests {
    @Test(
        "every spelling of an integer is that integer",
        arguments: [
            ("0", 0), ("-0", 0), ("0.0", 0), ("0e999999999999", 0), ("-0.00E-5", 0), ("256", 256), ("256.0", 256),
            ("256.000", 256), ("2.56e2", 256), ("2.56E+2", 256), ("25600e-2", 256), ("0.256e3", 256),
            ("0.000000256e09", 256), ("2560000000000000000000000e-22", 256), ("1e3", 1000), ("-1", -1),
            ("-12.5e1", -125),
            ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("9.223372036854775807e18", Int64.max),
            ("1000000000000000000", 1_000_000_000_000_000_000), ("1e18", 1_000_000_000_000_000_000),
            ("1" + String(repeating: "0", count: 5000) + "e-5000", 1),
            ("0." + String(repeating: "0", count: 4999) + "1e5000", 1),
        ] as [(String, Int64)])
    func integers(_ number: String, _ value: Int64) throws {
        #expect(try body("{\"value\":\(number)}").integer("value", in: .min ... .max) == value)
    }

    @Test(
        "an integer outside the range is out_of_range, however large",
        arguments: [
            "-1", "257", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551615",
            "18446744073709551616", "1e19", "-1e19", "1e400", "-1e400", "1e999999999999",
            "1.5e999999999999999999999999",
            "1e18446744073709551616", "9999999999999999999", "99999999999999999999", "12345678901234567890123",
            "1" + String(repeating: "0", count: 100_000), "1e00000000000000000000000000000000000400",
        ] as [String])
    func tooLarge(_ number: String) throws {
        let body = try body("{\"strength\":\(number)}")
        let expected = RequestError(
            .outOfRange, field: "strength", message: "The field \"strength\" must be from 0 to 256.")
        #expect(throws: expected) { try body.integer("strength", in: 0...256) }
    }

    @Test(
        "anything but a whole number is wrong_type",
        arguments: [
            "256.5", "1e-1", "0.1", "2.565e2", "1e-999999999999", "-0.5", "1e-18446744073709551616", "\"256\"", "null",
            "true", "false", "[]", "[256]", "{}", "\"\"", String(repeating: "1", count: 50_000) + ".5",
        ] as [String])
    func noInteger(_ value: String) throws {
        let body = try body("{\"strength\":\(value)}")
        #expect(throws: RequestError.wrongType("strength", expected: "an integer")) {
            try body.integer("strength", in: .min ... .max)
        }
    }

    @Test(
        "a number that RFC 8259 has no form for is invalid_json",
        arguments: [
            "01", "-01", "00", "+1", ".5", "5.", "1.e2", "1e", "1e+", "1e-", "-", "--1", "-.5", "0x10", "1_000",
            "1,000",
            "1e1.5", "1 2", "1f", "٣", "1ee2", "-e1", "0e", "1.2.3",
        ])
    func malformedNumber(_ number: String) {
        #expect(refusal("{\"value\":\(number)}")?.reason == .invalidJSON)
    }

    @Test(
        "a string is its unescaped UTF-8",
        arguments: [
            ("", ""), ("abandon ability", "abandon ability"), ("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\u{8}\u{C}\n\r\t"),
            ("\\u0041\\u00e9\\u00E9\\u20ac", "Aéé€"), ("\\ud83d\\ude00", "😀"), ("\\uD800\\uDC00", "\u{10000}"),
            ("\\udbff\\udfff", "\u{10FFFF}"), ("é€😀\u{7F}", "é€😀\u{7F}"), ("\\u0000", "\0"),
            ("\\\\u0041", "\\u0041"),
            (edges, edges),
            ("\\u07ff\\u0800\\ud7ff\\ue000\\uffff\\ud800\\udc00\\udbff\\udfff", edges), ("\u{FEFF}", "\u{FEFF}"),
        ])
    func strings(_ spelling: String, _ text: String) throws {
        let body = try body("{\"passphrase\":\"\(spelling)\"}")
        #expect(try body.text("passphrase") == Array(text.utf8))
        #expect(try body.string("passphrase") == text)
    }

    @Test(
        "a string with a wrong escape or a control character is invalid_json",
        arguments: [
            "\\", "\\x", "\\a", "\\'", "\\u", "\\u1", "\\u123", "\\u12g4", "\\u+123", "\\U0041", "\n", "\t", "\0",
            "\u{1F}",
            "\\ud800", "\\udc00", "\\ud800x", "\\ud800\\n", "\\ud800\\u0041", "\\ud800\\ud800", "\\udc00\\ud800",
            "\\ud800\\", "\\ud800\\u", "\\ud800\\udc0", "\\ud83d\\ude00\\ude00",
        ])
    func malformedString(_ spelling: String) {
        #expect(refusal("{\"passphrase\":\"\(spelling)\"}")?.reason == .invalidJSON)
        #expect(refusal("{\"\(spelling)\":1}")?.reason == .invalidJSON)
    }

    @Test("a string field of another type is wrong_type", arguments: ["1", "true", "[]", "{}", "null", "[\"a\"]"])
    func noString(_ value: String) throws {
        let body = try body("{\"language\":\(value)}")
        #expect(throws: RequestError.wrongType("language", expected: "a string")) { try body.text("language") }
        #expect(throws: RequestError.wrongType("language", expected: "a string")) { try body.string("language") }
    }

    @Test("null counts as absent where a field is nullable, and nowhere else")
    func null() throws {
        let body = try body("{\"seed_type\":null}")
        #expect(try body.text("seed_type", nullable: true) == nil)
        #expect(try body.string("seed_type", nullable: true) == nil)
        #expect(try body.object("seed_type", nullable: true) == nil)
        #expect(body.raw("seed_type", nullable: true) == nil)
        #expect(body.raw("seed_type") == ByteBuffer(string: "null"))
        #expect(!body.isPresent("seed_type", nullable: true))
        #expect(body.isPresent("seed_type"))
        #expect(throws: RequestError.wrongType("seed_type", expected: "a string")) { try body.text("seed_type") }
    }

    @Test("a nested value is given as it was sent", arguments: ["{ \"x\" : [1,  2] }", "{}", "{\"y\":\"\\u0041\"}"])
    func nested(_ value: String) throws {
        let body = try body("{\"strength\":1, \"value\": \(value) , \"a\":[]}")
        #expect(body.raw("value") == ByteBuffer(string: value))
        #expect(try body.object("value") == ByteBuffer(string: value))
        #expect(throws: RequestError.wrongType("a", expected: "an object")) { try body.object("a") }
    }
}
