// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import Protocol
import SecretMemory

/// Judges a phrase as a client sent it: which list it is from, and what is wrong with it.
struct PhraseValidation: ~Copyable {
    /// Longest word of any list in NFKD bytes; scripts/generate-wordlists.py checks it.
    static let longestWordBytes = 64
    /// Longest spelling that is tried: no word has more than 20 code points in NFKD, and each takes at most four bytes.
    private static let longestTokenBytes = 160
    private static let scratchBytes = UnicodeText.scratchBytes(for: longestTokenBytes)

    private let library: WordlistLibrary

    /// The words in NFKD, each at a multiple of ``longestWordBytes``; one that cannot be a word has length 0.
    private var words: SecretBytes
    private var lengths: [Int] = []
    private var scratch: SecretBytes
    private var bits: SecretBytes

    init(library: WordlistLibrary, arena: SecretArena) throws(EnclaveError) {
        let words = try arena.lend(SeedStrength.bits256.wordCount * Self.longestWordBytes)
        let scratch = try arena.lend(Self.scratchBytes)
        let bits = try arena.lend(SeedStrength.bits256.entropyBytes + 1)
        self.library = library
        self.words = words
        self.scratch = scratch
        self.bits = bits
    }

    /// Judges a phrase.
    ///
    /// - Parameters:
    ///   - phrase: UTF-8 as received.
    ///   - language: the only list to try; all in the contract's order where `nil`.
    /// - Throws: ``EnclaveError/Reason/outOfRange`` for a phrase that is empty or not UTF-8.
    mutating func verdict(
        on phrase: borrowing Span<UInt8>,
        language: SeedLanguage?
    ) throws(EnclaveError) -> SeedVerdict {
        let tokens = try Self.tokens(of: phrase)
        guard tokens.count > 0 else { throw EnclaveError(.outOfRange, field: "seed_phrase") }
        guard let strength = SeedStrength(wordCount: tokens.count) else {
            return SeedVerdict(wordCount: UInt32(tokens.count), language: nil, flaw: .badWordCount)
        }
        for (index, token) in tokens.first.enumerated() {
            normalize(phrase.extracting(token), at: index)
        }
        return judge(strength, candidates: language.map { [library[$0]] } ?? library.lists)
    }

    // MARK: Words

    private struct Tokens {
        /// The first 24; the verdict on longer phrases needs only their number.
        var first: [Range<Int>] = []
        var count = 0
    }

    private static func tokens(of phrase: borrowing Span<UInt8>) throws(EnclaveError) -> Tokens {
        var tokens = Tokens()
        var start: Int?
        var offset = 0
        func end(_ from: Int?, _ to: Int) {
            guard let from else { return }
            tokens.count += 1
            if tokens.first.count < SeedStrength.bits256.wordCount { tokens.first.append(from..<to) }
        }
        while offset < phrase.count {
            guard let point = UnicodeText.codePoint(in: phrase, at: offset) else {
                throw EnclaveError(.outOfRange, field: "seed_phrase")
            }
            if point.isWhiteSpace {
                end(start, offset)
                start = nil
            } else {
                start = start ?? offset
            }
            offset += point.byteCount
        }
        end(start, phrase.count)
        return tokens
    }

    private mutating func normalize(_ token: borrowing Span<UInt8>, at index: Int) {
        let length = scratch.withMutableBytes { UnicodeText.normalize(token, into: &$0) } ?? 0
        guard length <= Self.longestWordBytes else {
            lengths.append(0)
            return
        }
        words.withMutableBytes { words in
            scratch.withBytes { words.copy($0.extracting(first: length), at: index * Self.longestWordBytes) }
        }
        lengths.append(length)
    }

    // MARK: Lists

    private struct Reading {
        let list: Wordlist
        let known: Int
        let firstUnknown: Int?
    }

    private mutating func judge(_ strength: SeedStrength, candidates: [Wordlist]) -> SeedVerdict {
        var best: Reading?
        for list in candidates {
            let reading = read(in: list)
            if reading.firstUnknown == nil, checksumHolds(strength, in: list) {
                return SeedVerdict(wordCount: UInt32(lengths.count), language: list.language, flaw: nil)
            }
            if reading.known > best?.known ?? -1 { best = reading }
        }
        guard let best, let position = best.firstUnknown else {
            return SeedVerdict(wordCount: UInt32(lengths.count), language: nil, flaw: .badChecksum)
        }
        return SeedVerdict(
            wordCount: UInt32(lengths.count),
            language: nil,
            flaw: .unknownWord,
            position: UInt32(position),
            knownInLowerCase: isKnownInLowerCase(position, in: best.list)
        )
    }

    private borrowing func withWord<Result>(_ index: Int, _ body: (borrowing Span<UInt8>) -> Result) -> Result {
        let start = index * Self.longestWordBytes
        return words.withBytes { body($0.extracting(start..<(start + lengths[index]))) }
    }

    private borrowing func number(of index: Int, in list: Wordlist) -> Int? {
        withWord(index) { list.number(of: $0) }
    }

    private borrowing func read(in list: Wordlist) -> Reading {
        var known = 0
        var firstUnknown: Int?
        for index in lengths.indices {
            if number(of: index, in: list) != nil {
                known += 1
            } else {
                firstUnknown = firstUnknown ?? index
            }
        }
        return Reading(list: list, known: known, firstUnknown: firstUnknown)
    }

    private mutating func isKnownInLowerCase(_ index: Int, in list: Wordlist) -> Bool {
        words.withMutableBytes { words in
            for offset in (index * Self.longestWordBytes)..<(index * Self.longestWordBytes + lengths[index])
            where (0x41...0x5A).contains(words[offset]) {
                words[offset] += 0x20
            }
        }
        return number(of: index, in: list) != nil
    }

    /// Puts the bits together again and compares the checksum's.
    private mutating func checksumHolds(_ strength: SeedStrength, in list: Wordlist) -> Bool {
        bits.withMutableBytes { $0.update(repeating: 0) }
        for index in lengths.indices {
            let number = number(of: index, in: list) ?? 0
            bits.withMutableBytes { bits in
                for bit in 0..<11 where number >> (10 - bit) & 1 == 1 {
                    let place = index * 11 + bit
                    bits[place / 8] |= 0x80 >> UInt8(place % 8)
                }
            }
        }
        return bits.withMutableBytes { bits in
            let claimed = bits[strength.entropyBytes]
            SHA256.appendFirstByte(ofDigestOf: strength.entropyBytes, in: &bits)
            let unused = 8 - Int(strength.rawValue) / 32
            return (claimed ^ bits[strength.entropyBytes]) >> unused == 0
        }
    }
}
