// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What is found in a stream of frames.
enum FrameEvent: Equatable {
    case frame(plain: [UInt8], secrets: [UInt8])
    case oversized(prefix: [UInt8])
    case tooLong
    case notAFrame
}

/// The frames of a stream that is known from its beginning to its end: what every reader of its parts must find.
struct FrameModel {
    private(set) var events: [FrameEvent] = []
    /// Where frames begin, the last of which may not end in the stream.
    private var starts: [Int] = []

    /// - Parameters:
    ///   - limit: bytes that may follow a frame's length.
    ///   - room: the most bytes of a whole frame with secrets; of a larger one only the beginning of its message is
    ///     found.
    init(_ stream: [UInt8], limit: Int, room: Int) {
        var start = 0
        while start < stream.count {
            starts.append(start)
            let there = stream[start...]
            guard there.count >= 4 else { return }
            let length = there.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard length <= limit else {
                events.append(.tooLong)
                return
            }
            guard there.count >= 8 else { return }
            let plain = there.prefix(8).suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard length >= 4, plain <= length - 4 else {
                events.append(.notAFrame)
                return
            }
            if 4 + length > room, plain < length - 4 {
                let shown = min(plain, 4096)
                guard there.count >= 8 + shown else { return }
                events.append(.oversized(prefix: Array(there.dropFirst(8).prefix(shown))))
            } else {
                guard there.count >= 4 + length else { return }
                let content = there.dropFirst(8).prefix(length - 4)
                events.append(.frame(plain: Array(content.prefix(plain)), secrets: Array(content.dropFirst(plain))))
            }
            start += 4 + length
        }
        starts.append(start)
    }

    /// Where the frame begins of which some bytes, but not all, are among the first `count` of the stream.
    func unfinishedStart(at count: Int) -> Int? {
        // A frame ends where the next begins.
        guard !starts.contains(count) else { return nil }
        return starts.last { $0 < count }
    }
}
