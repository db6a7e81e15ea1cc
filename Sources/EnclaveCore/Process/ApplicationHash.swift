// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Primitives

/// The hashes of the running executable: what a manifest names as its pivot, and what is measured of it.
package struct ApplicationHash: Equatable, Sendable {
    /// 32 bytes.
    package let sha256: [UInt8]
    /// 48 bytes.
    package let sha384: [UInt8]

    /// Both; `nil` where the executable cannot be read.
    package static func ofRunningExecutable() -> ApplicationHash? {
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
        let bytes = unsafe Span<UInt8>(_unsafeStart: mapped.assumingMemoryBound(to: UInt8.self), count: count)
        return ApplicationHash(sha256: SHA256.digest(bytes), sha384: SHA384.digest(bytes))
    }
}
