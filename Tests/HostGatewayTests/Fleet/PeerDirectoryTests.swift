// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import HostGateway

@Suite("instances behind the names of peers")
struct PeerDirectoryTests {
    private struct Fixed: NameResolver {
        let found: [String]

        func addresses(of name: String) async -> [String] {
            name == "fleet" ? found : []
        }
    }

    private func endpoints(_ text: String, _ found: [String]) async throws -> [PeerEndpoint] {
        let peer = try #require(PeerAddress(text: text))
        return await PeerDirectory(peers: [peer], resolver: Fixed(found: found)).endpoints(of: [peer])
    }

    @Test("a name with several addresses means each, once and in their order")
    func several() async throws {
        let endpoints = try await endpoints("http://fleet:80", ["10.0.0.2", "::1", "10.0.0.1", "10.0.0.2"])
        #expect(endpoints.map(\.url) == ["http://10.0.0.2:80", "http://[::1]:80", "http://10.0.0.1:80"])
        #expect(endpoints.map(\.peer.authority) == ["fleet:80", "fleet:80", "fleet:80"])
        #expect("\(endpoints[1])" == "http://fleet:80 at ::1")
    }

    @Test("an address is not resolved, and the order of the list is kept")
    func numeric() throws {
        let texts = ["http://[::1]:80", "http://fleet:80", "http://127.0.0.1:80", "http://127.0.0.1:81"]
        let peers = texts.compactMap { PeerAddress(text: $0) }
        let directory = PeerDirectory(peers: peers, resolver: Fixed(found: []))
        #expect(directory.named.map { $0.map { "\($0)" } } == [["http://fleet:80"]])
        #expect(directory.numbered.map(\.url) == [texts[0], texts[2], texts[3]])
        #expect(directory.numbered.map { "\($0)" } == [texts[0], texts[2], texts[3]])
    }

    @Test("a name with several ports is resolved once, for all of them")
    func ports() async throws {
        let peers = ["http://fleet:80", "http://other:80", "http://fleet:81"].compactMap { PeerAddress(text: $0) }
        let directory = PeerDirectory(peers: peers, resolver: Fixed(found: ["10.0.0.1", "::1"]))
        #expect(directory.named == [[peers[0], peers[2]], [peers[1]]])
        let endpoints = await directory.endpoints(of: directory.named[0])
        #expect(
            endpoints.map(\.url)
                == ["http://10.0.0.1:80", "http://10.0.0.1:81", "http://[::1]:80", "http://[::1]:81"])
    }

    @Test("a name that leads nowhere has no instances")
    func nowhere() async throws {
        #expect(try await endpoints("http://other:80", ["10.0.0.1"]).isEmpty)
    }

    @Test("of very many only the first are asked")
    func bounded() async throws {
        let found = (0..<200).map { "10.0.0.\($0)" }
        #expect(try await endpoints("http://fleet:80", found).map(\.address) == Array(found.prefix(64)))
    }

    @Test("the system knows this machine, and again")
    func system() async {
        let resolver = SystemResolver()
        for _ in 0..<2 {
            let found = await resolver.addresses(of: "localhost")
            #expect(!found.isEmpty && Set(found).isSubset(of: ["127.0.0.1", "::1"]))
        }
        // Longer than any name: the resolver knows that without asking anybody.
        #expect(await resolver.addresses(of: String(repeating: "a.", count: 600)).isEmpty)
    }
}
