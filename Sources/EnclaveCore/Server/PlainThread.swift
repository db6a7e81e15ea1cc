// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux

/// Starts plain threads: the enclave blocks in reads and in work, which the concurrency pool must never do.
enum PlainThread {
    /// The thread could not be made (errno).
    struct StartError: Error {
        let errno: Int32
    }

    /// Deep enough for everything that runs on it; the enclave has no recursion over input.
    private static let stackBytes = 512 * 1024

    /// Runs `body` on a thread of its own, with every signal blocked.
    ///
    /// - Parameter name: at most 15 bytes; it shows in `ps -L`.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(StartError) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let box = unsafe Unmanaged.passRetained(Box(body))
        // The new thread takes the box over; where there is none, it is released here.
        let error = unsafe renclave_start_thread(
            name,
            stackBytes,
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
            },
            box.toOpaque()
        )
        guard error == 0 else {
            unsafe box.release()
            throw StartError(errno: error)
        }
    }
}
