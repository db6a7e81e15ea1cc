// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Glibc
import Synchronization

/// A connected stream socket, TCP or Unix, with blocking calls that end after a bounded time.
package final class StreamSocket: Sendable {
    /// Milliseconds that a blocked call waits before it fails; spent only where something is wrong.
    private static let timeout: Int32 = 30_000

    private let descriptor: Int32
    private let isClosed = Atomic(false)

    /// Takes over a connected descriptor.
    package init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        _ = renclave_set_timeouts(descriptor, Self.timeout, Self.timeout)
    }

    /// Connects to a port of 127.0.0.1.
    package convenience init(port: UInt16) throws(ProcessKitError) {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
        var address = loopbackAddress(port)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let cause = errno
            Glibc.close(descriptor)
            throw .system(call: "connect", errno: cause)
        }
        self.init(adopting: descriptor)
    }

    /// Connects to a Unix socket.
    package convenience init(path: String) throws(ProcessKitError) {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // Unsafe: the path, cut to what there is room for with its terminating zero, goes into the struct's bytes.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            unsafe room.copyBytes(from: path.utf8.prefix(room.count - 1))
        }
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let cause = errno
            Glibc.close(descriptor)
            throw .system(call: "connect", errno: cause)
        }
        self.init(adopting: descriptor)
    }

    deinit { close() }

    /// Sends all bytes.
    package func send(_ bytes: [UInt8]) throws(ProcessKitError) {
        var offset = 0
        while offset < bytes.count {
            // Unsafe: pointer and count are of one slice.
            let sent = unsafe bytes[offset...].withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent < 0 {
                if errno == EINTR { continue }
                throw .system(call: "send", errno: errno)
            }
            offset += sent
        }
    }

    /// What has arrived; waits for something, and gives nothing once the peer has ended its direction.
    package func receive() throws(ProcessKitError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count >= 0 { return Array(buffer.prefix(count)) }
            if errno != EINTR { throw .system(call: "recv", errno: errno) }
        }
    }

    /// Reads until the peer closes, in either of the two ways there are.
    ///
    /// - Returns: what came before.
    package func receiveUntilClosed() throws(ProcessKitError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            do throws(ProcessKitError) {
                let bytes = try receive()
                if bytes.isEmpty { return all }
                all += bytes
            } catch {
                // A peer that closes with bytes of ours unread resets the connection.
                if case .system(_, ECONNRESET) = error { return all }
                throw error
            }
        }
    }

    /// From now on a send that the peer does not take for so long fails.
    package func boundSending(seconds: Int) {
        var option = timeval(tv_sec: seconds, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &option, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Ends our direction; the peer's stays open.
    package func endSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Wakes whoever is blocked on this socket, from any thread.
    package func interrupt() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Closes at once and tells the peer so. (After an ordinary ``close()`` a TCP peer knows only that no more comes.)
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    package func close() {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        Glibc.close(descriptor)
    }
}

/// 127.0.0.1 with a port, as the socket calls take it.
func loopbackAddress(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}
