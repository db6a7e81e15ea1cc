// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import SecretMemory

@testable import EnclaveCore

/// A frame reader with a buffer, as a connection has it.
struct FrameReceiver: ~Copyable {
    /// What was found, with the bytes where there are any.
    enum Found: Equatable {
        case frame(plain: [UInt8], secrets: [UInt8])
        /// A message that came in parts.
        case large([UInt8])
        case oversized(prefix: [UInt8])
        case tooLong
        case notAFrame
    }

    static let limit = 20_000
    static let bufferBytes = 8192

    private(set) var reader: FrameReader
    private(set) var found: [Found] = []
    private var buffer: SecretBuffer
    private var message = LargeMessage()

    init(limit: Int = FrameReceiver.limit, bufferBytes: Int = FrameReceiver.bufferBytes) throws {
        reader = FrameReader(limit: limit)
        buffer = try SecretBuffer(count: bufferBytes)
    }

    /// A frame whose content depends on `mark`.
    static func frame(plain: Int, secrets: Int, mark: UInt8) -> [UInt8] {
        let content = (0..<(plain + secrets)).map { UInt8(truncatingIfNeeded: $0) &+ mark }
        return FrameHeader(plainCount: plain, secretCount: secrets).bytes + content
    }

    /// What is found of such a frame.
    static func found(
        plain: Int,
        secrets: Int,
        mark: UInt8,
        bufferBytes: Int = FrameReceiver.bufferBytes
    ) -> Found {
        let content = frame(plain: plain, secrets: secrets, mark: mark).dropFirst(FrameHeader.byteCount)
        guard content.count + FrameHeader.byteCount > bufferBytes else {
            return .frame(plain: Array(content.prefix(plain)), secrets: Array(content.dropFirst(plain)))
        }
        return secrets == 0 ? .large(Array(content)) : .oversized(prefix: Array(content.prefix(min(plain, 4096))))
    }

    /// Takes bytes, at most as many at a time as there is room for.
    mutating func take(_ bytes: some Collection<UInt8>, at now: ContinuousClock.Instant = .now) {
        var rest = Array(bytes)
        while !rest.isEmpty {
            let part = Array(rest.prefix(buffer.count - reader.filled))
            rest.removeFirst(part.count)
            let start = reader.filled
            buffer.withMutableBytes { $0.copy(part.span, at: start) }
            reader.received(part.count, at: now)
            guard !part.isEmpty, takeFrames() else { return }
        }
    }

    /// - Returns: false where the connection would end.
    private mutating func takeFrames() -> Bool {
        while true {
            switch buffer.withBytes({ reader.next(in: $0) }) {
            case .needMore:
                reader.compact(&buffer)
                return true
            case .frame(let plain, let secrets):
                found.append(.frame(plain: buffer.copied(plain), secrets: buffer.copied(secrets)))
            case .large(let plainCount):
                message.begin(count: plainCount)
            case .part(let part, let isLast):
                message.append(buffer.copied(part).span)
                if isLast { found.append(.large(message.finish())) }
            case .oversized(let prefix):
                found.append(.oversized(prefix: buffer.copied(prefix)))
            case .tooLong:
                found.append(.tooLong)
                return false
            case .notAFrame:
                found.append(.notAFrame)
                return false
            }
        }
    }
}
