// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory
import Synchronization
import Testing

@Suite("random source")
struct EntropySourceTests {
    /// Gives the draws in their order, and the last of them for ever.
    private final class Script: Sendable {
        private let draws: Mutex<[[UInt8]]>

        init(_ draws: [[UInt8]]) {
            self.draws = Mutex(draws)
        }

        func next() -> [UInt8] {
            draws.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] }
        }
    }

    private let arena: SecretArena

    init() throws {
        arena = try SecretArena([.init(bytes: 64, slots: 1)])
    }

    private func source(_ draws: [[UInt8]]) -> EntropySource {
        let script = Script(draws)
        return EntropySource { span in
            let draw = script.next()
            for index in span.indices { span[index] = draw[index] }
        }
    }

    private func draw(_ count: Int, from source: EntropySource) throws -> [UInt8] {
        var secret: SecretBytes = try arena.lend(count: count)
        try source.draw(into: &secret)
        return secret.copied()
    }

    /// Bytes without a run, another for each number.
    private static func sound(_ number: UInt8, _ count: Int = 32) -> [UInt8] {
        (0..<UInt8(count)).map { $0 &* 7 &+ number }
    }

    /// 32 bytes of which `length` from `start` on are equal.
    private static func run(_ length: Int, from start: Int) -> [UInt8] {
        var draw = sound(1)
        for index in start..<(start + length) { draw[index] = 0xAA }
        return draw
    }

    private static let failed = PrimitiveError.entropyFailed

    @Test("a sound draw is given as it came", arguments: [16, 20, 24, 28, 32])
    func sound(count: Int) throws {
        #expect(try draw(count, from: source([Self.sound(3)])) == Array(Self.sound(3).prefix(count)))
    }

    @Test("a source that gives one byte for ever fails every time", arguments: [0x00, 0x55, 0xFF] as [UInt8])
    func stuckByte(byte: UInt8) {
        let stuck = source([[UInt8](repeating: byte, count: 32)])
        for _ in 0..<3 {
            #expect(throws: Self.failed) { try draw(32, from: stuck) }
        }
    }

    @Test("ten equal bytes in a row fail, wherever they are", arguments: 0...22)
    func longRun(start: Int) {
        #expect(throws: Self.failed) { try draw(32, from: source([Self.run(10, from: start)])) }
    }

    @Test("nine equal bytes in a row pass, wherever they are", arguments: 0...23)
    func shortRun(start: Int) throws {
        #expect(try draw(32, from: source([Self.run(9, from: start)])) == Self.run(9, from: start))
    }

    @Test("two runs of nine pass")
    func twoRuns() throws {
        let bytes = [UInt8](repeating: 1, count: 9) + [UInt8](repeating: 2, count: 9) + Self.sound(3, 14)
        #expect(try draw(32, from: source([bytes])) == bytes)
    }

    @Test("the same draw twice fails the second time, and every further time")
    func repeated() throws {
        let stuck = source([Self.sound(1)])
        #expect(try draw(32, from: stuck) == Self.sound(1))
        for _ in 0..<3 {
            #expect(throws: Self.failed) { try draw(32, from: stuck) }
        }
    }

    @Test("after a failure the next sound draw is given")
    func recovers() throws {
        let source = source([
            [UInt8](repeating: 0, count: 32), Self.sound(1), Self.sound(1), Self.sound(2), Self.sound(1),
        ])
        #expect(throws: Self.failed) { try draw(32, from: source) }
        #expect(try draw(32, from: source) == Self.sound(1))
        #expect(throws: Self.failed) { try draw(32, from: source) }
        #expect(try draw(32, from: source) == Self.sound(2))
        #expect(try draw(32, from: source) == Self.sound(1))
    }

    @Test("what failed is zeroed")
    func zeroed() throws {
        let stuck = source([Self.run(10, from: 5)])
        var secret: SecretBytes = try arena.lend(count: 32)
        do {
            try stuck.draw(into: &secret)
            Issue.record("the draw passed")
        } catch {
            #expect(error == Self.failed)
        }
        #expect(secret.copied() == [UInt8](repeating: 0, count: 32))
    }

    @Test(
        "a source that repeats itself fails whatever lengths are asked for",
        arguments: [[32, 12], [12, 32], [12, 12]])
    func repeatedBeginning(counts: [Int]) throws {
        let stuck = source([Self.sound(1)])
        #expect(try stuck.bytes(counts[0]) == Array(Self.sound(1).prefix(counts[0])))
        #expect(throws: Self.failed) { try stuck.bytes(counts[1]) }
    }

    @Test("short draws may repeat", arguments: [1, 8, 11])
    func short(count: Int) throws {
        let source = source([Self.sound(1)])
        #expect(try source.bytes(count) == source.bytes(count))
    }

    @Test("public bytes are tested as secret ones are")
    func publicBytes() throws {
        let source = source([Self.run(10, from: 2), Self.sound(1), Self.sound(1), Self.sound(2)])
        #expect(throws: Self.failed) { try source.bytes(12) }
        #expect(try source.bytes(12) == Array(Self.sound(1).prefix(12)))
        #expect(throws: Self.failed) { try source.bytes(12) }
        #expect(try source.bytes(12) == Array(Self.sound(2).prefix(12)))
        #expect(try EntropySource().bytes(0).isEmpty)
        #expect(try EntropySource().bytes(12) != EntropySource().bytes(12))
    }

    @Test("the kernel's bytes pass and differ", arguments: [16, 32, 64])
    func kernel(count: Int) throws {
        let source = EntropySource()
        let draws = try (0..<50).map { _ in try draw(count, from: source) }
        #expect(Set(draws).count == 50)
    }
}

