// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("validate-seed", .runningPair())
    struct ValidateSeedContract {
        private let gateway: RunningGateway

        init() throws { gateway = try Pair.shared.gateway }

        /// BIP39's own vector for sixteen bytes of zero.
        private static let phrase = String(repeating: "abandon ", count: 11) + "about"

        private func verdict(_ phrase: String, language: String? = nil) throws -> JSON {
            // Escaped by hand where JSON needs it; everything else goes as it is.
            let escaped = phrase.unicodeScalars.map { scalar in
                scalar.value < 0x20 ? "\\u" + String(format: "%04x", scalar.value) : String(scalar)
            }.joined()
            let languageField = language.map { #","language":"\#($0)""# } ?? ""
            return try expectSuccess(
                gateway.post("/validate-seed", #"{"seed_phrase":"\#(escaped)"\#(languageField)}"#))
        }

        @Test("a valid phrase is told with its words, strength and language")
        func valid() throws {
            let answer = try gateway.post("/validate-seed", #"{"seed_phrase":"\#(Self.phrase)"}"#)
            let body = try expectSuccess(answer)
            #expect(answer.memberOrder == ["valid", "word_count", "strength", "language"])
            #expect(body["valid"] == true)
            #expect(body["word_count"] == 12)
            #expect(body["strength"] == 128)
            #expect(body["language"] == "english")
        }

        @Test(
            "every kind of white space between, before and after words counts as one space",
            arguments: ["\t", "\n", "\r\n", "   ", "\u{A0}", "\u{2003}", "\u{3000}", "\u{2028}", " \u{205F}\t "]
        )
        func whiteSpace(separator: String) throws {
            let phrase = separator + Self.phrase.replacing(" ", with: separator) + separator
            #expect(try verdict(phrase)["valid"] == true)
        }

        @Test("a wrong checksum, an unknown word and a wrong number of words each have their reason")
        func flaws() throws {
            let checksum = try verdict(String(repeating: "abandon ", count: 12))
            #expect(checksum["valid"] == false)
            #expect(checksum["reason"] == "bad_checksum")
            #expect(checksum["word_count"] == 12)
            #expect(checksum["position"] == nil)

            let unknown = try verdict(
                String(repeating: "abandon ", count: 7) + "abandonn abandon abandon abandon about")
            #expect(unknown["reason"] == "unknown_word")
            #expect(unknown["position"] == 7)
            #expect(unknown["hint"] == nil)

            for count in [1, 11, 13, 23, 25] {
                let wrong = try verdict(String(repeating: "abandon ", count: count))
                #expect(wrong["reason"] == "bad_word_count")
                #expect(wrong["word_count"]?.int == count)
            }
        }

        @Test("a phrase of ten thousand words is judged by their number")
        func tenThousandWords() throws {
            let body = try verdict(String(repeating: "abandon ", count: 10_000))
            #expect(body["valid"] == false)
            #expect(body["reason"] == "bad_word_count")
            #expect(body["word_count"] == 10_000)
        }

        @Test("a phrase that no locked buffer holds is too large, and the connection goes on")
        func tooLarge() throws {
            let connection = try gateway.connect()
            let phrase = String(repeating: "abandon ", count: 25_000)
            let call = HTTPCall.post("/validate-seed", #"{"seed_phrase":"\#(phrase)"}"#)
            try expectRefusal(connection.answer(to: call), 413, "body_too_large")
            #expect(try gateway.get("/readyz").status == 200)
        }

        @Test("upper case is an unknown word with a hint")
        func upperCase() throws {
            let body = try verdict(Self.phrase.replacing("about", with: "About"))
            #expect(body["valid"] == false)
            #expect(body["reason"] == "unknown_word")
            #expect(body["position"] == 11)
            #expect(body["hint"]?.string?.contains("lower case") == true)
            #expect(body["hint"]?.string?.lowercased().contains("about") == false)
        }

        @Test("a zero byte within a word makes it unknown")
        func zeroByte() throws {
            let body = try verdict("ab\u{0}andon " + Self.phrase.dropFirst("abandon ".count))
            #expect(body["reason"] == "unknown_word")
            #expect(body["position"] == 0)
        }

        @Test(
            "a phrase is the same in NFC and NFD",
            arguments: ["japanese", "korean", "spanish", "french", "chinese_traditional"]
        )
        func normalForms(language: String) throws {
            for strength in [128, 256] {
                let made = try expectSuccess(
                    gateway.post("/generate-seed", #"{"language":"\#(language)","strength":\#(strength)}"#))
                let phrase = try #require(made["seed_phrase"]?.string)
                for form in [
                    phrase.precomposedStringWithCanonicalMapping, phrase.decomposedStringWithCanonicalMapping,
                    phrase.precomposedStringWithCompatibilityMapping,
                ] {
                    let body = try verdict(form, language: language)
                    #expect(body["valid"] == true, "strength \(strength)")
                    #expect(body["strength"]?.int == strength)
                }
            }
        }

        @Test(
            "a body without a phrase is refused",
            arguments: [
                BadBody("", "missing_field", field: "seed_phrase"),
                BadBody("{}", "missing_field", field: "seed_phrase"),
                BadBody(#"{"language":"english"}"#, "missing_field", field: "seed_phrase"),
                BadBody(#"{"seed_phrase":""}"#, "out_of_range", field: "seed_phrase"),
                BadBody(#"{"seed_phrase":"   "}"#, "out_of_range", field: "seed_phrase"),
                BadBody(#"{"seed_phrase":"\u3000\n"}"#, "out_of_range", field: "seed_phrase"),
                BadBody(#"{"seed_phrase":null}"#, "wrong_type", field: "seed_phrase"),
                BadBody(#"{"seed_phrase":["abandon"]}"#, "wrong_type", field: "seed_phrase"),
                BadBody(#"{"seed_phrase":12}"#, "wrong_type", field: "seed_phrase"),
                BadBody(#"{"seed_phrase":"a","language":"latin"}"#, "out_of_range", field: "language"),
                BadBody(#"{"seed_phrase":"a","strength":128}"#, "unknown_field", field: "strength"),
            ]
        )
        func withoutPhrase(bad: BadBody) throws {
            try expectRefusal(gateway.post("/validate-seed", bad.body), bad.status, bad.reason, field: bad.field)
        }

        @Test("no body at all lacks the phrase")
        func noBody() throws {
            let answer = try gateway.answer(to: HTTPCall("POST", "/validate-seed"))
            try expectRefusal(answer, 400, "missing_field", field: "seed_phrase")
        }

        @Test("another language than the phrase's does not know its words")
        func otherLanguage() throws {
            #expect(try verdict(Self.phrase, language: "english")["valid"] == true)
            let body = try verdict(Self.phrase, language: "czech")
            #expect(body["valid"] == false)
            #expect(body["reason"] == "unknown_word")
        }
    }
}
