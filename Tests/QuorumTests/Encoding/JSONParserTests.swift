// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Quorum

/// A document and what it reads as.
struct AcceptedDocument: Sendable, CustomTestStringConvertible {
    let text: String
    let value: JSONValue

    init(_ text: String, _ value: JSONValue) {
        self.text = text
        self.value = value
    }

    var testDescription: String { text }
}

/// What is wrong with a document, and its bytes.
struct RefusedDocument: Sendable, CustomTestStringConvertible {
    let fault: String
    let bytes: [UInt8]

    init(_ fault: String, _ text: String) {
        self.init(fault, Array(text.utf8))
    }

    init(_ fault: String, _ bytes: [UInt8]) {
        self.fault = fault
        self.bytes = bytes
    }

    /// A string of these bytes.
    static func string(_ fault: String, _ bytes: [UInt8]) -> RefusedDocument {
        RefusedDocument(fault, [0x22] + bytes + [0x22])
    }

    var testDescription: String { fault }
}

private func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
}

@Suite("Strict JSON")
struct JSONParserTests {
    @Test(
        "a document is read",
        arguments: [
            AcceptedDocument("null", .null),
            AcceptedDocument(" \t\r\n true \t\r\n ", .bool(true)),
            AcceptedDocument("false", .bool(false)),
            AcceptedDocument("0", .integer(JSONInteger(0 as UInt64))),
            AcceptedDocument("-1", .integer(JSONInteger(-1 as Int64))),
            AcceptedDocument("9223372036854775808", .integer(JSONInteger(1 << 63 as UInt64))),
            AcceptedDocument("18446744073709551615", .integer(JSONInteger(UInt64.max))),
            AcceptedDocument("-9223372036854775808", .integer(JSONInteger(Int64.min))),
            AcceptedDocument("[]", .array([])),
            AcceptedDocument("{ }", .object([])),
            AcceptedDocument("[ null ,[ ] , \"\" ]", .array([.null, .array([]), .string("")])),
            AcceptedDocument(
                #"{"b":1,"a":{"":null}}"#,
                .object([
                    JSONMember(name: "b", value: .integer(JSONInteger(1 as UInt64))),
                    JSONMember(name: "a", value: .object([JSONMember(name: "", value: .null)])),
                ])),
            AcceptedDocument(#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
            AcceptedDocument(#""\u0000\u001F\u20aC\uD83D\uDE00\uffff""#, .string("\0\u{1F}€😀\u{FFFF}")),
            AcceptedDocument(#""\ud800\udc00\uDBFF\uDFFF""#, .string("\u{10000}\u{10FFFF}")),
            AcceptedDocument(
                "\"\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}\"",
                .string("\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}")),
            AcceptedDocument(#""before \u0041 between \n after""#, .string("before A between \n after")),
        ])
    func accepted(_ document: AcceptedDocument) throws {
        #expect(try JSONValue(parsing: Array(document.text.utf8)) == document.value)
    }

    @Test(
        "text outside the grammar is refused",
        arguments: [
            RefusedDocument("nothing", ""),
            RefusedDocument("only white space", " \n"),
            RefusedDocument("a byte order mark", "\u{FEFF}null"),
            RefusedDocument("two values", "1 2"),
            RefusedDocument("a bracket too many", "[]]"),
            RefusedDocument("a zero byte after the value", "{}\0"),
            RefusedDocument("a comma after the value", "1,"),
            RefusedDocument("a form feed as white space", "\u{C}1"),
            RefusedDocument("a no-break space as white space", "\u{A0}1"),
            RefusedDocument("a comment", "[1/**/]"),
            RefusedDocument("an upper-case literal", "True"),
            RefusedDocument("half a literal", "nul"),
            RefusedDocument("a literal that goes on", "nulll"),
            RefusedDocument("an unknown word", "undefined"),
            RefusedDocument("not a number", "NaN"),
            RefusedDocument("infinity", "-Infinity"),
            RefusedDocument("an array without end", "[1"),
            RefusedDocument("an array that ends with a comma", "[1,]"),
            RefusedDocument("an array that begins with a comma", "[,1]"),
            RefusedDocument("two commas", "[1,,2]"),
            RefusedDocument("no comma", "[1 2]"),
            RefusedDocument("an array closed as an object", "[1}"),
            RefusedDocument("an object closed as an array", "{\"a\":1]"),
            RefusedDocument("an object without end", "{\"a\":1"),
            RefusedDocument("an object that ends with a comma", "{\"a\":1,}"),
            RefusedDocument("an object that is one comma", "{,}"),
            RefusedDocument("a name without value", "{\"a\"}"),
            RefusedDocument("a name and a colon only", "{\"a\":}"),
            RefusedDocument("two colons", "{\"a\"::1}"),
            RefusedDocument("a name without quotes", "{a:1}"),
            RefusedDocument("a name in single quotes", "{'a':1}"),
            RefusedDocument("a number as name", "{1:1}"),
            RefusedDocument("null as name", "{null:1}"),
            RefusedDocument("an object nested too deep", String(repeating: "{\"\":", count: 33) + "1"),
            RefusedDocument("33 arrays", nested(33)),
            RefusedDocument("a million opening brackets", String(repeating: "[", count: 1 << 20)),
        ])
    func grammar(_ document: RefusedDocument) {
        #expect(throws: QuorumError.malformedJSON) { try JSONValue(parsing: document.bytes) }
    }

    @Test("32 levels are read")
    func depth() throws {
        #expect(try JSONValue(parsing: Array(nested(32).utf8)).compact() == Array(nested(32).utf8))
    }

    @Test(
        "a number that is no 64-bit integer is refused",
        arguments: [
            "-", "+1", "--1", "- 1", "01", "00", "-01", "-0", "1.", ".5", "1.0", "-0.5", "1e3", "1E3", "1e", "1e+0",
            "0e0", "0.0", "0x10", "1_000", "1a", "١", "18446744073709551616", "18446744073709551620",
            "99999999999999999999", "-9223372036854775809", "-18446744073709551615", "-18446744073709551616",
            String(repeating: "9", count: 100_000),
        ])
    func number(_ text: String) {
        #expect(throws: QuorumError.malformedJSON) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(throws: QuorumError.malformedJSON) { try JSONValue(parsing: Array("{\"n\":\(text)}".utf8)) }
    }
}

// MARK: Strings

extension JSONParserTests {
    @Test(
        "a string that is not written as it must be is refused",
        arguments: [
            RefusedDocument("no end", "\"abc"),
            RefusedDocument("no end after an escape", #""abc\""#),
            RefusedDocument("a backslash at the end", #""\"#),
            RefusedDocument("single quotes", "'a'"),
            RefusedDocument("a raw line end", "\"\n\""),
            RefusedDocument("a raw tab", "\"\t\""),
            RefusedDocument("a raw zero", "\"\0\""),
            RefusedDocument("a raw U+001F", "\"\u{1F}\""),
            RefusedDocument("an unknown escape", #""\x41""#),
            RefusedDocument("an upper-case escape", #""\N""#),
            RefusedDocument("an escaped single quote", #""\'""#),
            RefusedDocument("an escape in upper case", #""\U0041""#),
            RefusedDocument("three hex digits", #""\u004""#),
            RefusedDocument("a sign among hex digits", #""\u+041""#),
            RefusedDocument("no hex digit", #""\u00g0""#),
            RefusedDocument("a first half alone", #""\ud83d""#),
            RefusedDocument("a first half before a letter", #""\ud83dx""#),
            RefusedDocument("a first half before another escape", #""\ud83d\n""#),
            RefusedDocument("a first half before another character", #""\ud83d\u0041""#),
            RefusedDocument("two first halves", #""\ud83d\ud83d\ude00""#),
            RefusedDocument("a second half alone", #""\ude00""#),
            RefusedDocument("the halves the wrong way round", #""\ude00\ud83d""#),
            RefusedDocument("half a pair in a name", #"{"\ud83d":1}"#),
        ])
    func string(_ document: RefusedDocument) {
        #expect(throws: QuorumError.malformedJSON) { try JSONValue(parsing: document.bytes) }
    }

    @Test(
        "a string that is not UTF-8 is refused",
        arguments: [
            RefusedDocument.string("a byte that continues nothing", [0x80]),
            .string("two bytes cut short", [0xC3]),
            .string("three bytes cut short", [0xE2, 0x82]),
            .string("four bytes cut short", [0xF0, 0x9F, 0x98]),
            .string("an overlong slash of two bytes", [0xC0, 0xAF]),
            .string("an overlong U+007F", [0xC1, 0xBF]),
            .string("an overlong slash of three bytes", [0xE0, 0x80, 0xAF]),
            .string("an overlong U+07FF", [0xE0, 0x9F, 0xBF]),
            .string("an overlong U+FFFF", [0xF0, 0x8F, 0xBF, 0xBF]),
            .string("an overlong zero", [0xC0, 0x80]),
            .string("the first half of a pair", [0xED, 0xA0, 0xBD]),
            .string("both halves of a pair", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
            .string("above U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
            .string("a lead byte of five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]),
            .string("FE", [0xFE]),
            .string("FF", [0xFF]),
            .string("Latin-1", [0x63, 0x61, 0x66, 0xE9]),
            .string("a sequence that an escape interrupts", [0xC3] + Array(#"\u0080"#.utf8)),
            .string("a byte that continues an escape", Array(#"\u00c3"#.utf8) + [0xA9]),
            RefusedDocument("UTF-16", [0xFF, 0xFE, 0x31, 0x00]),
            RefusedDocument("bad bytes outside a string", [0x5B, 0xC3, 0xA9, 0x5D]),
        ])
    func encoding(_ document: RefusedDocument) {
        #expect(throws: QuorumError.malformedJSON) { try JSONValue(parsing: document.bytes) }
    }
}

// MARK: Names

extension JSONParserTests {
    /// Besides the two that are shown, as many names as make the object a small or a large one.
    static func object(_ first: String, _ second: String, others: Int) -> [UInt8] {
        let names = [first] + (0..<others).map { "other \($0)" } + [second]
        return Array("{\(names.map { "\"\($0)\":0" }.joined(separator: ","))}".utf8)
    }

    @Test(
        "a name that occurs twice is refused, however it is escaped",
        arguments: [
            ("a", "a"), ("", ""), ("a", #"\u0061"#), ("😀", #"\ud83d\ude00"#), ("/", #"\/"#), (#"\n"#, #"\u000A"#),
        ],
        [0, 1, 7, 8, 100])
    func duplicate(_ names: (String, String), others: Int) {
        let bytes = Self.object(names.0, names.1, others: others)
        #expect(throws: QuorumError.malformedJSON) { try JSONValue(parsing: bytes) }
        #expect(throws: QuorumError.malformedJSON) {
            try JSONValue(parsing: Array("[{\"in\":".utf8) + bytes + Array("}]".utf8))
        }
    }

    @Test(
        "names that differ only in case, normalization or what cannot be seen are different",
        arguments: [("a", "A"), ("\u{E9}", "e\u{301}"), ("\u{2126}", "\u{3A9}"), ("a", "a\u{200B}"), ("", #"\u0000"#)],
        [0, 100])
    func distinct(_ names: (String, String), others: Int) throws {
        let value = try JSONValue(parsing: Self.object(names.0, names.1, others: others))
        #expect(try value.members().count == others + 2)
    }

    @Test("a member is found by the bytes of its name, whose value may be null")
    func member() throws {
        let value = try JSONValue(parsing: Array("{\"e\u{301}\":1,\"\u{E9}\":2,\"n\":null}".utf8))
        #expect(value.member("\u{E9}") == .integer(JSONInteger(2 as UInt64)))
        #expect(value.member("e\u{301}") == .integer(JSONInteger(1 as UInt64)))
        #expect(value.member("n") == .null)
        #expect(value.member("e") == nil)
        #expect(JSONValue.array([value]).member("n") == nil)
    }

    @Test("one name may occur in an object and in the one around it")
    func sameNameInside() throws {
        let bytes = Array(#"{"a":{"a":[{"a":1},{"a":1}]}}"#.utf8)
        #expect(try JSONValue(parsing: bytes).compact() == bytes)
    }

    @Test("an object of a hundred thousand names is read, and refused where the last is the first again")
    func manyNames() throws {
        let names = (0..<100_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try JSONValue(parsing: Array("{\(names)}".utf8)).members().count == 100_000)
        #expect(throws: QuorumError.malformedJSON) { try JSONValue(parsing: Array("{\(names),\"0\":0}".utf8)) }
    }
}
