// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Primitives
import Protocol
import Testing

@testable import EnclaveCore

@Suite("word lists")
struct WordlistTests {
    @Test(
        "each list has the digest of the published file",
        arguments: [
            (.chineseSimplified, "5c5942792bd8340cb8b27cd592f1015edf56a8c5b26276ee18a482428e7c5726"),
            (.chineseTraditional, "417b26b3d8500a4ae3d59717d7011952db6fc2fb84b807f3f94ac734e89c1b5f"),
            (.czech, "7e80e161c3e93d9554c2efb78d4e3cebf8fc727e9c52e03b83b94406bdcc95fc"),
            (.english, "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"),
            (.french, "ebc3959ab7801a1df6bac4fa7d970652f1df76b683cd2f4003c941c63d517e59"),
            (.italian, "d392c49fdb700a24cd1fceb237c1f65dcc128f6b34a8aacb58b59384b5c648c2"),
            (.japanese, "2eed0aef492291e061633d7ad8117f1a2b03eb80a29d0e4e3117ac2528d05ffd"),
            (.korean, "9e95f86c167de88f450f0aaf89e87f6624a57f973c67b516e338e8e8b8897f60"),
            (.portuguese, "2685e9c194c82ae67e10ba59d9ea5345a23dc093e92276fc5361f6667d79cd3f"),
            (.spanish, "46846a5a0139d1e3cb77293e521c2865f7bcdb82c44e8d0a06a2cd0ecba48c0b"),
        ] as [(SeedLanguage, String)])
    func digest(language: SeedLanguage, digest: String) {
        #expect(Hex.encode(SHA256.digest(Samples.library[language].published + [0x0A])) == digest)
        #expect("\(WordlistLibrary.publishedDigest(of: language))" == digest)
    }

    @Test("each list has 2048 distinct words in NFKD", arguments: SeedLanguage.allCases)
    func words(language: SeedLanguage) {
        let words = Samples.words(language)
        #expect(words.count == Wordlist.wordCount)
        // By their bytes: what Swift takes for equal is more.
        #expect(Set(words.map { Array($0.utf8) }).count == Wordlist.wordCount)
        for word in words {
            #expect(Array(word.decomposedStringWithCompatibilityMapping.utf8) == Array(word.utf8))
            #expect((3...PhraseValidation.longestWordBytes).contains(word.utf8.count))
        }
    }

    @Test("a word's number is that of the word that was copied", arguments: SeedLanguage.allCases)
    func inverse(language: SeedLanguage) {
        let list = Samples.library[language]
        #expect(list.language == language)
        var target = [UInt8](repeating: 0, count: 3 + PhraseValidation.longestWordBytes)
        for (number, word) in Samples.words(language).enumerated() {
            var span = target.mutableSpan
            let count = list.copy(number, to: &span, at: 3)
            #expect(target[3..<(3 + count)].elementsEqual(word.utf8))
            let found = list.number(of: target.span.extracting(3..<(3 + count)))
            #expect(found == number)
        }
        #expect(target.prefix(3) == [0, 0, 0])
    }

    @Test("what is no word has no number", arguments: SeedLanguage.allCases)
    func unknown(language: SeedLanguage) {
        let list = Samples.library[language]
        let known = Set(Samples.words(language).map { Array($0.utf8) })
        for word in known {
            let others = [Array(word.dropLast()), Array(word.dropFirst()), word + [0x0A], word + word, []]
            for other in others {
                let found = list.number(of: other.span)
                #expect((found != nil) == known.contains(other))
            }
        }
    }

    @Test("the words of a phrase are joined by a space, Japanese ones by U+3000", arguments: SeedLanguage.allCases)
    func separator(language: SeedLanguage) {
        #expect(Samples.library[language].separator == (language == .japanese ? [0xE3, 0x80, 0x80] : [0x20]))
    }

    @Test("the lists stand in the order in which they are tried")
    func order() {
        #expect(Samples.library.lists.map(\.language) == SeedLanguage.allCases)
    }
}
