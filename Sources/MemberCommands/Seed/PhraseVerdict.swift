// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The answer to `POST /validate-seed`.
enum PhraseVerdict: Equatable {
    /// The strength is in bits.
    case valid(wordCount: Int, strength: Int, language: String)
    /// The position counts from 0.
    case invalid(wordCount: Int, reason: String, position: Int?, hint: String?)

    var isValid: Bool {
        switch self {
        case .valid: true
        case .invalid: false
        }
    }

    /// What a person reads: a line, and a second one where the gateway has a hint.
    var lines: [String] {
        switch self {
        case .valid(let wordCount, let strength, let language):
            return ["valid: \(wordCount) words, \(strength) bits, \(language)"]
        case .invalid(let wordCount, let reason, let position, let hint):
            let flaw = Self.flaw(reason, wordCount: wordCount, position: position)
            return ["not valid: \(flaw)"] + (hint.map { ["hint: \($0)"] } ?? [])
        }
    }

    private static func flaw(_ reason: String, wordCount: Int, position: Int?) -> String {
        switch reason {
        case "unknown_word":
            (position.map { "word \($0 + 1)" } ?? "a word") + " is not in the list"
        case "bad_checksum":
            "the words do not fit together (checksum); one is wrong, or the order is"
        case "bad_word_count":
            "\(wordCount) \(wordCount == 1 ? "word" : "words"), where a phrase has 12, 15, 18, 21 or 24"
        default:
            reason
        }
    }
}

extension PhraseVerdict: Decodable {
    private enum CodingKeys: String, CodingKey {
        case valid, strength, language, reason, position, hint
        case wordCount = "word_count"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let wordCount = try fields.decode(Int.self, forKey: .wordCount)
        if try fields.decode(Bool.self, forKey: .valid) {
            self = .valid(
                wordCount: wordCount,
                strength: try fields.decode(Int.self, forKey: .strength),
                language: try fields.decode(String.self, forKey: .language)
            )
            return
        }
        let position = try fields.decodeIfPresent(Int.self, forKey: .position)
        if let position, position < 0 || position >= wordCount {
            throw DecodingError.dataCorruptedError(
                forKey: .position,
                in: fields,
                debugDescription: "there is no word at that position"
            )
        }
        self = .invalid(
            wordCount: wordCount,
            reason: try fields.decode(String.self, forKey: .reason),
            position: position,
            hint: try fields.decodeIfPresent(String.self, forKey: .hint)
        )
    }
}
