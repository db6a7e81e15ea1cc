// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import HostGateway

@Suite("addresses of peers")
struct PeerAddressTests {
    @Test(
        "a peer is a host and a port",
        arguments: [
            ("http://a:1", "a", 1, false), ("http://tee-1.example.com:8080", "tee-1.example.com", 8080, false),
            ("http://A.B:65535", "a.b", 65535, false), ("http://my_service:80", "my_service", 80, false),
            ("http://localhost:3000", "localhost", 3000, false), ("http://10.0.0.1:80", "10.0.0.1", 80, true),
            ("http://[::1]:80", "::1", 80, true), ("http://[2001:DB8::a]:80", "2001:db8::a", 80, true),
            ("http://1a:1", "1a", 1, false), ("http://1.a:1", "1.a", 1, false), ("http://a.3f2:1", "a.3f2", 1, false),
            ("http://0x:1", "0x", 1, false),
        ] as [(String, String, UInt16, Bool)])
    func read(text: String, host: String, port: UInt16, isNumeric: Bool) throws {
        let address = try #require(PeerAddress(text: text))
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.isNumeric == isNumeric)
        #expect(address.description == text.lowercased())
        #expect("http://" + address.authority == address.description)
    }

    @Test(
        "nothing else is one",
        arguments: [
            "", "a", "a:1", "http://", "http://a", "http://a:", "http://:1", "https://a:1", "HTTP://a:1", "http:/a:1",
            "http://a:0", "http://a:65536", "http://a:-1", "http://a:01", "http://a:+1", "http://a:1/",
            "http://a:1/path", "http://a:1?q", "http://a:1#f", "http://user@a:1", "http://user:word@a:1",
            "http://a b:1", "http://a%41:1", "http://é:1", "http://a..b:1", "http://.a:1", "http://a.:1",
            "http://-a:1", "http://a-:1", "http://a\0:1", "http://a\n:1", "http://::1:80", "http://[::1]",
            "http://[a]:1",
            "http://[127.0.0.1]:1", "http://[::1%lo]:1", "http://[]:1", "http://[:1", "http://]:1",
            "http://127.1:1", "http://127.0.0.1.:1", "http://256.0.0.1:1", "http://0x7f000001:1", "http://2130706433:1",
            "http://a.0x1:1", "http://0XF:1", "http://a.1:1", "http://1:1", "http://1.2.3.4.5:1",
            "http://\(String(repeating: "a", count: 64)):1",
            "http://\(String(repeating: "a.", count: 127)):1",
        ])
    func refused(text: String) {
        #expect(PeerAddress(text: text) == nil)
    }

    @Test("the longest name is one of 253 characters, its parts of 63")
    func longest() {
        let part = String(repeating: "a", count: 63)
        let name = [part, part, part, String(part.dropLast(2))].joined(separator: ".")
        #expect(name.count == 253)
        #expect(PeerAddress(text: "http://\(name):1")?.host == name)
        #expect(PeerAddress(text: "http://\(name)a:1") == nil)
    }
}
