// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Where memory for a secret comes from: what makes one for its caller takes a supply from it.
package enum SecretSupply: Sendable {
    /// Memory of its own between guard pages; tens of microseconds, for what lives long or is made seldom.
    case guarded
    /// A slot, for the secrets of one request.
    case arena(SecretArena)

    /// Zeroed memory.
    ///
    /// - Throws: what ``SecretBytes/init(guardedCount:)`` or ``SecretArena/lend(count:)`` throws.
    package func take(_ count: Int) throws(SecretMemoryError) -> SecretBytes {
        switch self {
        case .guarded: try SecretBytes(guardedCount: count)
        case .arena(let arena): try arena.lend(count: count)
        }
    }
}
