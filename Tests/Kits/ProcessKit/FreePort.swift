// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Synchronization

/// Ports of 127.0.0.1 on which nobody listens.
package enum FreePort {
    /// Below those that the kernel gives to outgoing connections, so that none of them takes it in the meantime.
    private static let candidates: ClosedRange<UInt16> = 20_000...31_999

    /// Those that were found before: whoever was told of one may not have begun to listen yet.
    private static let found = Mutex<Set<UInt16>>([])

    /// One of them, another one each time.
    package static func find() throws(ProcessKitError) -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: candidates)
            guard found.withLock({ $0.insert(port).inserted }), let holder = try hold(port) else { continue }
            close(holder)
            return port
        }
        throw .unmet(condition: "a port is free", found: "100 were tried")
    }

    /// Listens on a port, so that nobody else can.
    ///
    /// - Returns: the descriptor that holds it, `nil` where the port is taken.
    package static func hold(_ port: UInt16) throws(ProcessKitError) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
        var address = loopbackAddress(port)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0, listen(descriptor, 16) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
