// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FoundationEssentials
import Primitives
import SwiftASN1
import X509

/// A certificate of a document as a person reads it; nothing of it is checked.
struct ShownCertificate {
    /// Whom it names, in quotation marks.
    let name: String
    /// Its fingerprint and when it is valid, a line each.
    let facts: [String]

    /// - Parameter der: of which anything may be wrong.
    init(_ der: [UInt8]) {
        let root = KnownRoot(der).map { ", known as \($0.meaning)" } ?? ""
        let fingerprint = "SHA-256 \(Hex.encode(Primitives.SHA256.digest(der)))\(root)"
        guard let certificate = try? Certificate(derEncoded: der) else {
            name = "NO CERTIFICATE"
            facts = [fingerprint]
            return
        }
        name = certificate.subject.description.quoted
        let (start, end) = (Self.moment(certificate.notValidBefore), Self.moment(certificate.notValidAfter))
        facts = [fingerprint, "valid from \(start.text) to \(end.text)"]
    }

    private static func moment(_ date: Date) -> Moment {
        Moment(milliseconds: Int64(exactly: (date.timeIntervalSince1970 * 1000).rounded(.down)) ?? -1)
    }
}
