// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// The file of a private development root: two blocks of PEM, the certificate and its private key.
///
/// Whoever can read the file can attest as any instance of the trial, and whoever can replace it chooses their root. So
/// it must be a regular file that only its owner may read, and the owner must be this process's user or root.
enum RootFile {
    /// The most bytes of such a file; one that is made here has about 1,200.
    static let limit = 8192

    /// Reads the root.
    ///
    /// - Returns: `nil` where nothing has that name.
    static func read(_ path: String) throws(RootFileError) -> AttestationRoot? {
        // The path is copied for the call. A pipe would otherwise wait for somebody to write to it.
        let number = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP: throw .notAFile
            default: throw .unreadable(errno)
            }
        }
        defer { close(number) }
        try demandPrivate(number)
        return try AttestationRoot(reading: try contents(of: number))
    }

    /// Makes a file with a new root, unless something has that name already: then it is left as it is.
    ///
    /// The file is complete and on the disk before it has its name, and the name is given in one step.
    static func make(_ path: String) throws(RootFileError) {
        let text = try AttestationRoot.newFileText()
        let temporary = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36))"
        // The paths are copied for the calls.
        let number = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw .unwritable(errno) }
        defer {
            close(number)
            unsafe unlink(temporary)
        }
        // The mask may have left less of the mode.
        guard fchmod(number, 0o600) == 0, write(text, to: number), fsync(number) == 0 else { throw .unwritable(errno) }
        guard unsafe link(temporary, path) == 0 || errno == EEXIST else { throw .unwritable(errno) }
        syncDirectory(of: path)
    }

    private static func demandPrivate(_ number: CInt) throws(RootFileError) {
        var status = stat()
        // The structure is ours.
        guard unsafe fstat(number, &status) == 0 else { throw .unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard status.st_uid == geteuid() || status.st_uid == 0 else { throw .foreignOwner }
        guard status.st_mode & 0o077 == 0 else { throw .openToOthers }
        guard status.st_size <= limit else { throw .tooLarge }
    }

    private static func contents(of number: CInt) throws(RootFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: limit)
        while bytes.count <= limit {
            // The array is as long as the call is told.
            let count = unsafe Glibc.read(number, &block, block.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += block[..<count]
            } else if errno != EINTR {
                throw .unreadable(errno)
            }
        }
        throw .tooLarge
    }

    private static func write(_ bytes: [UInt8], to number: CInt) -> Bool {
        var written = 0
        while written < bytes.count {
            let rest = Array(bytes[written...])
            // The array is as long as the call is told.
            let count = unsafe Glibc.write(number, rest, rest.count)
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Makes the name last; where the directory cannot be synced, the system does it in its own time.
    private static func syncDirectory(of path: String) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let number = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return }
        _ = fsync(number)
        close(number)
    }
}
