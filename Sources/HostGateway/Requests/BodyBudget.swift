// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Synchronization

/// What all large request bodies together may take, whoever sends them.
final class BodyBudget: Sendable {
    /// Bodies up to this size are not counted: they cost no more than the connection itself.
    static let freeBytes = 16 * 1024

    private let limit: Int
    private let inUse = Atomic<Int>(0)

    /// - Parameter limit: bytes.
    init(limit: Int = 64 * 1024 * 1024) {
        self.limit = limit
    }

    /// Takes a part of the budget; false where it is used up.
    func take(_ count: Int) -> Bool {
        guard inUse.add(count, ordering: .relaxed).newValue <= limit else {
            inUse.subtract(count, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Gives a part back.
    func giveBack(_ count: Int) {
        inUse.subtract(count, ordering: .relaxed)
    }
}
