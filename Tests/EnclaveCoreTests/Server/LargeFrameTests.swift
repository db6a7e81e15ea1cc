// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Testing

@testable import EnclaveCore

@Suite("frames that no receive buffer holds")
struct LargeFrameTests {
    private static let bufferBytes = 64
    private static let limit = 200

    /// Frames around the size of the buffer and around the limit.
    private static let sizes: [(plain: Int, secrets: Int)] = [
        (55, 0), (56, 0), (57, 0), (58, 0), (64, 0), (119, 0), (120, 0), (121, 0), (195, 0), (196, 0),
        (20, 35), (20, 36), (20, 37), (20, 108), (0, 56), (0, 57), (0, 196), (55, 1), (56, 1), (56, 140),
    ]

    private static func found(_ size: (plain: Int, secrets: Int)) -> FrameReceiver.Found {
        FrameReceiver.found(plain: size.plain, secrets: size.secrets, mark: 7, bufferBytes: bufferBytes)
    }

    @Test("the same is found wherever a frame and the next are cut", arguments: sizes)
    func everyCut(size: (plain: Int, secrets: Int)) throws {
        let stream =
            FrameReceiver.frame(plain: size.plain, secrets: size.secrets, mark: 7)
            + FrameReceiver.frame(plain: 2, secrets: 1, mark: 9)
        let expected = [Self.found(size), .frame(plain: [9, 10], secrets: [11])]
        for cut in 0...stream.count {
            var receiver = try FrameReceiver(limit: Self.limit, bufferBytes: Self.bufferBytes)
            receiver.take(stream[..<cut])
            receiver.take(stream[cut...])
            let found = receiver.found
            #expect(found == expected, "cut at \(cut)")
        }
    }

    @Test("frames of every such size are found one after the other, whatever the parts", arguments: 1...70)
    func sequence(part: Int) throws {
        let stream = Self.sizes.flatMap { FrameReceiver.frame(plain: $0.plain, secrets: $0.secrets, mark: 7) }
        var receiver = try FrameReceiver(limit: Self.limit, bufferBytes: Self.bufferBytes)
        for start in stride(from: 0, to: stream.count, by: part) {
            receiver.take(stream[start..<min(start + part, stream.count)])
        }
        #expect(receiver.found == Self.sizes.map(Self.found))
    }

    @Test("one byte over the limit is refused, secrets or not", arguments: [(197, 0), (100, 97)])
    func overTheLimit(plain: Int, secrets: Int) throws {
        var receiver = try FrameReceiver(limit: Self.limit, bufferBytes: Self.bufferBytes)
        receiver.take(FrameHeader(plainCount: plain, secretCount: secrets).bytes.prefix(4))
        #expect(receiver.found == [.tooLong])
    }

    @Test("bytes of a message are given as soon as they are there, and none of what follows it")
    func steps() {
        let message = FrameReceiver.frame(plain: 60, secrets: 0, mark: 0)
        var reader = FrameReader(limit: Self.limit)
        var buffer = Array(message.prefix(8)) + [UInt8](repeating: 0, count: 56)
        reader.received(8, at: .now)
        #expect(reader.next(in: buffer.span) == .large(plainCount: 60))
        #expect(reader.next(in: buffer.span) == .needMore)
        buffer.replaceSubrange(8..<30, with: message[8..<30])
        reader.received(22, at: .now)
        #expect(reader.next(in: buffer.span) == .part(8..<30, isLast: false))
        #expect(reader.next(in: buffer.span) == .needMore)
        buffer.replaceSubrange(30..<64, with: message[30..<64])
        reader.received(34, at: .now)
        #expect(reader.next(in: buffer.span) == .part(30..<64, isLast: false))
        #expect(reader.next(in: buffer.span) == .needMore)
    }
}

@Suite("large frames that do not end")
struct HalfLargeFrameTests {
    private static let limit = Duration.milliseconds(Limits.halfFrameMilliseconds)
    private static let tick = Duration.milliseconds(1)
    private let start = ContinuousClock.now

    @Test("one is overdue after its time, however often more of it comes", arguments: [1, 7, 8, 9, 5000, 8192, 9007])
    func half(count: Int) throws {
        var receiver = try FrameReceiver()
        let bytes = FrameReceiver.frame(plain: 9000, secrets: 0, mark: 0)
        receiver.take(bytes.prefix(1), at: start)
        receiver.take(bytes[1..<count], at: start + Self.limit)
        #expect(receiver.found.isEmpty)
        #expect(!receiver.reader.isOverdue(at: start + Self.limit))
        #expect(receiver.reader.isOverdue(at: start + Self.limit + Self.tick))
    }

    @Test("one that has ended is not overdue, and the next has its own time")
    func next() throws {
        var receiver = try FrameReceiver()
        let bytes = FrameReceiver.frame(plain: 9000, secrets: 0, mark: 0)
        receiver.take(bytes.prefix(100), at: start)
        let later = start + Self.limit
        receiver.take(bytes.dropFirst(100), at: later)
        #expect(receiver.found.count == 1)
        #expect(!receiver.reader.isOverdue(at: start + .seconds(1000)))
        receiver.take(bytes.prefix(3), at: later)
        #expect(!receiver.reader.isOverdue(at: later + Self.limit))
        #expect(receiver.reader.isOverdue(at: later + Self.limit + Self.tick))
    }

    @Test("the beginning of the next in the same bytes has the time of those bytes")
    func nextInTheSameBytes() throws {
        var receiver = try FrameReceiver()
        let bytes = FrameReceiver.frame(plain: 9000, secrets: 0, mark: 0)
        receiver.take(bytes.prefix(9000), at: start)
        let later = start + Self.limit
        receiver.take(bytes.dropFirst(9000) + bytes.prefix(3), at: later)
        #expect(receiver.found.count == 1)
        #expect(!receiver.reader.isOverdue(at: later + Self.limit))
        #expect(receiver.reader.isOverdue(at: later + Self.limit + Self.tick))
    }
}
