// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory

/// Finds the frames in a receive buffer: a value that knows positions and never holds bytes.
///
/// A frame over the limit is refused from its header alone. One within the limit that is larger than the buffer is
/// given in parts as it arrives, provided that it carries no secrets: those have no place outside the buffer. With
/// secrets it is reported once, with as much of its message as there is, and then passed over as it arrives.
struct FrameReader {
    /// What stands at the front of the bytes that have not been taken.
    enum Step: Equatable {
        case needMore
        /// Positions in the buffer.
        case frame(plain: Range<Int>, secrets: Range<Int>)
        /// A frame without secrets that does not fit begins: so many bytes of message follow, in parts.
        case large(plainCount: Int)
        /// Positions in the buffer of the next bytes of such a message.
        case part(Range<Int>, isLast: Bool)
        /// The beginning of the message of a frame with secrets that does not fit.
        case oversized(plainPrefix: Range<Int>)
        case tooLong
        case notAFrame
    }

    /// As much of an oversized frame as is looked at before the answer.
    private static let prefixBytes = 4096

    private let limit: Int
    private var taken = 0
    private var passOver = 0
    /// Bytes of a large message that have not been given.
    private var partsLeft = 0
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
        guard let begunAt, filled > taken || passOver > 0 || partsLeft > 0 else { return false }
        return now - begunAt > .milliseconds(Limits.halfFrameMilliseconds)
    }

    /// Takes the next frame, or the next part of one.
    mutating func next(in buffer: borrowing Span<UInt8>) -> Step {
        guard partsLeft == 0 else { return nextPart() }
        let skipped = min(passOver, filled - taken)
        passOver -= skipped
        taken += skipped
        guard passOver == 0 else { return .needMore }
        if skipped > 0 { noteEnd() }

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
        guard header.frameCount <= buffer.count else {
            return header.secretCount == 0 ? large(header) : oversized(header, there: there)
        }
        guard there >= header.frameCount else { return .needMore }

        let plainStart = taken + FrameHeader.byteCount
        let secretStart = plainStart + header.plainCount
        taken += header.frameCount
        noteEnd()
        return .frame(plain: plainStart..<secretStart, secrets: secretStart..<taken)
    }

    /// What follows a frame has begun no earlier than the frame's last bytes came.
    private mutating func noteEnd() {
        begunAt = filled > taken ? receivedAt : nil
    }

    private mutating func large(_ header: FrameHeader) -> Step {
        taken += FrameHeader.byteCount
        partsLeft = header.plainCount
        return .large(plainCount: header.plainCount)
    }

    private mutating func nextPart() -> Step {
        let part = taken..<(taken + min(partsLeft, filled - taken))
        guard !part.isEmpty else { return .needMore }
        taken = part.upperBound
        partsLeft -= part.count
        if partsLeft == 0 { noteEnd() }
        return .part(part, isLast: partsLeft == 0)
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
