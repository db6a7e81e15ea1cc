// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Testing

@testable import HostGateway

@Suite("route table")
struct RouteTableTests {
    private static func route(_ method: HTTPRequest.Method, _ path: String) -> Route {
        Route(method: method, path: path, body: .ignored, isAdmitted: false, example: "curl URL\(path)") { _ in
            .answer(Answer(body: ByteBuffer()))
        }
    }

    private static let table = RouteTable([
        route(.get, "/info"), route(.post, "/seed"), route(.get, "/test"), route(.post, "/test"),
    ])

    private func index(_ method: HTTPRequest.Method, _ path: String) -> Int? {
        guard case .route(let index) = Self.table.match(method, path) else { return nil }
        return index
    }

    @Test("a path is found with its method, and HEAD finds what GET does")
    func found() {
        #expect(index(.get, "/info") == 0)
        #expect(index(.head, "/info") == 0)
        #expect(index(.post, "/seed") == 1)
        #expect(index(.get, "/test") == 2)
        #expect(index(.head, "/test") == 2)
        #expect(index(.post, "/test") == 3)
    }

    @Test(
        "another spelling is another path",
        arguments: [
            "", "/", "/Info", "/info/", "//info", "info", "/info?", "/info%20", "/%69nfo", "/seed/../info", "/info\0",
        ])
    func unknown(path: String) {
        guard case .none = Self.table.match(.get, path) else {
            Issue.record("\(path) was found")
            return
        }
    }

    @Test(
        "a known path with another method tells which there are",
        arguments: [
            (HTTPRequest.Method.post, "/info", "GET, HEAD"), (.get, "/seed", "POST"), (.head, "/seed", "POST"),
            (.delete, "/test", "GET, HEAD, POST"), (.options, "/info", "GET, HEAD"), (.connect, "/seed", "POST"),
        ])
    func otherMethods(method: HTTPRequest.Method, path: String, allow: String) {
        guard case .otherMethods(let routes) = Self.table.match(method, path) else {
            Issue.record("\(method) \(path) has another outcome")
            return
        }
        #expect(RouteTable.allow(routes) == allow)
    }

    @Test("a method in other letters is another method")
    func methodLetters() throws {
        let method = try #require(HTTPRequest.Method("get"))
        #expect(index(method, "/info") == nil)
    }
}
