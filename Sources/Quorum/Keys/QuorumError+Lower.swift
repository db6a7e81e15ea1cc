// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
import SecretMemory

// What the layers below throw, as this library's error. Their results may be secrets, so these are functions around one
// call each, rather than `do` blocks around many.

extension QuorumError {
    /// The same reason in this library's list; memory that cannot be had is ``QuorumError/memory(_:)`` wherever it was
    /// asked for.
    init(_ error: PrimitiveError) {
        switch error {
        case .memory(let reason): self = .memory(reason)
        default: self = .primitive(error)
        }
    }
}

/// Runs something of the primitives.
func primitive<Result: ~Copyable>(
    _ body: () throws(PrimitiveError) -> Result
) throws(QuorumError) -> Result {
    do throws(PrimitiveError) {
        return try body()
    } catch {
        throw QuorumError(error)
    }
}

extension SecretSupply {
    /// Zeroed memory, or ``QuorumError/memory(_:)``.
    func secret(_ count: Int) throws(QuorumError) -> SecretBytes {
        do throws(SecretMemoryError) {
            return try take(count)
        } catch {
            throw .memory(error)
        }
    }
}

extension EntropySource {
    /// Fills a secret with fresh bytes.
    func refill(_ secret: inout SecretBytes) throws(QuorumError) {
        do throws(PrimitiveError) {
            try draw(into: &secret)
        } catch {
            throw QuorumError(error)
        }
    }

    /// Fresh bytes that are published: nonces and salts.
    func published(_ count: Int) throws(QuorumError) -> [UInt8] {
        try primitive { () throws(PrimitiveError) in try bytes(count) }
    }
}
