// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory

/// Finds the frames in a receive buffer: a value that knows positions and never holds bytes.
///
/// A frame over the limit is refused from its header alone. One within the limit that is larger than the buffer is
/// reported once, with as much of its message as there is, and then passed over as it arrives.
struct FrameReader {
    /// What stands at the front of the bytes that have not been taken.
    enum Step: Equatable {
        case needMore
        /// Positions in the buffer.
        case frame(plain: Range<Int>, secrets: Range<Int>)
        /// The beginning of the message of a frame that does not fit.
        case oversized(plainPrefix: Range<Int>)
        case tooLong
        case notAFrame
    }

    /// As much of an oversized frame as is looked at before the answer.
    private static let prefixBytes = 4096

    private let limit: Int
    private var taken = 0
    private var passOver = 0
    private var receivedAt: ContinuousClock.Instant?
    private var begunAt: ContinuousClock.Instant?

    /// Bytes in the buffer.
    private(set) var filled = 0

    /// - Parameter limit: bytes that may follow a frame's length.
    init(limit: Int) {
        self.limit = limit
    }

    /// Notes that bytes have come in behind ``filled``.
    mutating func received(_ count: Int, at now: ContinuousClock.Instant) {
        filled += count
        receivedAt = now
        begunAt = begunAt ?? now
    }

    /// Whether a frame began too long ago and has not ended.
    func isOverdue(at now: ContinuousClock.Instant) -> Bool {
        guard let begunAt, filled > taken || passOver > 0 else { return false }
        return now - begunAt > .milliseconds(Limits.halfFrameMilliseconds)
    }

    /// Takes the next frame.
    mutating func next(in buffer: borrowing Span<UInt8>) -> Step {
        let skipped = min(passOver, filled - taken)
        passOver -= skipped
        taken += skipped
        guard passOver == 0 else { return .needMore }
        // What follows a frame that was passed over has begun no earlier than its last bytes came.
        if skipped > 0 { begunAt = filled > taken ? receivedAt : nil }

        let there = filled - taken
        guard there >= 4 else { return .needMore }
        // The length alone decides whether anything more is read.
        guard Self.bigEndian(buffer, at: taken) <= limit else { return .tooLong }
        guard there >= FrameHeader.byteCount else { return .needMore }
        guard
            let header = try? FrameHeader(
                length: UInt32(Self.bigEndian(buffer, at: taken)),
                plain: Self.littleEndian(buffer, at: taken + 4),
                limit: limit
            )
        else { return .notAFrame }
        guard header.frameCount <= buffer.count else { return oversized(header, there: there) }
        guard there >= header.frameCount else { return .needMore }

        let plainStart = taken + FrameHeader.byteCount
        let secretStart = plainStart + header.plainCount
        taken += header.frameCount
        begunAt = filled > taken ? receivedAt : nil
        return .frame(plain: plainStart..<secretStart, secrets: secretStart..<taken)
    }

    private mutating func oversized(_ header: FrameHeader, there: Int) -> Step {
        let wanted = min(header.plainCount, Self.prefixBytes)
        guard there >= FrameHeader.byteCount + wanted else { return .needMore }
        let start = taken + FrameHeader.byteCount
        passOver = header.frameCount
        return .oversized(plainPrefix: start..<(start + wanted))
    }

    /// Moves what has not been taken to the front.
    mutating func compact(_ buffer: inout SecretBuffer) {
        guard taken > 0 else { return }
        buffer.moveToFront(taken..<filled)
        filled -= taken
        taken = 0
    }

    private static func bigEndian(_ bytes: borrowing Span<UInt8>, at offset: Int) -> Int {
        (0..<4).reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
    }

    private static func littleEndian(_ bytes: borrowing Span<UInt8>, at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }
}
