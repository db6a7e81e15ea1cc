// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// Cuts the enclave's bytes into messages: a value that takes what arrived and gives whole ones.
struct FrameSplitter {
    /// A message and the secret part behind it.
    struct Frame {
        let message: Message
        let secrets: ByteBuffer
    }

    private let limit: Int
    private var buffer = ByteBuffer()

    /// - Parameter limit: bytes that may follow a frame's length.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes bytes that arrived.
    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            // What has been read must not pile up before a frame that is never quite whole.
            if buffer.readerIndex > buffer.readableBytes { buffer.discardReadBytes() }
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole message; `nil` until there is one.
    ///
    /// - Throws: ``FrameError`` where the bytes cannot be an enclave's; the connection is then of no more use.
    mutating func next() throws(FrameError) -> Frame? {
        guard let length: UInt32 = buffer.getInteger(at: buffer.readerIndex) else { return nil }
        guard length <= limit else { throw .tooLarge }
        guard let plain: UInt32 = buffer.getInteger(at: buffer.readerIndex + 4, endianness: .little) else { return nil }
        let header = try FrameHeader(length: length, plain: plain, limit: limit)
        guard buffer.readableBytes >= header.frameCount else { return nil }
        buffer.moveReaderIndex(forwardBy: FrameHeader.byteCount)
        guard let encoded = buffer.readBytes(length: header.plainCount),
            let secrets = buffer.readSlice(length: header.secretCount)
        else { throw .malformed }
        return Frame(message: try Message(plain: encoded, secretCount: header.secretCount), secrets: secrets)
    }
}
