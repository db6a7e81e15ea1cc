// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing

@testable import HostGateway

@Suite("conversation with a client: answers")
struct HTTPConversationAnswerTests {
    @Test("one request after the other is answered on one connection")
    func answers() throws {
        let client = try Conversation()
        for number in 0..<3 {
            try client.request("/now?\(number)")
            let answer = try client.answer()
            #expect(answer.status == 200)
            #expect(answer.body == "now\(number)")
            #expect(answer.isWhole && !answer.closes)
        }
        #expect(client.isOpen)
    }

    @Test("every answer has the headers of the contract, a refusal too", arguments: ["/now", "/nothing"])
    func headers(path: String) throws {
        let client = try Conversation()
        try client.request(path, .get, [try #require(HTTPField.Name("X-Request-Id")): "mine-1"])
        let answer = try client.answer()
        let fields = answer.head.headerFields
        #expect(fields[.cacheControl] == "no-store")
        #expect(fields[.contentType] == "application/json")
        #expect(fields[.contentLength] == "\(answer.body.utf8.count)")
        #expect(fields[try #require(HTTPField.Name("X-Request-Id"))] == "mine-1")
        #expect(fields[.date]?.hasSuffix(" GMT") == true)
    }

    @Test("HEAD gets the headers of GET and no body")
    func headMethod() throws {
        let client = try Conversation()
        try client.request("/now", .head)
        let answer = try client.answer()
        #expect(answer.status == 200)
        #expect(answer.head.headerFields[.contentLength] == "3")
        #expect(answer.body == "")
        #expect(answer.isWhole)
    }

    @Test("pipelined requests are answered in their order, however many there are")
    func pipelined() throws {
        let client = try Conversation()
        for number in 0..<500 { try client.request("/now?\(number)") }
        let answers = try client.answers()
        #expect(answers.map(\.body) == (0..<500).map { "now\($0)" })
    }

    @Test("a body that comes in parts is put together")
    func parts() throws {
        let client = try Conversation()
        try client.head("/echo", .post, [.contentType: "application/json"])
        for _ in 0..<10 { try client.body(100) }
        #expect(try client.answers().isEmpty)
        try client.end()
        #expect(try client.answer().body == String(repeating: "x", count: 1000))
    }

    @Test("a client that asks to close gets its answer, and the connection closes")
    func asksToClose() throws {
        let client = try Conversation()
        try client.request("/now", .get, [.connection: "close"])
        let answer = try client.answer()
        #expect(answer.status == 200)
        #expect(answer.closes)
        try client.request()
        #expect(try client.answers().isEmpty)
        client.letLingerPass()
        #expect(!client.isOpen)
    }

    @Test("without an enclave a call is answered so, each time anew, and gives its place back")
    func noEnclave() throws {
        let client = try Conversation(inFlight: 1, queue: 0)
        for _ in 0..<3 {
            try client.request("/call", .post)
            let answer = try client.answer()
            #expect(answer.status == 503)
            #expect(answer.reason == "enclave_unavailable")
        }
        #expect(client.isOpen)
        #expect(client.admission.tryToEnter())
    }

    @Test("where nobody more may wait a call is refused, with the time to come again")
    func busy() throws {
        let client = try Conversation(inFlight: 0, queue: 0)
        try client.request("/call", .post)
        let answer = try client.answer()
        #expect(answer.status == 503)
        #expect(answer.reason == "busy")
        #expect(answer.head.headerFields[.retryAfter] == "1")
        #expect(client.isOpen)
    }

    @Test("who waits for his turn keeps those behind him waiting, and leaves the queue when he goes")
    func leaves() throws {
        let client = try Conversation(inFlight: 0, queue: 1)
        try client.request("/call", .post)
        try client.request()
        #expect(try client.answers().isEmpty)
        #expect(client.admission.enter {} == .refused)
        try client.channel.close().wait()
        #expect(client.admission.enter {} == .queued(2))
    }
}

@Suite("conversation with a client: refusals")
struct HTTPConversationRefusalTests {
    @Test(
        "a refused request is answered when it is whole, and the connection stays",
        arguments: [("/nothing", 404, "not_found"), ("/echo", 405, "method_not_allowed")])
    func stays(path: String, status: Int, reason: String) throws {
        let client = try Conversation()
        try client.head(path)
        try client.body(10)
        #expect(try client.answers().isEmpty)
        try client.end()
        let answer = try client.answer()
        #expect(answer.status == status)
        #expect(answer.reason == reason)
        #expect(!answer.closes)
        try client.request()
        #expect(try client.answer().status == 200)
    }

    @Test("a foreign host is refused")
    func origin() throws {
        let client = try Conversation()
        try client.head("/now", .get, authority: "evil.example")
        try client.end()
        #expect(try client.answer().reason == "bad_origin")
    }

    @Test("a request whose end cannot be told is answered at its head, and the connection closes")
    func noHost() throws {
        let client = try Conversation()
        try client.head("/now", .get, authority: nil)
        let answer = try client.answer()
        #expect(answer.status == 400)
        #expect(answer.reason == "bad_request")
        #expect(answer.closes)
        client.letLingerPass()
        #expect(!client.isOpen)
    }

    @Test("a body that announces itself as too large is refused at the head")
    func announced() throws {
        let client = try Conversation()
        try client.head("/echo", .post, [.contentLength: "1001", .contentType: "application/json"])
        let answer = try client.answer()
        #expect(answer.status == 413)
        #expect(answer.reason == "body_too_large")
        #expect(answer.closes)
    }

    @Test("a body that grows too large is refused at that byte")
    func grown() throws {
        let client = try Conversation()
        try client.head("/echo", .post, [.contentType: "application/json"])
        try client.body(1000)
        #expect(try client.answers().isEmpty)
        try client.body(1)
        let answer = try client.answer()
        #expect(answer.status == 413)
        #expect(answer.closes)
    }

    @Test("a body that is not declared as JSON is refused, and the connection stays")
    func mediaType() throws {
        let client = try Conversation()
        try client.head("/echo", .post, [.contentType: "text/plain"])
        try client.body(1)
        try client.end()
        #expect(try client.answer().reason == "unsupported_media_type")
        #expect(client.isOpen)
    }

    @Test(
        "who asks whether to continue is told to, unless the body is too large already",
        arguments: [
            ([.expect: "100-continue", .contentLength: "1000"], [100]), ([.expect: "100-Continue"], [100]),
            ([.expect: "100-continue", .contentLength: "1001"], [413]), ([.contentLength: "10"], []),
            ([.expect: "other", .contentLength: "10"], []),
        ] as [(HTTPFields, [Int])])
    func expectContinue(fields: HTTPFields, told: [Int]) throws {
        let client = try Conversation()
        try client.head("/echo", .post, fields)
        #expect(try client.answers().map(\.status) == told)
    }

    @Test("what is no HTTP is answered once, and the connection closes")
    func garbage() throws {
        let client = try Conversation()
        client.garbage()
        client.garbage()
        let answer = try client.answer()
        #expect(answer.status == 400)
        #expect(answer.reason == "bad_request")
        #expect(answer.closes && answer.isWhole)
        // Nothing more is answered.
        try client.request()
        #expect(try client.answers().isEmpty)
        #expect(client.isOpen)
        client.letLingerPass()
        #expect(!client.isOpen)
    }

    @Test("what is no HTTP behind a whole request waits for its turn")
    func garbageBehind() throws {
        let client = try Conversation(inFlight: 0, queue: 1)
        try client.request("/call", .post)
        client.garbage()
        #expect(try client.answers().isEmpty)
        #expect(client.isOpen)
    }

    @Test("an error of the connection itself is not answered, and ends it")
    func connectionError() throws {
        let client = try Conversation()
        client.channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
        #expect(try client.answers().isEmpty)
        #expect(!client.isOpen)
    }

    @Test("a refused client that goes on sending is listened to for a while, and no longer")
    func endless() throws {
        let client = try Conversation()
        client.garbage()
        try client.body(4 * 1024 * 1024)
        #expect(client.isOpen)
        try client.body(1)
        #expect(!client.isOpen)
    }

    @Test("a body that nobody reads is passed over up to the limit of those that are read")
    func unread() throws {
        let client = try Conversation()
        try client.head("/now")
        try client.body(1000)
        #expect(client.isOpen)
        try client.body(1)
        let answer = try client.answer()
        #expect(answer.status == 413)
        #expect(answer.closes)
        client.letLingerPass()
        #expect(!client.isOpen)
    }
}

@Suite("conversation with a client: time and end")
struct HTTPConversationTimeTests {
    @Test("a request that is not whole in time is told so, and the connection closes")
    func incomplete() throws {
        let client = try Conversation(timeout: .nanoseconds(0))
        try client.head("/echo", .post)
        client.letTimePass()
        let answer = try client.answer()
        #expect(answer.status == 504)
        #expect(answer.reason == "request_timeout")
        #expect(answer.closes)
        try client.end()
        #expect(try client.answers().isEmpty)
    }

    @Test("a request whose turn does not come in time is told so, and leaves the queue")
    func queued() throws {
        let client = try Conversation(timeout: .nanoseconds(0), inFlight: 0, queue: 1)
        try client.request("/call", .post)
        #expect(client.admission.enter {} == .refused)
        client.letTimePass()
        #expect(try client.answer().status == 504)
        #expect(client.admission.enter {} == .queued(2))
    }

    @Test("a connection without a request is closed after its time, without a word")
    func idle() throws {
        let client = try Conversation(timeout: .nanoseconds(0))
        client.letTimePass()
        #expect(try client.answers().isEmpty)
        #expect(!client.isOpen)
    }

    @Test("who is in time is not disturbed")
    func inTime() throws {
        let client = try Conversation(timeout: .hours(1))
        client.letTimePass()
        #expect(client.isOpen)
        try client.head()
        client.letTimePass()
        #expect(try client.answers().isEmpty)
        try client.end()
        #expect(try client.answer().status == 200)
    }

    @Test("a client that closes its half between requests is let go")
    func halfClosed() throws {
        let client = try Conversation()
        try client.request()
        #expect(try client.answer().status == 200)
        client.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!client.isOpen)
    }

    @Test("a server that stops lets idle clients go, and the others after their answer")
    func stopping() throws {
        let idle = try Conversation()
        idle.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!idle.isOpen)

        let busy = try Conversation()
        try busy.head()
        busy.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(busy.isOpen)
        try busy.end()
        let answer = try busy.answer()
        #expect(answer.status == 200)
        #expect(answer.closes)
    }
}
