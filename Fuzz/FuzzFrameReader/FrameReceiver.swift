// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import SecretMemory

@testable import EnclaveCore

/// The enclave's frame reader with its buffer, fed as a connection feeds it.
struct FrameReceiver: ~Copyable {
    /// The beginning of a message that is looked at, and the header before it: no smaller buffer would do.
    static let bufferBytes = 4096 + 8

    private(set) var reader: FrameReader
    private(set) var events: [FrameEvent] = []
    private(set) var isOver = false
    private var buffer: SecretBuffer
    private var message = LargeMessage()

    init(limit: Int) throws {
        reader = FrameReader(limit: limit)
        buffer = try SecretBuffer(count: Self.bufferBytes)
    }

    /// Bytes that can be taken at once; never 0, or a connection would wait for ever.
    var room: Int { buffer.count - reader.filled }

    mutating func take(_ bytes: [UInt8], at now: ContinuousClock.Instant) {
        let start = reader.filled
        buffer.withMutableBytes { $0.copy(bytes.span, at: start) }
        reader.received(bytes.count, at: now)
        while !isOver {
            switch buffer.withBytes({ reader.next(in: $0) }) {
            case .needMore:
                reader.compact(&buffer)
                return
            case .frame(let plain, let secrets):
                events.append(.frame(plain: bytesOfBuffer(plain), secrets: bytesOfBuffer(secrets)))
            case .large(let plainCount):
                message.begin(count: plainCount)
            case .part(let part, let isLast):
                message.append(bytesOfBuffer(part).span)
                if isLast { events.append(.frame(plain: message.finish(), secrets: [])) }
            case .oversized(let prefix):
                events.append(.oversized(prefix: bytesOfBuffer(prefix)))
            case .tooLong:
                end(.tooLong)
            case .notAFrame:
                end(.notAFrame)
            }
        }
    }

    private mutating func end(_ event: FrameEvent) {
        events.append(event)
        isOver = true
    }

    private borrowing func bytesOfBuffer(_ range: Range<Int>) -> [UInt8] {
        buffer.withBytes { bytes in range.map { bytes[$0] } }
    }
}
