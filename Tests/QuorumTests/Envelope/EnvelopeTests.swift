// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Testing

@testable import Quorum

@Suite("An envelope")
struct EnvelopeTests {
    private let receiver: QuorumKeyPair
    private let envelope: [UInt8]
    private let share: [UInt8]

    init() throws {
        let share = KeySamples.bytes(33, numbered: 0)
        let receiver = try KeySamples.pair()
        let scalar = KeySamples.bytes(32, numbered: 100)
        envelope = try Envelope.seal(
            share.span,
            to: receiver.publicKey,
            scalar: scalar.span,
            nonce: KeySamples.bytes(12, numbered: 101),
            memory: .guarded
        )
        self.receiver = receiver
        self.share = share
    }

    private func error(of envelope: [UInt8]) -> QuorumError? {
        KeySamples.error { () throws(QuorumError) in _ = try receiver.open(envelope, memory: .guarded) }
    }

    @Test("is refused with its reason when any bit of it is changed")
    func flipped() {
        for index in envelope.indices {
            let expected: QuorumError =
                switch index {
                case 12..<77: .badEnvelopePoint
                case 77..<81: .malformedEnvelope
                default: .cannotDecrypt
                }
            for bit in 0..<8 {
                var changed = envelope
                changed[index] ^= 1 << bit
                #expect(error(of: changed) == expected, "bit \(bit) of byte \(index)")
            }
        }
    }

    @Test("is refused at any other length")
    func lengths() {
        for count in envelope.indices {
            #expect(error(of: Array(envelope.prefix(count))) == .malformedEnvelope, "\(count)")
        }
        for count in 1...40 {
            #expect(error(of: envelope + [UInt8](repeating: 0, count: count)) == .malformedEnvelope)
        }
    }

    @Test("without room for a tag is refused as undecryptable, after its point", arguments: 0..<16)
    func withoutTag(count: Int) {
        var short = Array(envelope.prefix(81 + count))
        short.replaceSubrange(77..<81, with: [UInt8(count), 0, 0, 0])
        #expect(KeySamples.looksLikeEnvelope(short))
        #expect(error(of: short) == .cannotDecrypt)
        short[12] = 0
        #expect(error(of: short) == .badEnvelopePoint)
    }

    @Test("with the sender's point mirrored is refused")
    func mirrored() throws {
        // The x-coordinate of the shared point stays the same, but the point itself is authenticated.
        let order = try KeySamples.hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
        let scalar = KeySamples.bytes(32, numbered: 100)
        var negated = order
        var borrow = 0
        for index in negated.indices.reversed() {
            let difference = Int(order[index]) - Int(scalar[index]) - borrow
            borrow = difference < 0 ? 1 : 0
            negated[index] = UInt8(truncatingIfNeeded: difference)
        }
        let mirror = try P256.publicPoint(of: negated.span)
        #expect(Array(mirror[1..<33]) == Array(envelope[13..<45]))
        var changed = envelope
        changed.replaceSubrange(12..<77, with: mirror)
        #expect(changed != envelope)
        #expect(error(of: changed) == .cannotDecrypt)
    }

