// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import Glibc

/// The Unix socket on which the enclave listens, made so that nobody else can take its place or be taken for it.
package struct EnclaveSocket: Sendable {
    /// Why the socket could not be had. Each case is a misfortune that an operator can do something about.
    package enum Failure: Error, Equatable, Sendable {
        case pathTooLong
        /// The directory does not exist, is not a directory, or cannot be looked at (errno).
        case directoryUnusable(errno: Int32)
        /// The directory belongs to somebody else, or others may replace files in it.
        case directoryUnsafe
        /// The lock file belongs to somebody else or is not a plain file.
        case lockUnsafe
        /// Creating the lock file or the socket was refused (errno).
        case notPermitted(errno: Int32)
        /// Another enclave is alive on this path.
        case alreadyServed
        /// Something that is no socket is at the path; it was left alone.
        case notASocket
        /// A socket of another user is at the path; it was left alone.
        case foreignOwner(uid: UInt32)
        /// Binding, or giving the socket to its group, failed (errno).
        case failed(errno: Int32)
    }

    let path: String
    let listener: Int32
    /// Held for the life of the process: while it is locked, nobody takes this socket for abandoned.
    private let lock: Int32

    /// Takes the path and listens.
    ///
    /// - Parameters:
    ///   - path: where the socket is to be, at most 107 bytes.
    ///   - group: who may connect besides this user (mode 0660); nobody where `nil` (0600).
    package init(path: String, group: UInt32?) throws(Failure) {
        guard path.utf8.count <= 107, !path.utf8.contains(0) else { throw .pathTooLong }
        try Self.checkDirectory(of: path)
        lock = try Self.takeLock(path + ".lock")
        do {
            try Self.clear(path)
            listener = try Self.listen(path)
        } catch {
            close(lock)
            throw error
        }
        self.path = path
        guard let group else { return }
        guard unsafe chown(path, uid_t.max, group) == 0, unsafe chmod(path, 0o660) == 0 else {
            let cause = errno
            remove()
            throw .failed(errno: cause)
        }
    }

    /// Ends listening and takes the socket away; the lock file stays, so that two starts can never both hold it.
    package func remove() {
        close(listener)
        unsafe _ = unlink(path)
        close(lock)
    }

    private static func checkDirectory(of path: String) throws(Failure) {
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else { throw .directoryUnusable(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .directoryUnusable(errno: ENOTDIR) }
        let isSticky = status.st_mode & S_ISVTX != 0
        guard status.st_uid == geteuid() || status.st_uid == 0, isSticky || status.st_mode & 0o022 == 0 else {
            throw .directoryUnsafe
        }
    }

    private static func takeLock(_ path: String) throws(Failure) -> Int32 {
        let descriptor = unsafe renclave_open_lock(path)
        guard descriptor >= 0 else {
            switch -descriptor {
            case ELOOP, EISDIR, ENXIO: throw .lockUnsafe
            default: throw .notPermitted(errno: -descriptor)
            }
        }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid()
        else {
            close(descriptor)
            throw .lockUnsafe
        }
        guard renclave_lock(descriptor) == 0 else {
            close(descriptor)
            throw .alreadyServed
        }
        return descriptor
    }

    /// Removes what a dead enclave of this user left behind.
    private static func clear(_ path: String) throws(Failure) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .notPermitted(errno: errno) }
            return
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket }
        guard status.st_uid == geteuid() else { throw .foreignOwner(uid: status.st_uid) }
        guard unsafe unlink(path) == 0 else { throw .notPermitted(errno: errno) }
    }

    private static func listen(_ path: String) throws(Failure) -> Int32 {
        let descriptor = unsafe renclave_listen_unix(path, 64)
        guard descriptor >= 0 else {
            switch -descriptor {
            case EACCES, EPERM, EROFS: throw .notPermitted(errno: -descriptor)
            default: throw .failed(errno: -descriptor)
            }
        }
        return descriptor
    }
}
