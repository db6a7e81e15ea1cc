// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// What `POST /generate-seed` asks for, in either form.
struct SeedRequest: Sendable {
    let operation: Operation
    let passphrase: RedactedText?
    /// Present in form 2.
    let seedType: String?
    /// Whether the answer is to name the language.
    let namesLanguage: Bool

    private static let strengths = "one of 128, 160, 192, 224, 256"
    private static let languages = "one of " + SeedLanguage.allCases.map(\.rawValue).joined(separator: ", ")

    /// Reads the fields; either of `seed_type` and `seed_data` selects form 2.
    ///
    /// - Throws: ``RequestError`` for the first field that is wrong.
    init(_ body: JSONBody) throws(RequestError) {
        let strength = try Self.strength(body) ?? .bits256
        let language = try Self.language(body)
        passphrase = try Self.passphrase(body)
        namesLanguage = language != nil
        let field = passphrase.map { SecretField(count: $0.count) }
        guard body.isPresent("seed_type", nullable: true) || body.isPresent("seed_data", nullable: true) else {
            seedType = nil
            operation = .generateSeed(
                GenerateSeedRequest(strength: strength, language: language ?? .english, passphrase: field)
            )
            return
        }
        let type = try Self.text(body, "seed_type", Limits.seedTypeBytes)
        let data = try Self.text(body, "seed_data", Limits.seedDataBytes)
        seedType = type
        operation = .deriveSeed(
            DeriveSeedRequest(
                seedType: type,
                seedData: data,
                strength: strength,
                language: language ?? .english,
                passphrase: field
            )
        )
    }

    private static func strength(_ body: JSONBody) throws(RequestError) -> SeedStrength? {
        let value: Int64?
        do {
            value = try body.integer("strength", in: 128...256)
        } catch  where error.reason == .outOfRange {
            throw .outOfRange("strength", expected: strengths)
        }
        guard let value else { return nil }
        guard let strength = SeedStrength(rawValue: UInt16(value)) else {
            throw .outOfRange("strength", expected: strengths)
        }
        return strength
    }

    /// The field `language`, which both seed calls have.
    static func language(_ body: JSONBody) throws(RequestError) -> SeedLanguage? {
        guard let name = try body.string("language") else { return nil }
        guard let language = SeedLanguage(rawValue: name) else {
            throw .outOfRange("language", expected: languages)
        }
        return language
    }

    private static func passphrase(_ body: JSONBody) throws(RequestError) -> RedactedText? {
        guard let text = try body.text("passphrase").map(RedactedText.init) else { return nil }
        guard text.count <= Limits.passphraseBytes else {
            throw .outOfRange("passphrase", expected: "at most \(Limits.passphraseBytes) bytes of UTF-8")
        }
        return text
    }

    private static func text(
        _ body: JSONBody,
        _ name: String,
        _ range: ClosedRange<Int>
    ) throws(RequestError) -> String {
        guard let text = try body.string(name, nullable: true) else { throw .missingField(name) }
        guard range.contains(text.utf8.count) else {
            throw .outOfRange(name, expected: "\(range.lowerBound) to \(range.upperBound) bytes of UTF-8")
        }
        return text
    }
}
