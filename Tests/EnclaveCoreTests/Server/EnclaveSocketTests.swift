// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Testing

@testable import EnclaveCore

/// A directory of its own for each test, gone afterwards.
private final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/renclave-socket-XXXXXX".utf8CString)
        try #require(unsafe mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(0o700)
    }

    deinit {
        for name in ["s", "s.lock", "other", "other.lock"] {
            unsafe unlink(path + "/" + name)
            unsafe rmdir(path + "/" + name)
        }
        unsafe rmdir(path)
    }

    var socket: String { path + "/s" }
    var lock: String { path + "/s.lock" }

    func chmod(_ mode: mode_t) {
        unsafe _ = Glibc.chmod(path, mode)
    }

    func write(_ text: String, to path: String) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        try #require(unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    /// A socket file on which nobody listens.
    func leaveSocket() throws {
        let other = try EnclaveSocket(path: path + "/other", group: nil)
        try #require(unsafe rename(path + "/other", socket) == 0)
        other.remove()
        try #require(kind(socket) == S_IFSOCK)
    }

    func kind(_ path: String) -> mode_t? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    func mode(_ path: String) -> mode_t? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }
}

/// Serialized: making a socket sets the file mode mask of the process for a moment.
@Suite("the enclave's socket", .serialized)
struct EnclaveSocketTests {
    private let directory: TemporaryDirectory
    private static let isRoot = geteuid() == 0

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func expectFailure(_ failure: EnclaveSocket.Failure, path: String? = nil, group: UInt32? = nil) {
        #expect(throws: failure) { try EnclaveSocket(path: path ?? directory.socket, group: group) }
    }

    /// Takes the path and gives it back.
    private func take(_ path: String? = nil) throws {
        try EnclaveSocket(path: path ?? directory.socket, group: nil).remove()
    }

    @Test("socket and lock are this user's alone, and the socket goes with its owner")
    func fresh() throws {
        let socket = try EnclaveSocket(path: directory.socket, group: nil)
        #expect(directory.kind(directory.socket) == S_IFSOCK)
        #expect(directory.mode(directory.socket) == 0o600)
        #expect(directory.mode(directory.lock) == 0o600)
        #expect(fcntl(socket.listener, F_GETFD) & FD_CLOEXEC != 0)
        socket.remove()
        #expect(directory.kind(directory.socket) == nil)
        #expect(directory.kind(directory.lock) == S_IFREG)
    }

    @Test("a group may be let in")
    func group() throws {
        let socket = try EnclaveSocket(path: directory.socket, group: getegid())
        #expect(directory.mode(directory.socket) == 0o660)
        socket.remove()
    }

    @Test("a socket that a dead enclave left is replaced")
    func stale() throws {
        try directory.leaveSocket()
        try take()
    }

    @Test("while an enclave lives its path is taken, and afterwards free")
    func alive() throws {
        let first = try EnclaveSocket(path: directory.socket, group: nil)
        expectFailure(.alreadyServed)
        #expect(directory.kind(directory.socket) == S_IFSOCK)
        first.remove()
        try take()
    }

    @Test("a lock that is held keeps others away although there is no socket")
    func lockHeld() throws {
        let first = try EnclaveSocket(path: directory.socket, group: nil)
        unsafe unlink(directory.socket)
        expectFailure(.alreadyServed)
        first.remove()
    }

    @Test("what is no socket is left alone: a file")
    func file() throws {
        try directory.write("precious", to: directory.socket)
        expectFailure(.notASocket)
        #expect(directory.kind(directory.socket) == S_IFREG)
    }

    @Test("what is no socket is left alone: a directory")
    func directoryInPlace() throws {
        try #require(unsafe mkdir(directory.socket, 0o700) == 0)
        expectFailure(.notASocket)
        #expect(directory.kind(directory.socket) == S_IFDIR)
    }

    @Test("what is no socket is left alone: a symbolic link, even to one")
    func link() throws {
        try #require(unsafe symlink("other", directory.socket) == 0)
        expectFailure(.notASocket)
        #expect(directory.kind(directory.socket) == S_IFLNK)
    }

    @Test("a lock that is a symbolic link is unsafe, and nothing is made through it")
    func lockLink() throws {
        try #require(unsafe symlink("other", directory.lock) == 0)
        expectFailure(.lockUnsafe)
        #expect(directory.kind(directory.path + "/other") == nil)
    }

    @Test("a lock that is a directory is unsafe")
    func lockDirectory() throws {
        try #require(unsafe mkdir(directory.lock, 0o700) == 0)
        expectFailure(.lockUnsafe)
    }

    @Test("a lock that is a pipe is unsafe, and does not block")
    func lockPipe() throws {
        try #require(unsafe mkfifo(directory.lock, 0o600) == 0)
        expectFailure(.lockUnsafe)
    }

    @Test(
        "a directory into which others may write is unsafe, unless it is sticky",
        arguments: [0o777, 0o722, 0o702, 0o720])
    func openDirectory(mode: Int) throws {
        directory.chmod(mode_t(mode))
        expectFailure(.directoryUnsafe)
        #expect(directory.kind(directory.lock) == nil)
        directory.chmod(mode_t(mode | 0o1000))
        try take()
    }

    @Test("a directory that others may read is safe")
    func readableDirectory() throws {
        directory.chmod(0o755)
        try take()
    }

    @Test("a directory that does not exist, or is none, is unusable")
    func noDirectory() throws {
        expectFailure(.directoryUnusable(errno: ENOENT), path: directory.path + "/none/s")
        try directory.write("", to: directory.socket)
        expectFailure(.directoryUnusable(errno: ENOTDIR), path: directory.socket + "/s")
    }

    @Test("a path of 107 bytes is taken, and a longer one is not")
    func length() throws {
        let fill = String(repeating: "x", count: 107 - directory.path.utf8.count - 1)
        let path = directory.path + "/" + fill
        try take(path)
        unsafe unlink(path + ".lock")
        expectFailure(.pathTooLong, path: path + "x")
        expectFailure(.pathTooLong, path: directory.path + "/s\0")
    }

    // MARK: As root only: the files of another user

    @Test("a socket of another user is left alone", .enabled(if: isRoot, "needs root to make another user's files"))
    func foreignSocket() throws {
        try directory.leaveSocket()
        unsafe _ = chown(directory.socket, 12_345, 12_345)
        expectFailure(.foreignOwner(uid: 12_345))
        #expect(directory.kind(directory.socket) == S_IFSOCK)
    }

    @Test("a lock of another user is unsafe", .enabled(if: isRoot, "needs root to make another user's files"))
    func foreignLock() throws {
        try directory.write("", to: directory.lock)
        unsafe _ = chown(directory.lock, 12_345, 12_345)
        expectFailure(.lockUnsafe)
    }

    @Test("a directory of another user is unsafe", .enabled(if: isRoot, "needs root to make another user's files"))
    func foreignDirectory() throws {
        unsafe _ = chown(directory.path, 12_345, 12_345)
        expectFailure(.directoryUnsafe)
        directory.chmod(0o1777)
        expectFailure(.directoryUnsafe)
    }
}
