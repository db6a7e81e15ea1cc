// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium

/// The one owner of secret bytes: locked memory that cannot be copied, printed, encoded or compared with `==`, and that
/// is zeroed when its owner lets go.
///
/// Bytes are lent through closures and must not leave them. Two kinds of memory stand behind it: slots of a
/// ``SecretArena`` for the secrets of one request, and guarded allocations of their own for keys that live long.
@safe package struct SecretBytes: ~Copyable, @unchecked Sendable {
    enum Home {
        case guarded
        case slot(SecretArena, kind: Int, slot: Int)
    }

    // Sendable: there is one owner, and a span is lent only while that owner cannot be touched otherwise.
    private let base: UnsafeMutablePointer<UInt8>
    private let home: Home

    /// Length in bytes.
    package private(set) var count: Int

    /// Takes zeroed memory of its own between guard pages, for a secret that lives long.
    ///
    /// - Throws: ``SecretMemoryError/notLocked(bytes:errno:)``, also where libsodium would go on with unlocked memory.
    package init(guardedCount count: Int) throws(SecretMemoryError) {
        // sodium_malloc gives memory even where it could not lock it; locking again tells.
        guard sodium_init() >= 0, let memory = unsafe sodium_malloc(count) else {
            throw .notLocked(bytes: count, errno: 0)
        }
        guard unsafe sodium_mlock(memory, count) == 0 else {
            unsafe sodium_free(memory)
            throw .notLocked(bytes: count, errno: 0)
        }
        unsafe sodium_memzero(memory, count)
        unsafe base = memory.bindMemory(to: UInt8.self, capacity: count)
        home = .guarded
        self.count = count
    }

    @unsafe init(base: UnsafeMutablePointer<UInt8>, count: Int, home: Home) {
        unsafe self.base = unsafe base
        self.home = home
        self.count = count
    }

    deinit {
        switch home {
        case .guarded:
            // Zeroes, unlocks and unmaps.
            unsafe sodium_free(base)
        case .slot(let arena, let kind, let slot):
            unsafe sodium_memzero(base, count)
            arena.takeBack(kind: kind, slot: slot)
        }
    }

    /// Lends the bytes for reading.
    package borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The span cannot outlive this borrow of the owner.
        try body(unsafe Span(_unsafeStart: UnsafePointer(base), count: count))
    }

    /// Lends the bytes for writing.
    package mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
        _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var span = unsafe MutableSpan(_unsafeStart: base, count: count)
        return try body(&span)
    }

    /// Keeps the first `count` bytes and zeroes the others.
    package mutating func truncate(to count: Int) {
        guard count >= 0, count < self.count else { return }
        unsafe sodium_memzero(base + count, self.count - count)
        self.count = count
    }
}
