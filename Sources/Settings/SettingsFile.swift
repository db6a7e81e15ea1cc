// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// Why the settings file as a whole cannot be used.
package enum SettingsFileFault: Error, Equatable {
    /// A system call failed with this `errno`.
    case failed(errno: Int32)
    case notRegularFile
    case tooLarge
    case notUTF8
}

extension SettingsFileFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .failed(ENOENT): "there is no such file"
        case .failed(EACCES): "it may not be read by this user"
        case .failed(let errno): "reading it failed with error number \(errno)"
        case .notRegularFile: "it is not a regular file"
        case .tooLarge: "it is larger than \(SettingsFile.maximumBytes) bytes"
        case .notUTF8: "it is not UTF-8"
        }
    }
}

/// Reads the bytes of a settings file.
enum SettingsFile {
    static let maximumBytes = 64 * 1024

    /// The text of the file at `path`.
    static func text(at path: String) throws(SettingsFileFault) -> String {
        // O_NONBLOCK: opening a named pipe must not wait for somebody to write into it. Unsafe: C calls; the pointers
        // here and below are to values that outlive the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .failed(errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .failed(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegularFile }
        let bytes = try contents(of: descriptor)
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return text
    }

    /// Reads to the end rather than as far as the size that `fstat` told, because a file may grow meanwhile.
    private static func contents(of descriptor: Int32) throws(SettingsFileFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
        var filled = 0
        while filled < bytes.count {
            // Unsafe: `filled` is less than the buffer's count, and no more is read than is left.
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .failed(errno: errno) }
            if count == 0 { return Array(bytes[..<filled]) }
            filled += count
        }
        throw .tooLarge
    }
}
