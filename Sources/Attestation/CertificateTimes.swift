// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import SwiftASN1

/// The times of a certificate as they are written (RFC 5280, section 4.1.2.5).
enum CertificateTimes {
    /// Whether both times of a certificate end with a second from 00 to 59, and `Z`.
    ///
    /// ASN.1 has leap seconds, and its reader takes them; what counts the time from there does not expect them, and a
    /// certificate is read before anybody has signed for it.
    static func areOfTheClock(_ der: [UInt8]) -> Bool {
        guard let certificate = try? DER.parse(der), let signed = children(of: certificate)?.first,
            let validity = children(of: signed)?.lazy.compactMap({ times(in: $0) }).first
        else { return false }
        return validity.allSatisfy(endsWithSecond)
    }

    /// The contents of both times, where a part of a certificate is the one that has them.
    private static func times(in part: ASN1Node) -> [ArraySlice<UInt8>]? {
        guard part.identifier == .sequence, let parts = children(of: part), parts.count == 2 else { return nil }
        let times = parts.compactMap { time -> ArraySlice<UInt8>? in
            guard [.utcTime, .generalizedTime].contains(time.identifier), case .primitive(let text) = time.content
            else { return nil }
            return text
        }
        return times.count == 2 ? times : nil
    }

    private static func endsWithSecond(_ text: ArraySlice<UInt8>) -> Bool {
        let end = Array(text.suffix(3))
        return end.count == 3 && (UInt8(ascii: "0")...UInt8(ascii: "5")).contains(end[0])
            && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(end[1]) && end[2] == UInt8(ascii: "Z")
    }

    private static func children(of node: ASN1Node) -> [ASN1Node]? {
        guard case .constructed(let nodes) = node.content else { return nil }
        return Array(nodes)
    }
}
