// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import Testing

@testable import HostGateway

@Suite("origins")
struct OriginRulesTests {
    private static let loopback = OriginRules(
        isLoopbackOnly: true, allowedNames: ["Wallet.Example", "host.docker.internal"])
    private static let open = OriginRules(isLoopbackOnly: false, allowedNames: [])

    private func request(
        _ authority: String?,
        origin: [String] = [],
        site: String? = nil,
        scheme: String? = "http"
    ) throws -> HTTPRequest {
        var request = HTTPRequest(method: .post, scheme: scheme, authority: authority, path: "/generate-seed")
        for origin in origin { request.headerFields.append(HTTPField(name: .origin, value: origin)) }
        if let site { request.headerFields[try #require(HTTPField.Name("Sec-Fetch-Site"))] = site }
        return request
    }

    private func isRefused(_ rules: OriginRules, _ request: HTTPRequest) -> Bool {
        do {
            try rules.check(request)
            return false
        } catch {
            #expect(error.reason == .badOrigin)
            return true
        }
    }

    @Test(
        "names of this machine and those allowed are served on loopback",
        arguments: [
            "localhost", "localhost:3000", "LOCALHOST:3000", "localhost.", "api.localhost", "127.0.0.1", "127.0.0.1:80",
            "127.0.0.1.", "127.1.2.3:3000", "[::1]", "[::1]:3000", "wallet.example", "WALLET.example:3000",
            "host.docker.internal",
        ])
    func local(authority: String) throws {
        #expect(!isRefused(Self.loopback, try request(authority)))
    }

    @Test(
        "any other name is refused on loopback, since it may only pretend to be this machine",
        arguments: [
            "evil.example", "evil.example:3000", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.1..",
            "127.0.0.01", "127.1", "127.0.0", "127.0.0.256", "2130706433", "0x7f.0.0.1", "0.0.0.0", "[::]", "::1",
            "[::1].evil.example", "[::1", "[::1]x:3000", "sub.wallet.example", "evillocalhost", "", ":3000", "10.0.0.1",
            "[::ffff:127.0.0.1]",
        ])
    func pretended(authority: String) throws {
        #expect(isRefused(Self.loopback, try request(authority)))
    }

    @Test(
        "where the gateway can be reached from elsewhere any name is served",
        arguments: ["evil.example", "10.0.0.1:80"])
    func reachable(authority: String) throws {
        #expect(!isRefused(Self.open, try request(authority)))
    }

    @Test("a request without a name is refused on loopback")
    func noAuthority() throws {
        #expect(isRefused(Self.loopback, try request(nil)))
    }

    @Test(
        "a page of the same origin is served",
        arguments: [
            ("localhost:3000", "http://localhost:3000"), ("localhost", "http://localhost"),
            ("localhost", "http://localhost:80"), ("localhost:80", "http://localhost"),
            ("LocalHost:3000", "HTTP://localhost:3000"), ("[::1]:3000", "http://[::1]:3000"),
            ("[::1]", "http://[::1]:80"), ("[::1]", "http://[::1]"),
        ])
    func same(authority: String, origin: String) throws {
        #expect(!isRefused(Self.loopback, try request(authority, origin: [origin])))
    }

    @Test(
        "a page of another origin is refused",
        arguments: [
            "null", "", "https://localhost:3000", "http://localhost", "http://localhost:3001", "http://127.0.0.1:3000",
            "http://evil.example", "http://localhost:3000.evil.example", "http://localhost:3000/", "localhost:3000",
            "http://evil@localhost:3000", "http://localhost:3000 http://evil.example", "file://",
        ])
    func foreign(origin: String) throws {
        for rules in [Self.loopback, Self.open] {
            #expect(isRefused(rules, try request("localhost:3000", origin: [origin])))
        }
    }

    @Test("one foreign origin among several is enough")
    func several() throws {
        let origins = ["http://localhost:3000", "http://evil.example"]
        #expect(isRefused(Self.open, try request("localhost:3000", origin: origins)))
        #expect(isRefused(Self.open, try request("localhost:3000", origin: origins.reversed())))
    }

    @Test("an origin of HTTPS has another usual port")
    func https() throws {
        #expect(!isRefused(Self.open, try request("a.example", origin: ["https://a.example:443"], scheme: "https")))
        #expect(isRefused(Self.open, try request("a.example", origin: ["https://a.example:80"], scheme: "https")))
    }

    @Test(
        "a request from another site is refused, whatever its origin",
        arguments: [
            ("cross-site", true), ("Cross-Site", true), ("same-origin", false), ("same-site", false), ("none", false),
        ])
    func site(value: String, refused: Bool) throws {
        #expect(isRefused(Self.open, try request("localhost", site: value)) == refused)
        #expect(
            isRefused(Self.loopback, try request("localhost", origin: ["http://localhost"], site: value)) == refused)
    }
}
