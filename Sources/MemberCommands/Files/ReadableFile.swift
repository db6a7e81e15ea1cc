// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import SecretMemory

/// A file that is open for reading.
struct ReadableFile {
    let descriptor: FileDescriptor

    init(_ path: String) throws(SecretInputError) {
        // The path is copied for the call.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard number >= 0 else { throw .unreadable(errno) }
        descriptor = FileDescriptor(number: number)
    }

    func close() {
        _ = Glibc.close(descriptor.number)
    }
}

extension FileDescriptor {
    /// Reads to the end, into locked memory only.
    ///
    /// - Parameter limit: The most bytes to accept.
    func readSecret(limit: Int) throws(SecretInputError) -> SecretBytes {
        var secret = try SecretBytes(lockedFor: limit + 1)
        var count = 0
        while count <= limit {
            let start = count
            let taken = secret.withMutableBytes { span in
                // Inside the span: `start` is below its count.
                unsafe span.withUnsafeMutableBytes { bytes in
                    unsafe Glibc.read(number, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
                }
            }
            if taken == 0 {
                secret.truncate(to: count)
                return secret
            }
            if taken > 0 {
                count += taken
            } else if errno != EINTR {
                throw .unreadable(errno)
            }
        }
        throw .tooLarge
    }
}

extension SecretBytes {
    /// Zeroed locked memory for a secret of so many bytes; at least one, since none cannot be locked.
    init(lockedFor count: Int) throws(SecretInputError) {
        do {
            try self.init(guardedCount: max(count, 1))
        } catch {
            throw .unreadable(ENOMEM)
        }
    }
}

extension SecretInputError {
    /// The failure that a person sees.
    ///
    /// - Parameters:
    ///   - file: the subject of the sentence, such as "The manifest m.json".
    ///   - limit: what it was read with.
    func failure(of file: String, limit: Int) -> CommandFailure {
        switch self {
        case .unreadable(let code): .system("\(file) cannot be read", code)
        case .tooLarge: .failed("\(file) is longer than \(limit) bytes.")
        case .empty: .failed("\(file) is empty.")
        case .notUTF8: .failed("\(file) is not UTF-8 text.")
        case .cancelled: .failed("\(file) was not given.")
        case .controlCharacter: .failed("\(file) has a character that was typed unseen; type it again.")
        }
    }
}
