// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// A counting semaphore between plain threads.
@safe final class Semaphore: @unchecked Sendable {
    // Sendable: sem_t is made for use by many threads, and its address never changes.
    private let storage: UnsafeMutablePointer<sem_t>

    init() {
        unsafe storage = .allocate(capacity: 1)
        // Fails only for a value over SEM_VALUE_MAX.
        unsafe _ = sem_init(storage, 0, 0)
    }

    deinit {
        unsafe _ = sem_destroy(storage)
        unsafe storage.deallocate()
    }

    /// Adds one.
    func signal() {
        unsafe _ = sem_post(storage)
    }

    /// Takes one, as soon as there is one.
    func wait() {
        while unsafe sem_wait(storage) != 0 && errno == EINTR {}
    }
}
