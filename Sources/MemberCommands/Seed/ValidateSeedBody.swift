// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FoundationEssentials
import Protocol

/// The body of `POST /validate-seed`.
struct ValidateSeedBody: Sendable {
    let phrase: RedactedText
    let language: SeedLanguage?

    private struct Fields: Encodable {
        let seedPhrase: String
        let language: String?

        private enum CodingKeys: String, CodingKey {
            case language
            case seedPhrase = "seed_phrase"
        }
    }

    /// The body in JSON.
    func json() throws -> [UInt8] {
        let fields = Fields(
            seedPhrase: String(decoding: phrase.bytes, as: UTF8.self),
            language: language?.rawValue
        )
        return Array(try JSONEncoder().encode(fields))
    }
}
