// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol
import Testing

@testable import HostGateway

@Suite("requests on their way to a route")
struct RequestDispatcherTests {
    private static func route(_ method: HTTPRequest.Method, _ path: String) -> Route {
        Route(method: method, path: path, body: .optional, isAdmitted: false, example: "curl URL\(path)") { call in
            let text = "\(call.query)|\(String(buffer: call.body))|\(call.requestIdentifier)"
            return .answer(Answer(body: ByteBuffer(string: text)))
        }
    }

    private let dispatcher = RequestDispatcher(
        table: RouteTable([route(.get, "/info"), route(.post, "/seed")]),
        origins: OriginRules(isLoopbackOnly: true, allowedNames: [])
    )

    private func head(
        _ method: HTTPRequest.Method = .get,
        _ path: String? = "/info",
        authority: String? = "localhost",
        _ fields: HTTPFields = [:]
    ) -> HTTPRequest {
        HTTPRequest(method: method, scheme: "http", authority: authority, path: path, headerFields: fields)
    }

    private func refusal(_ head: HTTPRequest) -> Refusal? {
        do {
            _ = try dispatcher.receive(head)
            return nil
        } catch {
            return Refusal(error)
        }
    }

    @Test("a request without exactly one Host is malformed, and its connection of no more use")
    func host() throws {
        let name = try #require(HTTPField.Name("Host"))
        for head in [head(authority: nil), head([name: "localhost"])] {
            #expect(refusal(head)?.reason == "bad_request")
            #expect(refusal(head)?.closes == true)
        }
    }

    private func head(_ fields: HTTPFields) -> HTTPRequest {
        head(.get, "/info", authority: "localhost", fields)
    }

    @Test(
        "chunked is the only transfer coding",
        arguments: [
            ("chunked", false), ("Chunked", false), ("gzip, chunked", true), ("identity", true),
            ("chunked, chunked", true),
        ])
    func coding(value: String, isRefused: Bool) {
        let refusal = refusal(head([.transferEncoding: value]))
        #expect((refusal != nil) == isRefused)
        if isRefused {
            #expect(refusal?.reason == "bad_request")
            #expect(refusal?.closes == true)
        }
    }

    @Test("a foreign page is refused before it learns whether a path exists")
    func origin() {
        #expect(refusal(head(.get, "/nothing", authority: "evil.example"))?.reason == "bad_origin")
        #expect(refusal(head(.get, "/nothing", authority: "localhost", [.origin: "null"]))?.reason == "bad_origin")
        #expect(refusal(head(.get, "/nothing"))?.reason == "not_found")
    }

    @Test(
        "what stands behind the question mark is no part of the path",
        arguments: [
            ("/info", ""), ("/info?", ""), ("/info?a=b", "a=b"), ("/info?a?b", "a?b"), ("/info?/seed", "/seed"),
        ])
    func query(path: String, query: String) throws {
        guard case .route(let index) = try dispatcher.receive(head(.get, path)) else {
            Issue.record("\(path) was not found")
            return
        }
        let step = try dispatcher.begin(
            dispatcher.table.routes[index], head(.get, path), ByteBuffer(), requestIdentifier: "r")
        guard case .answer(let answer) = step else {
            Issue.record("no answer")
            return
        }
        #expect(String(buffer: answer.body) == "\(query)||r")
    }

    @Test("a request without a path is not found", arguments: [nil, "", "?", "*"] as [String?])
    func noPath(path: String?) {
        #expect(refusal(head(.get, path))?.reason == "not_found")
    }

    @Test("a body must be declared as JSON, no body need be declared")
    func mediaType() throws {
        let route = dispatcher.table.routes[1]
        let body = ByteBuffer(string: "{}")
        let text = head(.post, "/seed", authority: "localhost", [.contentType: "text/plain"])
        #expect(
            throws: RequestError(
                .unsupportedMediaType,
                message: "The body must be declared as application/json.",
                hint: "curl needs -H 'Content-Type: application/json'"
            )
        ) {
            try dispatcher.begin(route, text, body, requestIdentifier: "r")
        }
        _ = try dispatcher.begin(route, text, ByteBuffer(), requestIdentifier: "r")
        let json = head(.post, "/seed", authority: "localhost", [.contentType: "application/json"])
        _ = try dispatcher.begin(route, json, body, requestIdentifier: "r")
    }

    @Test("another method is told the right one, and the enclave's state and manifest where it answers")
    func wrongMethod() throws {
        guard case .otherMethods(let routes) = try dispatcher.receive(head(.get, "/seed")) else {
            Issue.record("the method was found")
            return
        }
        let call = dispatcher.wrongMethod(routes)
        #expect(call.operation == .info)
        let empty = QuorumSamples.info(.genesisBooted)
        let holder = QuorumSamples.info(.applicationReady, quorum: QuorumSamples.quorum(keyCheck: nil))
        let answers: [(EnclaveCall.Outcome, Phase?, [UInt8]?)] = [
            (.success(EnclaveAnswer(reply: .info(empty), secrets: ByteBuffer())), .genesisBooted, nil),
            (
                .success(EnclaveAnswer(reply: .info(holder), secrets: ByteBuffer())), .applicationReady,
                [UInt8](repeating: 4, count: 32)
            ),
            (.failure(EnclaveCallError.unavailable), nil, nil),
        ]
        for (outcome, state, manifestHash) in answers {
            let refusal = #expect(throws: Refusal.self) { try call.answer(outcome) }
            #expect(refusal?.status == .methodNotAllowed)
            #expect(refusal?.allow == "POST")
            #expect(refusal?.state == state)
            #expect(refusal?.manifestHash == manifestHash)
            #expect(refusal?.message.contains("curl URL/seed") == true)
        }
    }
}
