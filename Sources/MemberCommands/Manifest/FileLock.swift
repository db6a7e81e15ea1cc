// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// A lock that one process at a time has (flock(2)). It ends with the process, and leaves an empty file.
struct FileLock {
    private let number: CInt

    /// Waits for the lock.
    ///
    /// - Parameter path: a file that is made where there is none.
    init(_ path: String) throws(CommandFailure) {
        // The path is copied for the call.
        number = unsafe open(path, O_CREAT | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .system("\(path) cannot be opened", errno) }
        while flock(number, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let code = errno
                close(number)
                throw .system("\(path) cannot be locked", code)
            }
        }
    }

    /// Gives the lock back; it is used no more.
    func release() {
        close(number)
    }
}
