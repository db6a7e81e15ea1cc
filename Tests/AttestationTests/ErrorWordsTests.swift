// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Attestation

@Suite("The words of an error")
struct ErrorWordsTests {
    private static let all: [AttestationError] =
        AttestationError.Part.allCases.map { .malformed($0) } + AttestationError.Flaw.allCases.map { .untrusted($0) }
        + (0..<4).map { .otherMeasurements(register: $0) }
        + [.badSignature, .expired, .notYetValid, .stale, .future, .wrongNonce, .badPolicy, .badRootFile]

    @Test("end a sentence, on one line, and are different for each")
    func words() {
        #expect(Set(Self.all.map(\.words)).count == Self.all.count)
        for words in Self.all.map(\.words) {
            #expect(words.utf8.allSatisfy { 0x20..<0x7F ~= $0 })
            #expect((10...140).contains(words.utf8.count))
            #expect(words.last.map { $0.isLetter || $0.isNumber } == true, "\(words)")
        }
    }

    @Test("name the register")
    func register() {
        #expect(AttestationError.otherMeasurements(register: 2).words.contains("PCR2"))
    }
}
