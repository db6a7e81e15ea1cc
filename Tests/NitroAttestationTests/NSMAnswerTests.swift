// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Primitives
import Testing

@testable import NitroAttestation

@Suite("answers of a Nitro Security Module")
struct NSMAnswerTests {
    @Test("an answer that ends early is refused, wherever it ends", arguments: RecordedExchange.all)
    func truncated(exchange: RecordedExchange) {
        let answer = RecordedExchange.bytes(exchange.answerHexadecimal)
        for count in answer.indices {
            #expect(throws: CBORError.malformed, "\(count) bytes") { try NSMAnswer(parsing: Array(answer[..<count])) }
        }
    }

    @Test("an answer with a byte behind it is refused", arguments: RecordedExchange.all)
    func trailing(exchange: RecordedExchange) {
        let answer = RecordedExchange.bytes(exchange.answerHexadecimal)
        #expect(throws: CBORError.malformed) { try NSMAnswer(parsing: answer + [0]) }
    }

    /// Each the same as a recorded answer, but for the length of a map or the order of its members.
    private static let otherForms: [(String, NSMAnswer)] = [
        ("a16947657452616e646f6dbf6672616e646f6d4101ff", .random([1])),
        (
            "a16b4465736372696265504352bf64646174615830\(String(repeating: "00", count: 48))646c6f636bf4ff",
            .register(NSMRegister(value: NSMDouble.zero, isLocked: false))
        ),
    ]

    @Test("a map of indefinite length and another order of members are read too", arguments: otherForms)
    func otherForm(hexadecimal: String, answer: NSMAnswer) throws {
        #expect(try NSMAnswer(parsing: RecordedExchange.bytes(hexadecimal)) == answer)
    }

    private static let otherAnswers: [(why: String, hexadecimal: String)] = [
        ("nothing", ""),
        ("text that is no answer", "684c6f636b50435272"),
        ("a number", "01"),
        ("two answers in one", "a2684c6f636b50435273f6684c6f636b50435272f6"),
        ("no answer in a map", "a0"),
        ("an answer of another name", "a16947657452616e646f6ea16672616e646f6d4101"),
        ("an outer map of indefinite length", "bf6947657452616e646f6da16672616e646f6d4101ff"),
        ("a refusal of another name", "a1654572726f726753756363657373"),
        ("a refusal in bytes", "a1654572726f724c496e76616c6964496e646578"),
        ("random bytes as text", "a16947657452616e646f6da16672616e646f6d6161"),
        ("no random bytes", "a16947657452616e646f6da16672616e646f6d40"),
        ("a length that is longer than needed", "a16947657452616e646f6da16672616e646f6d580101"),
        ("a member twice", "a16947657452616e646f6da26672616e646f6d41016672616e646f6d4101"),
        ("a member of another answer", "a16947657452616e646f6da164646174614101"),
        ("a member too many", "a16947657452616e646f6da26672616e646f6d4101646c6f636bf5"),
        ("a member too few", "a16b4465736372696265504352a1646c6f636bf5"),
        ("a register of 47 bytes", "a16b4465736372696265504352a2646c6f636bf56464617461582f" + zeros(47)),
        ("a register of 49 bytes", "a16b4465736372696265504352a2646c6f636bf564646174615831" + zeros(49)),
        ("a lock that is a number", "a16b4465736372696265504352a2646c6f636b0164646174615830" + zeros(48)),
        ("an extension of 32 bytes", "a169457874656e64504352a164646174615820" + zeros(32)),
        ("no document", "a16b4174746573746174696f6ea168646f63756d656e7440"),
        ("a document that is null", "a16b4174746573746174696f6ea168646f63756d656e74f6"),
    ]

    @Test("an answer of another form is refused", arguments: otherAnswers)
    func malformed(why: String, hexadecimal: String) throws {
        let bytes = try #require(Hex.decode(hexadecimal))
        #expect(throws: CBORError.malformed, "\(why)") { try NSMAnswer(parsing: bytes) }
    }

    /// Parts of the recorded description, and what would make it that of no module.
    private static let descriptions: [(part: String, other: String)] = [
        ("66534841333834", "66534841323536"),
        ("686d61785f706372731820", "686d61785f706372731a00010000"),
        ("686d61785f706372731820", "686d61785f7063727320"),
        ("0e0f", "0f0e"),
        ("0e0f", "0e0e"),
        ("0e0f", "0e20"),
        ("90", "91"),
        ("6e692d313233342d656e6335363738", "60"),
        ("6d76657273696f6e5f706174636800", "6d76657273696f6e5f6d696e6f7200"),
        ("6d76657273696f6e5f706174636800", "6d76657273696f6e5f706174636900"),
    ]

    @Test("a description of another form is refused", arguments: descriptions)
    func description(part: String, other: String) throws {
        let recorded = try #require(RecordedExchange.all.first).answerHexadecimal
        let changed = recorded.replacing(part, with: other, maxReplacements: 1)
        #expect(changed != recorded)
        let bytes = try #require(Hex.decode(changed))
        #expect(throws: CBORError.malformed) { try NSMAnswer(parsing: bytes) }
    }

    private static func zeros(_ count: Int) -> String {
        String(repeating: "00", count: count)
    }
}
