// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

@Suite("The gateway's address")
struct GatewayAddressTests {
    @Test(
        "an address is kept, without slashes at its end and in lower case up to the path",
        arguments: [
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
            ("HTTPS://Gateway.Example/", "https://gateway.example"),
            ("https://gateway.example:8443/Prefix/two//", "https://gateway.example:8443/Prefix/two"),
            ("http://[::1]:3000/x%2Fy", "http://[::1]:3000/x%2Fy"),
        ]
    )
    func kept(text: String, expected: String) {
        #expect(GatewayAddress(text)?.text == expected)
    }

    @Test(
        "anything that is not http or https to a host is no address",
        arguments: [
            "", "127.0.0.1:3000", "ftp://host", "http://", "http:///path", "http://host:0", "http://host:65536",
            "http://host:", "http://host:+1", "http://host:12:34", "http://user@host", "http://user:secret@host",
            "http://host?query", "http://host/path?query", "http://host/#part", "http://host/a b", "http://host/%2",
            "http://host/%zz", "http://ho st", "http://host\n", "http://host/\"", "http://[::1", "http://[host]",
            "http://[::1]x", "http://[fe80::1%25eth0]", "http://hôte", "http+unix://socket", " http://host",
        ]
    )
    func refused(text: String) {
        #expect(GatewayAddress(text) == nil)
    }

    @Test(
        "only addresses of this machine are loopback",
        arguments: [
            ("http://127.0.0.1:3000", true), ("http://127.8.9.10", true), ("http://localhost", true),
            ("http://gateway.localhost", true), ("http://[::1]:3000", true),
            ("http://127.0.0.1.example", false), ("http://127.example", false), ("http://localhost.example", false),
            ("http://10.0.0.1", false), ("http://[::2]", false), ("http://notlocalhost", false),
        ]
    )
    func loopback(text: String, expected: Bool) throws {
        #expect(try #require(GatewayAddress(text)).isLoopback == expected)
    }

    @Test("https is encrypted, http is not")
    func encrypted() {
        #expect(GatewayAddress("https://host")?.isEncrypted == true)
        #expect(GatewayAddress("http://host")?.isEncrypted == false)
        #expect(GatewayAddress(GatewayAddress.standard.text) == .standard)
    }
}
