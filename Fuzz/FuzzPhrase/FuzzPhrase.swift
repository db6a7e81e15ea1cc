// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import Primitives
import Protocol
import SecretMemory

@testable import EnclaveCore

/// Judges phrases: any bytes, or words of a list in any order, whose checksum is then computed here as well.
///
/// Input: a byte for the language and the kind, then the phrase or the numbers of its words (`u16`, little-endian).
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let choice = Int(input.byte())
    // Ten languages, and all of them at once.
    let language = SeedLanguage.allCases.dropFirst(choice % 11).first
    do {
        if choice < 128 {
            try checkText(Array(input.rest), language)
        } else {
            try checkWords(&input, language ?? .english)
        }
    } catch {
        preconditionFailure("no locked memory")
    }
    return 0
}

private enum Enclave {
    static let library = WordlistLibrary()
}

/// The verdict; `nil` for a phrase that is out of range.
private func verdict(on phrase: [UInt8], _ language: SeedLanguage?) throws -> SeedVerdict? {
    let arena = try SecretArena([.init(bytes: 64, slots: 1), .init(bytes: 4096, slots: 2)])
    var validation = try PhraseValidation(library: Enclave.library, arena: arena)
    let result = Result { () throws(EnclaveError) in try validation.verdict(on: phrase.span, language: language) }
    switch result {
    case .success(let verdict): return verdict
    case .failure(let error) where error.reason == .outOfRange: return nil
    case .failure(let error): throw error
    }
}

/// The NFKD form.
private func normalized(_ text: [UInt8]) -> [UInt8]? {
    // The result begins where it is asked to, and nothing is written before.
    let offset = 8
    var scratch = [UInt8](repeating: 0xAA, count: offset + UnicodeText.scratchBytes(for: text.count))
    var span = scratch.mutableSpan
    let count = UnicodeText.normalize(text.span, into: &span, at: offset)
    precondition(scratch.prefix(offset).allSatisfy { $0 == 0xAA }, "bytes before the result were written")
    return count.map { Array(scratch[offset..<(offset + $0)]) }
}

// MARK: Any bytes

private func checkText(_ phrase: [UInt8], _ language: SeedLanguage?) throws {
    let found = try verdict(on: phrase, language)
    guard let text = String(validating: phrase, as: UTF8.self) else {
        precondition(!UnicodeText.isValid(phrase.span), "what is not UTF-8 counts as UTF-8")
        precondition(found == nil, "what is not UTF-8 has a verdict")
        return precondition(normalized(phrase) == nil, "what is not UTF-8 can be normalised")
    }
    precondition(UnicodeText.isValid(phrase.span), "UTF-8 does not count as UTF-8")
    guard let normal = normalized(phrase) else { preconditionFailure("UTF-8 cannot be normalised") }
    precondition(String(validating: normal, as: UTF8.self) != nil, "normalised text is not UTF-8")
    precondition(normalized(normal) == normal, "normalised text is not in normal form")

    let words = text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).count
    guard let found else { return precondition(words == 0, "a phrase has no verdict") }
    precondition(Int(found.wordCount) == words && words > 0, "words are counted wrongly")
    precondition(found.language == nil || found.language == language ?? found.language, "another language")
    precondition((found.language == nil) == (found.flaw != nil), "neither valid nor flawed")
    precondition((found.position == nil) == (found.flaw != .unknownWord), "no word is at fault")
    precondition(found.position ?? 0 < found.wordCount, "a word is at fault that is not there")
    let again = try verdict(on: normal, language)
    precondition(again?.language == found.language, "a phrase and its normal form are not the same")
}

// MARK: Words

private func checkWords(_ input: inout FuzzInput, _ language: SeedLanguage) throws {
    let list = Enclave.library[language]
    var numbers: [Int] = []
    while !input.rest.isEmpty, numbers.count < 30 {
        numbers.append(Int(input.integer()) % Wordlist.wordCount)
    }
    let words = numbers.map { Array(list.published[list.range(of: $0)]) }
    let found = try verdict(on: Array(words.joined(separator: list.separator)), language)
    switch found?.flaw {
    case .badWordCount: precondition(SeedStrength(wordCount: numbers.count) == nil, "a good count is bad")
    case .unknownWord: preconditionFailure("a word of the list is unknown")
    case .badChecksum: precondition(checksumHolds(numbers) == false, "a good checksum is bad")
    case nil where found == nil: precondition(numbers.isEmpty, "a phrase has no verdict")
    case nil: precondition(checksumHolds(numbers) == true, "a bad checksum is good")
    }
}

/// BIP39: eleven bits a word; of every 33 bits one is of the entropy's SHA-256. `nil` for a bad count of words.
private func checksumHolds(_ numbers: [Int]) -> Bool? {
    guard [12, 15, 18, 21, 24].contains(numbers.count) else { return nil }
    let bits = numbers.flatMap { number in (0..<11).map { number >> (10 - $0) & 1 } }
    let entropyBits = bits.count * 32 / 33
    let entropy = stride(from: 0, to: entropyBits, by: 8).map { start in
        bits[start..<(start + 8)].reduce(UInt8(0)) { $0 << 1 | UInt8($1) }
    }
    let digest = SHA256.digest(entropy)
    return bits[entropyBits...].elementsEqual((0..<(bits.count - entropyBits)).map { Int(digest[0]) >> (7 - $0) & 1 })
}
