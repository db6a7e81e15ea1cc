// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Protocol

@Suite("messages")
struct MessageTests {
    private static let rounds = 300

    /// A request of an unknown operation has no encoding: nobody sends what he does not know.
    private func isUnknownOperation(_ message: Message) -> Bool {
        if case .request(_, nil) = message { return true }
        return false
    }

    /// Reads bytes that may be anything.
    private func expectRefusedOrCanonical(_ bytes: [UInt8], secretCount: Int) throws {
        do throws(FrameError) {
            let message = try Message(plain: bytes, secretCount: secretCount)
            guard !isUnknownOperation(message) else { return }
            #expect(try message.encoded(secretCount: secretCount) == bytes)
        } catch {
            #expect(error == .malformed)
        }
    }

    @Test("every message is read as it was written", arguments: 1...4 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var samples = MessageSamples(seed: seed)
        for sample in samples.messages(rounds: Self.rounds) {
            let encoded = try sample.encoded()
            #expect(try Message(plain: encoded, secretCount: sample.secretCount) == sample.message)
        }
    }

    @Test("a message that is cut off at any byte is refused")
    func truncated() throws {
        var samples = MessageSamples(seed: 5)
        for sample in samples.messages(rounds: 20) {
            let encoded = try sample.encoded()
            for count in encoded.indices {
                #expect(throws: FrameError.malformed, "\(sample) cut to \(count)") {
                    try Message(plain: Array(encoded.prefix(count)), secretCount: sample.secretCount)
                }
            }
        }
    }

    @Test("a message with a byte behind it is refused", arguments: [0, 1, 0xFF] as [UInt8])
    func trailing(byte: UInt8) throws {
        var samples = MessageSamples(seed: 6)
        for sample in samples.messages(rounds: 50) {
            #expect(throws: FrameError.malformed, "\(sample)") {
                try Message(plain: try sample.encoded() + [byte], secretCount: sample.secretCount)
            }
        }
    }

    @Test("any value at any place is refused or read as the one message that is written so")
    func everyByteReplaced() throws {
        var samples = MessageSamples(seed: 7)
        for sample in samples.messages(rounds: 1) {
            let encoded = try sample.encoded()
            for place in encoded.indices.prefix(64) {
                for value in 0...UInt8.max {
                    var changed = encoded
                    changed[place] = value
                    try expectRefusedOrCanonical(changed, secretCount: sample.secretCount)
                }
            }
        }
    }

    @Test("random changes are refused or read as the one message that is written so")
    func randomBytesReplaced() throws {
        var samples = MessageSamples(seed: 8)
        var generator = SeededGenerator(seed: 9)
        for sample in samples.messages(rounds: 100) {
            let encoded = try sample.encoded()
            for _ in 0..<20 {
                var changed = encoded
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    changed[Int.random(in: changed.indices, using: &generator)] = .random(
                        in: 0...255, using: &generator)
                }
                try expectRefusedOrCanonical(changed, secretCount: sample.secretCount)
            }
        }
    }

    @Test("random bytes are refused or read as the one message that is written so")
    func noise() throws {
        var generator = SeededGenerator(seed: 10)
        for _ in 0..<5000 {
            var bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if !bytes.isEmpty { bytes[0] = .random(in: 0...6, using: &generator) }
            try expectRefusedOrCanonical(bytes, secretCount: Int.random(in: 0...40, using: &generator))
        }
    }

    @Test("secrets that do not fill their fields exactly are refused, in either direction")
    func secretCounts() throws {
        var samples = MessageSamples(seed: 11)
        for sample in samples.messages(rounds: 50) {
            let encoded = try sample.encoded()
            for wrong in [sample.secretCount + 1, sample.secretCount - 1, 0, Int.max]
            where wrong >= 0 && wrong != sample.secretCount {
                #expect(throws: FrameError.malformed, "\(sample) with \(wrong)") {
                    try Message(plain: encoded, secretCount: wrong)
                }
                #expect(throws: FrameError.malformed, "\(sample) with \(wrong)") {
                    try sample.message.encoded(secretCount: wrong)
                }
            }
        }
    }

    @Test("the secrets of a message lie one behind the other")
    func secretPlaces() throws {
        let result = SeedResult(
            strength: .bits128,
            language: .english,
            phrase: SecretField(count: 70),
            entropy: SecretField(count: 16),
            seed: SecretField(count: 64)
        )
        let encoded = try Message.reply(identifier: 1, .seed(result)).encoded(secretCount: 150)
        let message = try Message(plain: encoded, secretCount: 150)
        guard case .reply(1, .seed(let read)) = message else {
            Issue.record("\(message) is another message")
            return
        }
        #expect(read.phrase.range == 0..<70)
        #expect(read.entropy.range == 70..<86)
        #expect(read.seed?.range == 86..<150)
    }

    @Test("a request identifier of 1 to 128 bytes is read, another is not", arguments: [0, 1, 128, 129, 1000])
    func requestIdentifier(count: Int) throws {
        let head = RequestHead(
            identifier: 1, deadlineMilliseconds: 1, requestIdentifier: String(repeating: "a", count: count))
        let encoded = try Message.request(head, .info).encoded()
        if (1...128).contains(count) {
            #expect(try Message(plain: encoded, secretCount: 0) == .request(head, .info))
        } else {
            #expect(throws: FrameError.malformed) { try Message(plain: encoded, secretCount: 0) }
        }
    }

    @Test(
        "a request of an unknown operation keeps its head, whatever follows",
        arguments: [0, 15, 16, 200, 255] as [UInt8])
    func unknownOperation(tag: UInt8) throws {
        let head = RequestHead(identifier: 9, deadlineMilliseconds: 8, requestIdentifier: "r")
        var encoded = try Message.request(head, .info).encoded()
        encoded[encoded.count - 1] = tag
        #expect(try Message(plain: encoded + [1, 2, 3], secretCount: 77) == .request(head, nil))
        #expect(throws: FrameError.malformed) { try Message.request(head, nil).encoded() }
    }

    @Test("the head of a request is found although the rest cannot be read")
    func headOfPrefix() throws {
        let head = RequestHead(identifier: 9, deadlineMilliseconds: 8, requestIdentifier: "request")
        let whole = try Message.request(head, .info).encoded()
        #expect(Message.requestHead(ofPlainPrefix: whole + [0xFF]) == head)
        #expect(Message.requestHead(ofPlainPrefix: Array(whole.dropLast())) == head)
        #expect(Message.requestHead(ofPlainPrefix: Array(whole.dropLast(2))) == nil)
        #expect(Message.requestHead(ofPlainPrefix: try Message.cancel(identifier: 9).encoded()) == nil)
        #expect(Message.requestHead(ofPlainPrefix: []) == nil)
    }

    @Test(
        "a state is read by its own bytes alone, not by those that Unicode takes for the same",
        arguments: Phase.allCases.filter { $0.rawValue.contains("K") })
    func equivalentText(phase: Phase) throws {
        // The Kelvin sign is canonically equivalent to K, and Swift's == says so.
        let name = phase.rawValue
        let other = String(name.map { $0 == "K" ? "\u{212A}" : $0 })
        #expect(other == name)
        let encoded = try Message.reply(identifier: 1, .refused(EnclaveError(wrongState: phase, allowed: []))).encoded()
        let place = try #require(encoded.indices.first { encoded[$0...].starts(with: name.utf8) })
        var changed = encoded
        changed.replaceSubrange(place..<(place + name.utf8.count), with: other.utf8)
        changed[place - 4] = UInt8(other.utf8.count)
        #expect(throws: FrameError.malformed) { try Message(plain: changed, secretCount: 0) }
    }
}
