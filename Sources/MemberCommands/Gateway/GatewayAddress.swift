// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Where the gateway is: `http` or `https`, a host, perhaps a port and a path prefix, and nothing else.
///
/// Names and passwords in the address are refused, because arguments and the environment are no place for them.
struct GatewayAddress: Sendable, Equatable {
    /// The address without a slash at its end; ASCII without quotes, backslashes or white space.
    let text: String
    /// Lower case, an IPv6 address without its brackets.
    let host: String
    let isEncrypted: Bool

    /// Where `renclave-host` listens unless it is told otherwise.
    static let standard = GatewayAddress(text: "http://127.0.0.1:3000", host: "127.0.0.1", isEncrypted: false)

    /// What an address has to look like, for a message.
    static let rule =
        "must be http:// or https://, a host, and where needed a port and a path, without user name, query or fragment"

    /// - Returns: `nil` if the text breaks ``rule``.
    init?(_ text: String) {
        guard let schemeEnd = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<schemeEnd.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[schemeEnd.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let host = Self.host(of: authority), let path = Self.path(rest[authority.endIndex...]) else {
            return nil
        }
        self.text = "\(scheme)://\(authority.lowercased())\(path)"
        self.host = host
        isEncrypted = scheme == "https"
    }

    private init(text: String, host: String, isEncrypted: Bool) {
        self.text = text
        self.host = host
        self.isEncrypted = isEncrypted
    }

    /// Whether what is sent there stays on this machine.
    var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return octets.count == 4 && octets.allSatisfy { $0 != nil } && octets.first == 127
    }

    private static func host(of authority: Substring) -> String? {
        let host: Substring
        let rest: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[..<end].dropFirst()
            rest = authority[end...].dropFirst()
            guard host.contains(":"), host.utf8.allSatisfy({ $0.isHexDigit || ":.".utf8.contains($0) }) else {
                return nil
            }
        } else {
            host = authority.prefix { $0 != ":" }
            rest = authority[host.endIndex...]
            guard !host.isEmpty, host.utf8.allSatisfy({ $0.isAlphanumeric || "-._".utf8.contains($0) }) else {
                return nil
            }
        }
        return isPort(rest) ? host.lowercased() : nil
    }

    /// Nothing, or a colon and a port.
    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let digits = text.dropFirst()
        guard text.hasPrefix(":"), digits.utf8.allSatisfy(\.isDigit) else { return false }
        return UInt16(digits).map { $0 > 0 } ?? false
    }

    /// The path without slashes at its end, where it consists of what RFC 3986 §3.3 allows in one.
    private static func path(_ text: Substring) -> Substring? {
        var bytes = text.utf8[...]
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard bytes.prefix(2).count == 2, bytes.prefix(2).allSatisfy({ $0.isHexDigit }) else { return nil }
                bytes = bytes.dropFirst(2)
            } else if !byte.isAlphanumeric, !"-._~!$&'()*+,;=:@/".utf8.contains(byte) {
                return nil
            }
        }
        var path = text
        while path.hasSuffix("/") { path.removeLast() }
        return path
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isHexDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }

    fileprivate var isAlphanumeric: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
