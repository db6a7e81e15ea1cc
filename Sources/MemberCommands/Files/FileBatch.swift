// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// Several files that are written together: all are complete and on the disk before the first gets its name, and where
/// one cannot get its name, those before it are taken away again.
final class FileBatch {
    private let replacing: Bool
    private var staged: [StagedFile] = []
    /// What this batch made and would take away, in the order in which it was made.
    private var madeDirectories: [String] = []
    private var isPublished = false

    /// - Parameter replacing: whether files that are already there are replaced.
    init(replacing: Bool) {
        self.replacing = replacing
    }

    deinit {
        // A directory in which somebody else put something stays, since it cannot be removed.
        guard !isPublished else { return }
        staged.removeAll()
        for path in madeDirectories.reversed() { unsafe rmdir(path) }
    }

    /// Makes a directory and those above it, where they are missing, for their owner only.
    func makeDirectory(_ path: String) throws(CommandFailure) {
        for part in Directory.wayTo(path) where !MemberFiles.isDirectory(part) {
            if try MemberFiles.makeDirectory(part) { madeDirectories.append(part) }
        }
    }

    /// Writes a file that is not to be seen yet.
    ///
    /// - Throws: ``CommandFailure``, also where two files of the batch would have one name.
    func stage(_ contents: borrowing Span<UInt8>, for path: String, mode: mode_t) throws(CommandFailure) {
        guard !staged.contains(where: { $0.isPlaced(at: path) }) else {
            throw .failed("Two files would both be \(path), and nothing was written.")
        }
        staged.append(try StagedFile(contents, for: path, mode: mode))
    }

    /// Gives all files their names, in the order in which they were staged.
    func publish() throws(CommandFailure) {
        var made: [String] = []
        for file in staged {
            let isNew = !MemberFiles.exists(file.path)
            do {
                try file.publish(replacing: replacing)
            } catch {
                for path in made.reversed() { unsafe unlink(path) }
                throw error
            }
            if isNew { made.append(file.path) }
        }
        isPublished = true
    }
}
