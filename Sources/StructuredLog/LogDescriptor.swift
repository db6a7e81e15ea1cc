// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// A file descriptor that takes log lines, and drops those that it cannot take at once.
///
/// Where it is a pipe or a socket it does not block: whoever reads the log may be slow or gone, and that must stop
/// nobody. A terminal or a file stays as it is.
final class LogDescriptor: Sendable {
    /// Negative where the given descriptor was not open: a number that something else opens later is not the log.
    private let descriptor: Int32
    private let isOwned: Bool

    /// Takes a descriptor, which must stay open, and makes the process ignore SIGPIPE, since a write to a pipe that
    /// nobody reads would end it.
    init(_ given: Int32) {
        signal(SIGPIPE, SIG_IGN)
        var status = stat()
        // Unsafe: C calls; the pointers here and below are to values that outlive the call.
        guard unsafe fstat(given, &status) == 0 else {
            descriptor = -1
            isOwned = false
            return
        }
        guard [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT) else {
            descriptor = given
            isOwned = false
            return
        }
        // Whether writes block belongs to the open file description, which other processes may share. A pipe can be
        // opened anew for this one alone, if this user may; a socket cannot.
        let own = unsafe open("/proc/self/fd/\(given)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        isOwned = own >= 0
        descriptor = isOwned ? own : given
        if !isOwned {
            _ = fcntl(given, F_SETFL, fcntl(given, F_GETFL) | O_NONBLOCK)
        }
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Writes a line in one call. What cannot be written is lost, because a log must not stop what it tells of.
    func write(_ line: LogLine) {
        guard descriptor >= 0 else { return }
        // Unsafe: pointer and count are of one buffer.
        unsafe line.bytes.withUnsafeBytes { bytes in
            var result: Int
            repeat {
                result = unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            } while result < 0 && errno == EINTR
        }
    }
}
