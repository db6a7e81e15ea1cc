// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Settings

/// A gateway of the fleet, as `PEERS` names it; behind one name there may be several.
package struct PeerAddress: Hashable, Sendable {
    /// A name or an IPv4 address in lower case, or an IPv6 address without its brackets.
    let host: String
    let port: UInt16
    /// Whether the host is an address, which needs no resolving.
    let isNumeric: Bool

    /// Reads `http://HOST:PORT`; nil for anything else, a path or a user's name included.
    package init?(text: String) {
        let scheme = "http://"
        guard text.utf8.starts(with: scheme.utf8) else { return nil }
        let authority = text.dropFirst(scheme.count)
        guard let colon = authority.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let portText = authority[authority.utf8.index(after: colon)...]
        guard let port = SettingText.unsigned(portText, in: 1...UInt16.max) else { return nil }
        self.port = port
        let host = authority[..<colon]
        if host.utf8.first == UInt8(ascii: "["), host.utf8.last == UInt8(ascii: "]") {
            self.host = host.dropFirst().dropLast().lowercased()
            isNumeric = true
            guard Self.isAddress(self.host, AF_INET6) else { return nil }
        } else {
            self.host = host.lowercased()
            isNumeric = Self.isAddress(self.host, AF_INET)
            guard isNumeric || Self.isName(host.utf8) else { return nil }
        }
    }

    /// The host as a URL has it, with the port: what a `Host` header says.
    var authority: String {
        "\(Self.bracketed(host)):\(port)"
    }

    /// An IPv6 address gets brackets; every other host is as it is.
    static func bracketed(_ host: String) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    }

    private static func isAddress(_ text: String, _ family: Int32) -> Bool {
        var bytes = in6_addr()
        return unsafe inet_pton(family, text, &bytes) == 1
    }

    /// Whether this is a name of DNS that nobody can take for an address in one of its old spellings, such as `127.1`.
    private static func isName(_ text: Substring.UTF8View) -> Bool {
        let labels = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.count <= 253, labels.allSatisfy(isLabel), let last = labels.last else { return false }
        return !isNumber(last)
    }

    /// Whether old readers of addresses take this for a number: decimal, octal, or hexadecimal behind `0x`.
    private static func isNumber(_ label: Substring.UTF8View.SubSequence) -> Bool {
        let isHexadecimal = label.count > 2 && (label.starts(with: "0x".utf8) || label.starts(with: "0X".utf8))
        let digits = isHexadecimal ? label.dropFirst(2) : label
        return digits.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): isHexadecimal
            default: false
            }
        }
    }

    private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...63).contains(label.count), label.first != hyphen, label.last != hyphen else { return false }
        return label.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), hyphen:
                true
            default: false
            }
        }
    }
}

extension PeerAddress: CustomStringConvertible {
    /// As `PEERS` has it.
    package var description: String { "http://\(authority)" }
}

extension PeerAddress {
    /// Reads a comma list, in which no peer occurs twice; nil where an item is none.
    static func list(_ text: String) -> [PeerAddress]? {
        guard let items = SettingText.names(text) else { return nil }
        let peers = items.compactMap { PeerAddress(text: $0) }
        return peers.count == items.count && Set(peers).count == peers.count ? peers : nil
    }
}
