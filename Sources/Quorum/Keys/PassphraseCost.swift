// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// What Argon2id is asked to spend on a passphrase.
package struct PassphraseCost: Equatable, Sendable {
    /// What a new file is sealed with: 3 passes over 64 MiB.
    package static let standard = PassphraseCost(knownOperations: 3, memoryKiB: 64 << 10)

    /// Passes over the memory.
    package let operations: UInt32
    package let memoryKiB: UInt32

    /// - Parameters:
    ///   - operations: 1 to 16.
    ///   - memoryKiB: 8 KiB to 1 GiB.
    /// - Throws: ``QuorumError/malformedEnvelope`` outside of these: a file must not be able to ask for hours.
    package init(operations: UInt32, memoryKiB: UInt32) throws(QuorumError) {
        guard Argon2id.operations.contains(operations), Argon2id.memoryKiB.contains(memoryKiB) else {
            throw .malformedEnvelope
        }
        self.init(knownOperations: operations, memoryKiB: memoryKiB)
    }

    private init(knownOperations: UInt32, memoryKiB: UInt32) {
        operations = knownOperations
        self.memoryKiB = memoryKiB
    }
}
