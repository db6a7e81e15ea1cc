// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What a manifest is for: a name, a number that grows with each manifest of that name, and the quorum key.
package struct Namespace: Sendable {
    package var name: String
    package var nonce: UInt32
    /// The public quorum key, 130 bytes where it is one; any number where it was read.
    package var quorumKey: [UInt8]

    package init(name: String, nonce: UInt32, quorumKey: [UInt8]) {
        self.name = name
        self.nonce = nonce
        self.quorumKey = quorumKey
    }
}

extension Namespace: Equatable {
    /// Texts are compared byte for byte.
    package static func == (left: Namespace, right: Namespace) -> Bool {
        left.name.isSameText(as: right.name) && left.nonce == right.nonce && left.quorumKey == right.quorumKey
    }
}
