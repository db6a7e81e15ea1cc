// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Testing

@testable import EnclaveCore

@Suite("frame reader")
struct FrameReaderTests {
    /// Frames of all sizes, some of them larger than the buffer, with secrets and without.
    private static let frames = [
        (1, 0), (0, 0), (0, 1), (20, 30), (3, 0), (9000, 100), (5, 5), (8184, 0), (0, 8184), (8185, 0), (10, 12_000),
        (19_996, 0), (8192, 0), (7, 7),
    ].enumerated().map { (number: UInt8($0), plain: $1.0, secrets: $1.1) }

    private static let stream = frames.flatMap {
        FrameReceiver.frame(plain: $0.plain, secrets: $0.secrets, mark: $0.number)
    }

    private static let expected = frames.map {
        FrameReceiver.found(plain: $0.plain, secrets: $0.secrets, mark: $0.number)
    }

    @Test(
        "a stream gives the same frames, whatever the parts are in which it comes",
        arguments: [1, 2, 3, 5, 7, 8, 9, 11, 13, 64, 1000, 4095, 4096, 4104, 8191, 8192, 8193, 50_000])
    func parts(size: Int) throws {
        var receiver = try FrameReceiver()
        for start in stride(from: 0, to: Self.stream.count, by: size) {
            receiver.take(Self.stream[start..<min(start + size, Self.stream.count)])
        }
        #expect(receiver.found == Self.expected)
    }

    @Test("two short frames give the same, wherever the stream is cut twice")
    func everyCut() throws {
        let stream =
            FrameReceiver.frame(plain: 4, secrets: 3, mark: 1) + FrameReceiver.frame(plain: 2, secrets: 0, mark: 9)
        let expected: [FrameReceiver.Found] = [
            .frame(plain: [1, 2, 3, 4], secrets: [5, 6, 7]), .frame(plain: [9, 10], secrets: []),
        ]
        for first in 0...stream.count {
            for second in first...stream.count {
                var receiver = try FrameReceiver()
                receiver.take(stream[..<first])
                receiver.take(stream[first..<second])
                receiver.take(stream[second...])
                let found = receiver.found
                #expect(found == expected, "cut at \(first) and \(second)")
            }
        }
    }

    @Test("a frame over the limit is refused from its first four bytes", arguments: [20_001, 0x7FFF_FFFF, UInt32.max])
    func tooLong(length: UInt32) throws {
        var receiver = try FrameReceiver()
        receiver.take(FrameHeader(plainCount: 1, secretCount: 0).bytes + [0])
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) }
        receiver.take(bytes.prefix(3))
        #expect(receiver.found.count == 1)
        receiver.take(bytes.suffix(1))
        #expect(receiver.found.last == .tooLong)
    }

    @Test("a frame of exactly the limit is passed over, and the next one read")
    func atTheLimit() throws {
        var receiver = try FrameReceiver()
        receiver.take(
            FrameReceiver.frame(plain: 16, secrets: FrameReceiver.limit - 20, mark: 0)
                + FrameReceiver.frame(plain: 1, secrets: 0, mark: 5))
        #expect(
            receiver.found == [.oversized(prefix: Array(0..<16)), .frame(plain: [5], secrets: [])])
    }

    @Test(
        "a header that contradicts itself is no frame",
        arguments: [
            [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 3, 0, 0, 0, 0], [0, 0, 0, 4, 1, 0, 0, 0],
            [0, 0, 0, 9, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]])
    func notAFrame(header: [UInt8]) throws {
        var receiver = try FrameReceiver()
        receiver.take(header)
        #expect(receiver.found == [.notAFrame])
    }
}

@Suite("frames that do not end")
struct HalfFrameTests {
    private static let limit = Duration.milliseconds(Limits.halfFrameMilliseconds)
    private static let tick = Duration.milliseconds(1)
    private let start = ContinuousClock.now

    @Test("nothing is overdue where nothing has begun")
    func nothing() throws {
        var receiver = try FrameReceiver()
        #expect(!receiver.reader.isOverdue(at: start + .seconds(1000)))
        receiver.take(FrameReceiver.frame(plain: 3, secrets: 3, mark: 0), at: start)
        #expect(receiver.found.count == 1)
        #expect(!receiver.reader.isOverdue(at: start + .seconds(1000)))
    }

    @Test("half a frame is overdue after its time, however often more of it comes", arguments: [1, 4, 7, 8, 13])
    func half(count: Int) throws {
        var receiver = try FrameReceiver()
        let bytes = FrameReceiver.frame(plain: 3, secrets: 3, mark: 0)
        receiver.take(bytes.prefix(count - 1), at: start)
        if count == 1 { receiver.take(bytes.prefix(1), at: start) }
        if count > 1 { receiver.take(bytes[(count - 1)..<count], at: start + Self.limit) }
        #expect(!receiver.reader.isOverdue(at: start + Self.limit))
        #expect(receiver.reader.isOverdue(at: start + Self.limit + Self.tick))
    }

    @Test("a frame that has ended in time is not overdue, and the next has its own time")
    func next() throws {
        var receiver = try FrameReceiver()
        let bytes = FrameReceiver.frame(plain: 3, secrets: 3, mark: 0)
        receiver.take(bytes.prefix(5), at: start)
        let later = start + Self.limit
        receiver.take(bytes.dropFirst(5) + bytes.prefix(2), at: later)
        #expect(receiver.found.count == 1)
        #expect(!receiver.reader.isOverdue(at: later + Self.limit))
        #expect(receiver.reader.isOverdue(at: later + Self.limit + Self.tick))
    }

    @Test("a large frame that is passed over must end in time as well")
    func passedOver() throws {
        var receiver = try FrameReceiver()
        receiver.take(FrameReceiver.frame(plain: 3, secrets: 9000, mark: 0).dropLast(), at: start)
        #expect(receiver.found.count == 1)
        #expect(!receiver.reader.isOverdue(at: start + Self.limit))
        #expect(receiver.reader.isOverdue(at: start + Self.limit + Self.tick))
    }

    @Test("after a large frame was passed over the next has its own time")
    func afterPassedOver() throws {
        var receiver = try FrameReceiver()
        receiver.take(FrameReceiver.frame(plain: 3, secrets: 9000, mark: 0), at: start)
        #expect(!receiver.reader.isOverdue(at: start + .seconds(1000)))
        let later = start + .seconds(1000)
        receiver.take(FrameReceiver.frame(plain: 3, secrets: 3, mark: 0).prefix(2), at: later)
        #expect(!receiver.reader.isOverdue(at: later + Self.limit))
        #expect(receiver.reader.isOverdue(at: later + Self.limit + Self.tick))
    }
}
