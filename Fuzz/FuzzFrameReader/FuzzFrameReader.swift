// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import FuzzKit
import NIOCore
import Protocol

@testable import EnclaveCore
@testable import HostGateway

/// Reads frames from a stream that comes in parts, as the enclave does and as the gateway does; both must find what is
/// in the whole stream.
///
/// Input: a count of part sizes (modulo 16), the sizes, which are used in turn, then the stream.
@c(LLVMFuzzerTestOneInput)
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = unsafe FuzzInput(start, count)
    let sizes = input.bytes(Int(input.byte() % 16)).map { Int($0) * Int($0) / 16 + 1 }
    let stream = Array(input.rest)
    checkEnclave(stream, sizes)
    checkGateway(stream, sizes)
    return 0
}

/// Above the size of the buffer, so that there are frames that do not fit in it.
private let limit = FrameReceiver.bufferBytes + 2048

/// Calls `body` with the first and the last offset of each part.
private func forEachPart(of stream: [UInt8], _ sizes: [Int], _ body: (Range<Int>) -> Void) {
    var offset = 0
    var turn = 0
    while offset < stream.count {
        let size = sizes.isEmpty ? stream.count : sizes[turn % sizes.count]
        let end = min(offset + size, stream.count)
        body(offset..<end)
        offset = end
        turn += 1
    }
}

// MARK: The enclave

private func checkEnclave(_ stream: [UInt8], _ sizes: [Int]) {
    let model = FrameModel(stream, limit: limit, room: FrameReceiver.bufferBytes)
    guard var receiver = try? FrameReceiver(limit: limit) else { preconditionFailure("no locked memory") }
    let origin = ContinuousClock.now
    var arrivals: [(offset: Int, time: ContinuousClock.Instant)] = []
    forEachPart(of: stream, sizes) { part in
        var offset = part.lowerBound
        while offset < part.upperBound, !receiver.isOver {
            let now = origin + .seconds(arrivals.count)
            precondition(receiver.room > 0, "the buffer is full and there is no frame in it")
            let end = min(offset + receiver.room, part.upperBound)
            arrivals.append((offset, now))
            receiver.take(Array(stream[offset..<end]), at: now)
            offset = end
            if receiver.isOver { return }
            let begun = model.unfinishedStart(at: end).flatMap { start in arrivals.last { $0.offset <= start }?.time }
            checkOverdue(receiver.reader, begun: begun, now: now)
        }
    }
    let events = receiver.events
    precondition(events == model.events, "the enclave finds other frames")
}

/// A reader is overdue once the first byte of an unfinished frame has been there for too long.
private func checkOverdue(
    _ reader: FrameReader, begun: ContinuousClock.Instant?, now: ContinuousClock.Instant
) {
    let patience = Duration.milliseconds(Limits.halfFrameMilliseconds)
    guard let begun else {
        return precondition(!reader.isOverdue(at: now + patience * 2), "overdue without an unfinished frame")
    }
    precondition(!reader.isOverdue(at: begun + patience), "overdue too early")
    precondition(reader.isOverdue(at: begun + patience + .milliseconds(1)), "not overdue")
}

// MARK: The gateway

private func checkGateway(_ stream: [UInt8], _ sizes: [Int]) {
    let model = FrameModel(stream, limit: limit, room: .max)
    var splitter = FrameSplitter(limit: limit)
    var expected = model.events[...]
    var isOver = false
    forEachPart(of: stream, sizes) { part in
        guard !isOver else { return }
        splitter.append(ByteBuffer(bytes: stream[part]))
        do throws(FrameError) {
            while let frame = try splitter.next() { check(frame, expected.popFirst()) }
        } catch {
            check(error, expected.popFirst())
            isOver = true
        }
    }
    precondition(isOver || expected.isEmpty, "the gateway finds fewer frames")
}

private func check(_ frame: FrameSplitter.Frame, _ expected: FrameEvent?) {
    guard case .frame(let plain, let secrets) = expected else { preconditionFailure("the gateway finds more frames") }
    let message = try? Message(plain: plain, secretCount: secrets.count)
    precondition(frame.message == message, "the gateway finds another message")
    precondition(Array(frame.secrets.readableBytesView) == secrets, "the gateway finds other secrets")
}

private func check(_ error: FrameError, _ expected: FrameEvent?) {
    switch expected {
    case .tooLong:
        precondition(error == .tooLarge, "a frame over the limit is called malformed")
    case .notAFrame:
        precondition(error == .malformed, "what is no frame is called too large")
    case .frame(let plain, let secrets):
        precondition(error == .malformed, "a frame within the limit is too large")
        precondition((try? Message(plain: plain, secretCount: secrets.count)) == nil, "a message is refused")
    case .oversized, nil:
        preconditionFailure("the gateway refuses what is not there")
    }
}
