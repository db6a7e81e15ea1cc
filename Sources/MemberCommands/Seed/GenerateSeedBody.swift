// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FoundationEssentials
import Protocol

/// The body of `POST /generate-seed`, form 1.
struct GenerateSeedBody: Sendable {
    let strength: SeedStrength
    let language: SeedLanguage?
    let passphrase: RedactedText?

    private struct Fields: Encodable {
        let strength: UInt16
        let language: String?
        let passphrase: String?
    }

    /// The body in JSON.
    func json() throws -> [UInt8] {
        let fields = Fields(
            strength: strength.rawValue,
            language: language?.rawValue,
            passphrase: passphrase.map { String(decoding: $0.bytes, as: UTF8.self) }
        )
        return Array(try JSONEncoder().encode(fields))
    }
}
