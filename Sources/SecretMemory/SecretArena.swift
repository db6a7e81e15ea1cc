// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium
import Synchronization

/// Locked memory for the secrets of requests, mapped once: slots of three sizes, lent and given back.
///
/// A slot costs well under a microsecond where `sodium_malloc` costs 28 and does not say when locking failed. A full
/// arena is an error for the one request that finds it full.
package final class SecretArena: Sendable {
    /// How many slots of a size the arena holds.
    package struct SlotClass: Sendable {
        package let bytes: Int
        package let slots: Int

        package init(bytes: Int, slots: Int) {
            self.bytes = bytes
            self.slots = slots
        }
    }

    /// Entropy and seeds; passphrases; phrases. Enough for every costly request that may wait, and more at work.
    package static let standard = [
        SlotClass(bytes: 64, slots: 1024),
        SlotClass(bytes: 1024, slots: 320),
        SlotClass(bytes: 4096, slots: 64),
    ]

    private let classes: [SlotClass]
    private let starts: [Int]
    private let region: LockedRegion
    private let free: Mutex<[[Int]]>

    /// Maps and locks the whole arena.
    ///
    /// - Parameter classes: by growing size.
    /// - Throws: ``SecretMemoryError/notLocked(bytes:errno:)``.
    package init(_ classes: [SlotClass] = SecretArena.standard) throws(SecretMemoryError) {
        var starts: [Int] = []
        var total = 0
        for slotClass in classes {
            starts.append(total)
            total += slotClass.bytes * slotClass.slots
        }
        self.classes = classes
        self.starts = starts
        region = try LockedRegion(count: total)
        free = Mutex(classes.map { Array((0..<$0.slots).reversed()) })
    }

    /// Locked bytes.
    package var lockedBytes: Int { region.count }

    /// Slots lent at the moment.
    package var slotsLent: Int {
        free.withLock { free in zip(classes, free).reduce(0) { $0 + $1.0.slots - $1.1.count } }
    }

    /// Lends zeroed memory from the smallest class that has room.
    ///
    /// - Throws: ``SecretMemoryError/tooLarge``, ``SecretMemoryError/exhausted``.
    package func lend(count: Int) throws(SecretMemoryError) -> SecretBytes {
        guard let smallest = classes.firstIndex(where: { $0.bytes >= count }) else { throw .tooLarge }
        let found: (kind: Int, slot: Int)? = free.withLock { free in
            for kind in smallest..<free.count {
                if let slot = free[kind].popLast() { return (kind, slot) }
            }
            return nil
        }
        guard let found else { throw .exhausted }
        // Inside the region: `slot` is below the class's number of slots.
        let base = unsafe region.base + starts[found.kind] + found.slot * classes[found.kind].bytes
        return unsafe SecretBytes(base: base, count: count, home: .slot(self, kind: found.kind, slot: found.slot))
    }

    func takeBack(kind: Int, slot: Int) {
        free.withLock { $0[kind].append(slot) }
    }
}
