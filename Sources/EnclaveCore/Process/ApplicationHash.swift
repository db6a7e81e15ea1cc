// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import COpenSSL
import Glibc

/// SHA-256 of the running executable.
///
/// By libcrypto, which uses the processor's own instructions: this is the one large hash, made at every start.
package enum ApplicationHash {
    /// The digest, 32 bytes; `nil` where the executable cannot be read.
    package static func ofRunningExecutable() -> [UInt8]? {
        let descriptor = unsafe open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
        let count = Int(status.st_size)
        // Mapped rather than read: the pages are there already.
        guard let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
            unsafe mapped != MAP_FAILED
        else { return nil }
        defer { unsafe _ = munmap(mapped, count) }
        return unsafe digest(UnsafeRawBufferPointer(start: mapped, count: count))
    }

    private static func digest(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        // The output has room for the 32 bytes of SHA-256.
        let done = unsafe EVP_Digest(bytes.baseAddress, bytes.count, &digest, &length, EVP_sha256(), nil)
        return done == 1 && length == 32 ? digest : nil
    }
}
