// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Glibc
import Protocol
import SecretMemory
import Synchronization

/// The sending side of a connection: frames gather in locked memory and leave in as few writes as possible.
///
/// The thread of the connection and the workers share it. ``close()`` ends it: a worker that answers later answers
/// nobody, and the memory can serve the next connection.
final class Outbox: Sendable {
    /// What stands in the buffer, and what became of the peer.
    struct State: ~Copyable {
        let descriptor: Int32
        let memory: LockedBuffer
        var isClosed = false
        var filled = 0
        var isBroken = false

        /// Adds bytes, writing when the buffer is full.
        mutating func append(_ bytes: borrowing Span<UInt8>) {
            var offset = 0
            while offset < bytes.count, !isBroken {
                if filled == memory.buffer.count { flush() }
                let part = min(bytes.count - offset, memory.buffer.count - filled)
                memory.buffer.withMutableBytes {
                    $0.copy(bytes.extracting(offset..<(offset + part)), at: filled)
                }
                filled += part
                offset += part
            }
        }

        /// Writes all that is there; a peer that does not take it within the socket's timeout is given up.
        mutating func flush() {
            let descriptor = descriptor
            let filled = filled
            guard filled > 0 else { return }
            if !isBroken {
                isBroken = memory.buffer.withBytes { !Self.writeAll($0.extracting(first: filled), to: descriptor) }
                if isBroken { shutdown(descriptor, Int32(SHUT_RDWR)) }
            }
            memory.buffer.wipe(0..<filled)
            self.filled = 0
        }

        private static func writeAll(_ bytes: borrowing Span<UInt8>, to descriptor: Int32) -> Bool {
            unsafe bytes.withUnsafeBytes { bytes in
                var offset = 0
                // The socket's own timeout bounds one call; a peer that takes a little at a time must not get more.
                let deadline = ContinuousClock.now + .milliseconds(Limits.stopMilliseconds)
                while offset < bytes.count {
                    guard ContinuousClock.now < deadline else { return false }
                    guard let base = bytes.baseAddress else { return false }
                    let written = unsafe Glibc.send(
                        descriptor, base + offset, bytes.count - offset, Int32(MSG_NOSIGNAL)
                    )
                    if written < 0 {
                        if errno == EINTR { continue }
                        return false
                    }
                    offset += written
                }
                return true
            }
        }
    }

    private let state: Mutex<State>

    init(descriptor: Int32, memory: LockedBuffer) {
        state = Mutex(State(descriptor: descriptor, memory: memory))
    }

    /// Writes what has gathered, closes the descriptor and lets go of the memory.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.flush()
            state.isClosed = true
            state.isBroken = true
            _ = Glibc.close(state.descriptor)
        }
    }

    /// Adds an answer.
    ///
    /// - Parameters:
    ///   - secretCount: the bytes that `secrets` will append, in the order of the message's fields.
    ///   - secrets: appends them, straight from locked memory.
    func send(
        _ message: Message,
        secretCount: Int = 0,
        secrets: (inout State) -> Void = { _ in }
    ) {
        guard let plain = try? message.encoded(secretCount: secretCount) else {
            // Fields and secrets that do not agree are an error in this program.
            guard case .reply(let identifier, let reply) = message, reply != .refused(EnclaveError(.internalFailure))
            else { return }
            return send(.reply(identifier: identifier, .refused(EnclaveError(.internalFailure))))
        }
        let header = FrameHeader(plainCount: plain.count, secretCount: secretCount)
        state.withLock { state in
            guard !state.isBroken else { return }
            state.append(header.bytes.span)
            state.append(plain.span)
            secrets(&state)
        }
    }

    /// Writes what has gathered.
    func flush() {
        state.withLock { $0.flush() }
    }

    /// Ends the receiving direction: what is being worked on is still answered.
    func stopReceiving() {
        state.withLock { state in
            guard !state.isClosed else { return }
            _ = shutdown(state.descriptor, Int32(SHUT_RD))
        }
    }
}