    @Test("to any key opens with that key alone", arguments: 0..<24)
    func roundTrip(number: Int) throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 4), .init(bytes: 1024, slots: 2)])
        let pair = try KeySamples.pair(numbered: number)
        let plaintext = KeySamples.bytes(number * 13, numbered: number)
        let memory = number.isMultiple(of: 2) ? SecretSupply.guarded : .arena(arena)
        let sealed = try Envelope.seal(
            plaintext.span,
            to: pair.publicKey,
            entropy: EntropySource(),
            memory: memory
        )
        #expect(sealed.count == plaintext.count + Envelope.overhead)
        #expect(KeySamples.copy(try pair.open(sealed, memory: memory)) == plaintext)
        #expect(error(of: sealed) == .cannotDecrypt)
        #expect(arena.slotsLent == 0)
    }

    @Test("differs each time, in its nonce and in its point")
    func fresh() throws {
        let entropy = EntropySource()
        let sealed = try (0..<8).map { _ in
            try Envelope.seal(share.span, to: receiver.publicKey, entropy: entropy, memory: .guarded)
        }
        #expect(Set(sealed.map { $0.prefix(12) }).count == 8)
        #expect(Set(sealed.map { $0[12..<77] }).count == 8)
    }

    @Test(
        "may come of the least and of the greatest scalar",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000001",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
        ]
    )
    func boundaryScalars(text: String) throws {
        let scalar = try KeySamples.hex(text)
        let nonce = KeySamples.bytes(12, numbered: 3)
        let sealed = try Envelope.seal(
            share.span,
            to: receiver.publicKey,
            scalar: scalar.span,
            nonce: nonce,
            memory: .guarded
        )
        // G and −G.
        #expect(Hex.encode(Array(sealed[12..<21])) == "046b17d1f2e12c4247")
        #expect(KeySamples.copy(try receiver.open(sealed, memory: .guarded)) == share)
    }

    @Test(
        "comes of no scalar outside of 1 to n − 1",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "01",
            "",
        ]
    )
    func scalarOutOfRange(text: String) throws {
        let scalar = try KeySamples.hex(text)
        #expect(throws: QuorumError.primitive(.scalarOutOfRange)) {
            _ = try Envelope.seal(
                share.span,
                to: receiver.publicKey,
                scalar: scalar.span,
                nonce: [UInt8](repeating: 0, count: 12),
                memory: .guarded
            )
        }
    }

    /// Draws above the order of the curve that the source itself has nothing against.
    private static func above(_ number: UInt8) -> [UInt8] {
        [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, number] + KeySamples.bytes(24, numbered: Int(number))
    }

    @Test("draws its scalar again while it is out of range")
    func drawnAgain() throws {
        let scalar = KeySamples.bytes(32, numbered: 100)
        let nonce = KeySamples.bytes(12, numbered: 101)
        let entropy = KeySamples.scripted([Self.above(1), Self.above(2), Self.above(3), scalar, nonce])
        let sealed = try Envelope.seal(share.span, to: receiver.publicKey, entropy: entropy, memory: .guarded)
        #expect(sealed == envelope)
    }

    @Test("is not sealed by a source that never gives a scalar, or is broken")
    func brokenSource() {
        for draws in [(1...32).map { Self.above($0) }, [], [KeySamples.bytes(32, numbered: 1)]] {
            #expect(throws: QuorumError.primitive(.entropyFailed)) {
                _ = try Envelope.seal(
                    share.span,
                    to: receiver.publicKey,
                    entropy: KeySamples.scripted(draws),
                    memory: .guarded
                )
            }
        }
    }

    @Test("is neither sealed nor opened where there is no memory, and lends none in vain")
    func noMemory() throws {
        let sizes = [[1, 0], [2, 0], [0, 1], [1, 1]]
        for slots in sizes {
            let arena = try SecretArena([
                .init(bytes: 32, slots: slots[0]), .init(bytes: 200, slots: slots[1]),
            ])
            #expect(throws: QuorumError.memory(.exhausted), "\(slots)") {
                _ = try Envelope.seal(
                    share.span,
                    to: receiver.publicKey,
                    entropy: EntropySource(),
                    memory: .arena(arena)
                )
            }
            #expect(throws: QuorumError.memory(.exhausted), "\(slots)") {
                _ = try receiver.open(envelope, memory: .arena(arena))
            }
            #expect(arena.slotsLent == 0)
        }
    }

    @Test("is recognised by its lengths")
    func layout() {
        #expect(Envelope.overhead == 97)
        #expect(KeySamples.looksLikeEnvelope(envelope))
        var other = envelope
        other[12] = 0
        #expect(KeySamples.looksLikeEnvelope(other))
        other[80] = 0x80
        #expect(!KeySamples.looksLikeEnvelope(other))
        #expect(!KeySamples.looksLikeEnvelope([UInt8](repeating: 0, count: 80)))
        #expect(KeySamples.looksLikeEnvelope([UInt8](repeating: 0, count: 81)))
        #expect(!KeySamples.looksLikeEnvelope([UInt8](repeating: 0xFF, count: 200)))
        #expect(!KeySamples.looksLikeEnvelope([]))
    }
}
