// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// Which file it is, whatever it is called.
struct FileIdentity: Equatable {
    private let device: dev_t
    private let inode: ino_t

    /// - Returns: nil where there is none; a link stands for what it leads to.
    init?(of path: String) {
        var status = stat()
        // The path is copied for the call, and the structure is ours.
        guard unsafe stat(path, &status) == 0 else { return nil }
        device = status.st_dev
        inode = status.st_ino
    }
}

extension MemberFiles {
    /// Refuses to replace what is no regular file: a device, a link, a pipe or a socket would be gone.
    ///
    /// - Throws: a failure; for nothing, and for a directory, which cannot be replaced anyway, it does not.
    static func demandReplaceable(_ path: String) throws(CommandFailure) {
        var status = stat()
        // As above.
        guard unsafe lstat(path, &status) == 0 else { return }
        guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else {
            throw .failed("\(path) is no regular file, and nothing was written.")
        }
    }
}
