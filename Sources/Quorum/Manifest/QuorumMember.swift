// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// A person of a set: who it is, and with which key.
///
/// Equality and order are of bytes. Borsh and JSON have `alias` and `pubKey`; neither the alias nor the key is judged
/// when a member is read.
package struct QuorumMember: Sendable {
    package var alias: String
    /// 130 bytes where it is a key (``QuorumPublicKey``); any number where it was read.
    package var publicKey: [UInt8]

    package init(alias: String, publicKey: [UInt8]) {
        self.alias = alias
        self.publicKey = publicKey
    }
}

// MARK: - Equality

extension QuorumMember: Hashable {
    /// Texts are compared byte for byte.
    package static func == (left: QuorumMember, right: QuorumMember) -> Bool {
        left.alias.isSameText(as: right.alias) && left.publicKey == right.publicKey
    }

    /// Hashes the bytes that are compared.
    package func hash(into hasher: inout Hasher) {
        for byte in alias.utf8 { hasher.combine(byte) }
        hasher.combine(publicKey)
    }
}

// MARK: - Order

extension QuorumMember: Comparable {
    /// The order of members in QuorumOS: by the bytes of the alias, then by the bytes of the key.
    package static func < (left: QuorumMember, right: QuorumMember) -> Bool {
        if left.alias.isSameText(as: right.alias) {
            return left.publicKey.lexicographicallyPrecedes(right.publicKey)
        }
        return left.alias.utf8.lexicographicallyPrecedes(right.alias.utf8)
    }
}
