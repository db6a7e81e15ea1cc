// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory

/// One official BIP39 list: 2048 words in NFKD, found by number and by word.
///
/// Looking a word up takes a time that depends on the word: BIP39 look-up is the one place where that is accepted, and
/// `docs/security.md` says so.
struct Wordlist: Sendable {
    static let wordCount = 2048

    let language: SeedLanguage

    /// What joins the words of an answer: U+3000 for Japanese, else a space.
    let separator: [UInt8]

    private let text: [UInt8]
    private let starts: [Int]
    private let buckets: [UInt16]

    private static let bucketCount = 8192
    private static let empty: UInt16 = 0xFFFF

    init(language: SeedLanguage, words: StaticString) {
        self.language = language
        separator = language == .japanese ? Array("\u{3000}".utf8) : [0x20]
        let text = words.withUTF8Buffer { unsafe Array($0) }
        var starts = [0]
        for (index, byte) in text.enumerated() where byte == 0x0A { starts.append(index + 1) }
        starts.append(text.count + 1)
        var buckets = [UInt16](repeating: Self.empty, count: Self.bucketCount)
        for word in 0..<(starts.count - 1) {
            var bucket = Self.bucket(text.span.extracting(starts[word]..<(starts[word + 1] - 1)))
            while buckets[bucket] != Self.empty { bucket = (bucket + 1) % Self.bucketCount }
            buckets[bucket] = UInt16(word)
        }
        self.text = text
        self.starts = starts
        self.buckets = buckets
    }

    /// The whole list as it was published, without the last line's end.
    var published: [UInt8] { text }

    /// Where a word lies in ``published``.
    func range(of word: Int) -> Range<Int> {
        starts[word]..<(starts[word + 1] - 1)
    }

    /// Copies a word to `offset` of `target`.
    ///
    /// - Returns: the word's length in bytes.
    func copy(_ word: Int, to target: inout MutableSpan<UInt8>, at offset: Int) -> Int {
        let range = range(of: word)
        target.copy(text.span.extracting(range), at: offset)
        return range.count
    }

    /// The number of a word given in NFKD; `nil` where it is not in the list.
    func number(of word: borrowing Span<UInt8>) -> Int? {
        var bucket = Self.bucket(word)
        while buckets[bucket] != Self.empty {
            let number = Int(buckets[bucket])
            if equals(word, range(of: number)) { return number }
            bucket = (bucket + 1) % Self.bucketCount
        }
        return nil
    }

    private func equals(_ word: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard word.count == range.count else { return false }
        for index in word.indices where word[index] != text[range.lowerBound + index] { return false }
        return true
    }

    /// FNV-1a, 32 bits.
    private static func bucket(_ word: borrowing Span<UInt8>) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for index in word.indices { hash = (hash ^ UInt32(word[index])) &* 0x0100_0193 }
        return Int(hash) % bucketCount
    }
}