@Suite("random source with a second one")
struct SecondEntropySourceTests {
    /// Of the kernel, as a test has it: no run, another for each number, and none a repetition of another.
    private static func drawn(_ count: Int, _ number: Int = 3) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + number + $0 / 256) }
    }

    /// Of the other source.
    private static func other(_ count: Int = 32, _ number: Int = 1) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 5 + number) }
    }

    private static func source(
        _ number: Int = 3, second: (@Sendable () throws(PrimitiveError) -> [UInt8])?
    ) -> EntropySource {
        EntropySource(
            fill: { span in
                let draw = drawn(span.count, number)
                for index in span.indices { span[index] = draw[index] }
            }, second: second)
    }

    private static func mixed(_ drawn: [UInt8], _ other: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: drawn.count)
        var span = output.mutableSpan
        HKDFSHA512.derive(salt: other, secret: drawn.span, info: Array("renclave/entropy/v1\0".utf8), into: &span)
        return output
    }

    @Test("a draw is what another program makes of both")
    func golden() throws {
        #expect(
            try Hex.encode(Self.source { Self.other() }.bytes(32))
                == "625df0899c3477e93321a6b3e36c64fd8cbd1ee9c4c2d9382c5fe691b9cd1c81")
        #expect(
            try Hex.encode(Self.source { Self.other(256) }.bytes(32))
                == "c9c90dfe846d2b08c2905a73ba663dea42ee46d653b735ac0dba2817d8531177")
    }

    @Test("without a second source a draw is the first one's")
    func alone() throws {
        #expect(try Self.source(second: nil).bytes(32) == Self.drawn(32))
    }

    @Test("it depends on both, and is neither", arguments: [12, 16, 32, 64, 200])
    func both(count: Int) throws {
        let draws = try [
            Self.source(3) { Self.other() }.bytes(count),
            Self.source(4) { Self.other() }.bytes(count),
            Self.source(3) { Self.other(32, 2) }.bytes(count),
            Self.source(3) { Self.other(33) }.bytes(count),
            Self.drawn(count),
            Self.other(count),
        ]
        #expect(Set(draws).count == 6)
        #expect(draws.allSatisfy { $0.count == count })
    }

    @Test("the second source is asked for every draw")
    func everyDraw() throws {
        let asked = Mutex(0)
        let source = EntropySource(second: { () throws(PrimitiveError) in
            asked.withLock { $0 += 1 }
            return Self.other()
        })
        for number in 1...3 {
            _ = try source.bytes(12)
            #expect(asked.withLock { $0 } == number)
        }
        #expect(try source.bytes(0).isEmpty)
    }

    @Test("a secret draw is mixed as a public one is")
    func secret() throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        var secret: SecretBytes = try arena.lend(count: 32)
        try Self.source { Self.other() }.draw(into: &secret)
        #expect(secret.copied() == Self.mixed(Self.drawn(32), Self.other()))
    }

    private func expectFailure(
        _ error: PrimitiveError, _ source: EntropySource, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let arena = try SecretArena([.init(bytes: 64, slots: 1)])
        var secret: SecretBytes = try arena.lend(count: 32)
        do {
            try source.draw(into: &secret)
            Issue.record("the draw passed", sourceLocation: sourceLocation)
        } catch let failure {
            #expect(failure == error, sourceLocation: sourceLocation)
        }
        #expect(secret.copied() == [UInt8](repeating: 0, count: 32), sourceLocation: sourceLocation)
        #expect(throws: error, sourceLocation: sourceLocation) { try source.bytes(32) }
    }

    @Test("a second source that fails lets the draw fail, and what was drawn is zeroed")
    func failing() throws {
        try expectFailure(.entropyFailed, Self.source { () throws(PrimitiveError) in throw .entropyFailed })
    }

    @Test("fewer than 32 bytes of the second source are none", arguments: [0, 1, 31])
    func short(count: Int) throws {
        try expectFailure(.entropyFailed, Self.source { Self.other(count) })
    }

    @Test("a second source does not hide that the first is stuck")
    func stuck() throws {
        let stuck = EntropySource(fill: { $0.update(repeating: 1) }, second: { Self.other() })
        try expectFailure(.entropyFailed, stuck)
        let repeating = Self.source { Self.other() }
        _ = try repeating.bytes(32)
        #expect(throws: PrimitiveError.entropyFailed) { try repeating.bytes(32) }
    }

    @Test("a draw that is longer than one key is made of parts", arguments: [16_319, 16_320, 16_321, 32_640, 40_000])
    func long(count: Int) throws {
        let draw = Self.drawn(count)
        let expected = stride(from: 0, to: count, by: 16_320).flatMap { start in
            Self.mixed(Array(draw[start..<min(start + 16_320, count)]), Self.other())
        }
        #expect(try Self.source { Self.other() }.bytes(count) == expected)
    }
}
