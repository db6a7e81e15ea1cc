// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// A file that is completely written and on the disk, but not yet to be seen under its name.
///
/// It has no name at all until it is published, so that nothing of it is left when the process ends before. Some file
/// systems cannot do that; there it has a temporary name in the same directory, which goes with this object.
final class StagedFile {
    /// Where it will be.
    let path: String
    private let number: CInt
    /// nil while it has none.
    private var temporaryPath: String?

    /// Writes the file.
    ///
    /// - Parameters:
    ///   - mode: what the umask leaves of it is the file's.
    ///   - unnamed: false does without files that have no name, as on a file system that cannot.
    init(
        _ contents: borrowing Span<UInt8>,
        for path: String,
        mode: mode_t,
        unnamed: Bool = true
    ) throws(CommandFailure) {
        let opened = try Self.open(for: path, mode: mode, unnamed: unnamed)
        self.path = path
        number = opened.number
        temporaryPath = opened.temporaryPath
        guard Self.write(contents, to: number), fsync(number) == 0 else {
            throw .system("\(path) cannot be written", errno)
        }
    }

    deinit {
        close(number)
        if let temporaryPath { unsafe unlink(temporaryPath) }
    }

    /// Gives the file its name.
    ///
    /// - Parameter replacing: whether a file of that name is replaced, in one step; otherwise it is never touched.
    ///
    /// - Throws: ``CommandFailure``, also where something is there that is no regular file.
    func publish(replacing: Bool) throws(CommandFailure) {
        if replacing { try MemberFiles.demandReplaceable(path) }
        let isPublished = replacing ? replace() : addName()
        guard isPublished else {
            let code = errno
            guard code == EEXIST, !replacing else { throw .system("\(path) cannot be written", code) }
            throw .alreadyThere(path)
        }
        Self.syncDirectory(of: path)
    }

    /// Whether a file of that path would take this one's place, however the path is spelt.
    func isPlaced(at other: String) -> Bool {
        guard Self.name(of: path).elementsEqual(Self.name(of: other)) else { return false }
        let (own, directory) = (Self.directory(of: path), Self.directory(of: other))
        return own.utf8.elementsEqual(directory.utf8)
            || FileIdentity(of: own).map { $0 == FileIdentity(of: directory) } ?? false
    }

    private func addName() -> Bool {
        guard let temporaryPath else { return link(as: path) }
        // The paths are copied for the calls.
        if unsafe Glibc.link(temporaryPath, path) == 0 {
            unsafe unlink(temporaryPath)
        } else {
            // Some file systems have no second names, such as those of memory sticks.
            guard errno == EPERM || errno == EOPNOTSUPP, claim(temporaryPath) else { return false }
        }
        self.temporaryPath = nil
        return true
    }

    /// Takes the name with an empty file, which fails where there is one, and puts the whole file in its place.
    private func claim(_ temporaryPath: String) -> Bool {
        let claimed = unsafe Glibc.open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0o600)
        guard claimed >= 0 else { return false }
        close(claimed)
        if unsafe rename(temporaryPath, path) == 0 { return true }
        let code = errno
        unsafe unlink(path)
        errno = code
        return false
    }

    private func replace() -> Bool {
        if temporaryPath == nil {
            // An existing name can only be taken by a file that has one already.
            let name = Self.temporaryPath(for: path)
            guard link(as: name) else { return false }
            temporaryPath = name
        }
        guard let name = temporaryPath, unsafe rename(name, path) == 0 else { return false }
        temporaryPath = nil
        return true
    }

    /// Names the file that has no name (open(2), under `O_TMPFILE`).
    private func link(as name: String) -> Bool {
        unsafe linkat(AT_FDCWD, "/proc/self/fd/\(number)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
    }
}

// MARK: - Opening and writing

extension StagedFile {
    /// `O_TMPFILE` of fcntl.h, a macro that is not imported.
    private static let withoutName = 0o20000000 | O_DIRECTORY

    private static func open(
        for path: String,
        mode: mode_t,
        unnamed: Bool
    ) throws(CommandFailure) -> (number: CInt, temporaryPath: String?) {
        // The paths are copied for the calls.
        if unnamed {
            let number = unsafe Glibc.open(directory(of: path), withoutName | O_RDWR | O_CLOEXEC, mode)
            if number >= 0, isLinkable(number) { return (number, nil) }
            if number >= 0 { close(number) }
        }
        let name = temporaryPath(for: path)
        let number = unsafe Glibc.open(name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, mode)
        guard number >= 0 else { throw .system("\(path) cannot be written", errno) }
        return (number, name)
    }

    /// Whether the link that names the file will be there.
    private static func isLinkable(_ number: CInt) -> Bool {
        unsafe access("/proc/self/fd/\(number)", F_OK) == 0
    }

    private static func write(_ contents: borrowing Span<UInt8>, to number: CInt) -> Bool {
        var written = 0
        while written < contents.count {
            // Inside the span: `written` is below its count.
            let count = unsafe contents.withUnsafeBytes { bytes in
                unsafe Glibc.write(number, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }

    /// A name in the same directory that nobody has.
    private static func temporaryPath(for path: String) -> String {
        "\(directory(of: path))/.renclave-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// What stands behind the last slash.
    private static func name(of path: String) -> Substring.UTF8View {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        return path[(slash.map { path.utf8.index(after: $0) } ?? path.startIndex)...].utf8
    }

    /// Makes the name last; where the directory cannot be synced, the system does it in its own time.
    private static func syncDirectory(of path: String) {
        let number = unsafe Glibc.open(directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return }
        _ = fsync(number)
        close(number)
    }
}

extension CommandFailure {
    /// A file that would have to be replaced.
    static func alreadyThere(_ path: String) -> Self {
        .failed("\(path) is already there, and nothing was written.", hint: "--force replaces it.")
    }
}
