// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import NIOCore
import Testing

@testable import HostGateway

@Suite("objects and lists inside a body")
struct JSONBodyNestedTests {
    private func body(_ json: String) throws(RequestError) -> JSONBody {
        // Not at the start of its buffer, as bodies from the network are not.
        var buffer = ByteBuffer(string: "POST " + json)
        buffer.moveReaderIndex(forwardBy: 5)
        return try JSONBody(buffer, allowing: ["o", "l"])
    }

    private func error(_ json: String, _ read: (JSONBody) throws -> Void) -> RequestError? {
        #expect(throws: RequestError.self) { try read(body(json)) }
    }

    @Test("a field inside is read like one of the body, whatever stands around it")
    func fields() throws {
        let text = #" { "l" : [ {"n":1,"s":"a\"}]"} , { "n" : 2.0 , "s":"é\u0041"} ] , "o":{"s":"{[","n":-3} } "#
        let body = try body(text)
        let list = try #require(try body.list("l", count: 2...2, allowing: ["n", "s"]))
        #expect(try list.map { try $0.integer("n", in: 0...9) } == [1, 2])
        #expect(try list.map { try $0.string("s") } == ["a\"}]", "éA"])
        let object = try #require(try body.fields("o", allowing: ["n", "s"]))
        #expect(try object.integer("n", in: -3...0) == -3)
        #expect(try object.string("s") == "{[")
    }

    @Test("what is absent is nil, what is empty is empty")
    func absent() throws {
        let body = try body(#"{"l":[]}"#)
        #expect(try body.fields("o", allowing: []) == nil)
        #expect(try body.list("o", count: 0...1, allowing: []) == nil)
        #expect(try body.strings("o", atMost: 8) == nil)
        #expect(try body.list("l", count: 0...1, allowing: [])?.count == 0)
        #expect(try body.strings("l", atMost: 8) == [])
        #expect(try self.body(#"{"o": { } }"#).fields("o", allowing: ["n"])?.isPresent("n") == false)
    }

    @Test("the field at fault is named by the way to it")
    func paths() throws {
        let body = try body(#"{"l":[{"n":1},{"n":5,"p":{"q":"x"}}]}"#)
        let list = try #require(try body.list("l", count: 0...9, allowing: ["n", "p"]))
        #expect(throws: RequestError.outOfRange("l[1].n", expected: "from 1 to 2")) {
            try list[1].integer("n", in: 1...2)
        }
        #expect(throws: RequestError.wrongType("l[0].n", expected: "a string")) { try list[0].string("n") }
        let inner = try #require(try list[1].fields("p", allowing: ["q"]))
        #expect(throws: RequestError.wrongType("l[1].p.q", expected: "an integer")) {
            try inner.integer("q", in: 0...1)
        }
        #expect(throws: RequestError.missingField("l[1].p.r")) { try inner.required("r", Int?.none) }
        #expect(throws: RequestError.wrongType("l[1].n", expected: "an object")) {
            try list[1].fields("n", allowing: [])
        }
    }

    @Test("an unknown field inside is refused with its path, and a near one offered")
    func unknown() {
        let found = error(#"{"l":[{},{"name":1,"nmae":2}]}"#) { body in
            _ = try body.list("l", count: 0...9, allowing: ["name"])
        }
        #expect(
            found
                == RequestError(
                    .unknownField, field: "l[1].nmae", message: "The field \"l[1].nmae\" is not known here.",
                    hint: "did you mean \"name\"?"))
        let hidden = error(#"{"o":{"\n":1}}"#) { _ = try $0.fields("o", allowing: []) }
        #expect(
            hidden
                == RequestError(
                    .unknownField, field: "o", message: "The field \"o\" has a field that is not known here."))
    }

    @Test(
        "a list of other things is wrong_type",
        arguments: [
            (#"{"l":{}}"#, "l"), (#"{"l":"x"}"#, "l"), (#"{"l":null}"#, "l"), (#"{"l":[{},1]}"#, "l[1]"),
            (#"{"l":[[]]}"#, "l[0]"), (#"{"l":[null]}"#, "l[0]"), (#"{"l":["{}"]}"#, "l[0]"),
        ])
    func noList(json: String, field: String) {
        let found = error(json) { _ = try $0.list("l", count: 0...9, allowing: []) }
        #expect(found?.reason == .wrongType)
        #expect(found?.field == field)
    }

    @Test("a list of another length is out_of_range, however long it is", arguments: [0, 1, 4, 5, 200_000])
    func listLength(count: Int) {
        let json = "{\"l\":[" + [String](repeating: "1", count: count).joined(separator: ",") + "]}"
        let found = error(json) { _ = try $0.list("l", count: 2...3, allowing: []) }
        #expect(found == .outOfRange("l", expected: "a list of 2 to 3"))
    }

    @Test("texts of a list are read, and nothing else in one")
    func strings() throws {
        #expect(try body(#"{"l":["a","","\u00e9\"," , "]"]}"#).strings("l", atMost: 8) == ["a", "", "é\",", "]"])
        let found = error(#"{"l":["a",1]}"#) { _ = try $0.strings("l", atMost: 8) }
        #expect(found == .wrongType("l[1]", expected: "a string"))
        #expect(error(#"{"l":"a"}"#) { _ = try $0.strings("l", atMost: 8) }?.field == "l")
    }

    @Test("whatever byte of a document is another, what is read inside it is what an independent reader reads")
    func replaced() throws {
        let document = Array(#" { "l" : [ "a\"]" , "\u00e9{" ] , "o":{"s":"}\\","n":-10e-1,"b":[0,25.0e1]} } "#.utf8)
        var readCount = 0
        for index in document.indices {
            var changed = document
            for byte in UInt8.min...UInt8.max {
                changed[index] = byte
                guard let body = try? JSONBody(ByteBuffer(bytes: changed), allowing: ["l", "o"]) else { continue }
                let other = try JSONSerialization.jsonObject(with: Data(changed)) as? [String: Any]
                let list = (try? body.strings("l", atMost: 8)).flatMap(\.self)
                if let list { #expect(list == other?["l"] as? [String]) }
                guard let object = (try? body.fields("o", allowing: ["s", "n", "b"])).flatMap(\.self) else { continue }
                let inner = other?["o"] as? [String: Any]
                if let text = (try? object.string("s")).flatMap(\.self) { #expect(text == inner?["s"] as? String) }
                if let number = (try? object.integer("n", in: .min ... .max)).flatMap(\.self) {
                    #expect(number == (inner?["n"] as? NSNumber)?.int64Value)
                }
                if let bytes = (try? object.bytes("b", count: 0...9)).flatMap(\.self) {
                    #expect(bytes == (inner?["b"] as? [NSNumber])?.map(\.uint8Value))
                }
                readCount += 1
            }
        }
        #expect(readCount > document.count)
    }

    @Test("of two fields that say the same only one may stand")
    func beside() throws {
        let body = try body(#"{"o":1,"l":2}"#)
        let found = #expect(throws: RequestError.self) { try body.refuse("l", beside: "o") }
        #expect(found?.reason == .unknownField)
        #expect(found?.field == "l")
        #expect(found?.message == "The field \"l\" cannot stand beside \"o\".")
        try self.body(#"{"o":1}"#).refuse("l", beside: "o")
        try self.body(#"{"l":1}"#).refuse("l", beside: "o")
        #expect(throws: RequestError.unknownField("l", in: "", among: ["o"])) { try body.allowOnly(["o"]) }
        try body.allowOnly(["l", "o"])
    }
}
