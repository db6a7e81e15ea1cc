// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CLinux
import CSodium

/// One mapping of locked memory: never swapped, not in core files, empty in children, an inaccessible page at each end.
///
/// It is handed to owners that divide it; it is zeroed when the last of them lets go.
@safe final class LockedRegion: @unchecked Sendable {
    // Sendable: the address never changes, and who may touch which bytes is decided by the owners.
    let base: UnsafeMutablePointer<UInt8>
    let count: Int

    /// - Parameter count: bytes, rounded up to whole pages.
    /// - Throws: ``SecretMemoryError/notLocked(bytes:errno:)``.
    init(count: Int) throws(SecretMemoryError) {
        let page = renclave_page_bytes()
        let rounded = (count + page - 1) / page * page
        var address: UnsafeMutableRawPointer?
        // The pointer is written only where the call succeeds.
        let error = unsafe renclave_map_locked(rounded, &address)
        guard error == 0, let mapped = unsafe address else {
            throw .notLocked(bytes: rounded, errno: error)
        }
        unsafe base = mapped.bindMemory(to: UInt8.self, capacity: rounded)
        self.count = rounded
    }

    deinit {
        // `base` and `count` are what the mapping call gave.
        unsafe sodium_memzero(base, count)
        unsafe _ = renclave_unmap_locked(base, count)
    }
}
