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
