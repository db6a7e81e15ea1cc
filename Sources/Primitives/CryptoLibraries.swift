// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CPrimitives
import CSodium
import SecretMemory

/// libcrypto and libsodium, started in the one way that suits secrets.
package enum CryptoLibraries {
    /// Starts both, once for the process: libcrypto without a configuration file, with a locked heap for secrets, and
    /// with every other block zeroed when it is given back.
    ///
    /// Every primitive starts what it uses, so this need only be called to learn early that it cannot be done. Nothing
    /// else may use libcrypto before: the memory that it took by then would not be zeroed, and the start then fails.
    ///
    /// - Throws: ``PrimitiveError/memory(_:)`` where the heap could not be locked, ``PrimitiveError/failed``.
    package static func start() throws(PrimitiveError) {
        guard sodium_init() >= 0 else { throw .failed }
        try demand(renclave_start_libcrypto())
    }

    /// The error that an outcome stands for.
    ///
    /// - Throws: ``PrimitiveError`` for anything but `done`. `malformed` and `refused` are verdicts, which the callers
    ///   of what can give them look at first.
    static func demand(_ outcome: renclave_outcome) throws(PrimitiveError) {
        switch outcome {
        case .done: return
        case .badScalar: throw .scalarOutOfRange
        case .badPoint: throw .badPoint
        case .notLocked: throw .memory(.notLocked(bytes: Int(renclave_locked_heap_bytes), errno: 0))
        case .failed, .malformed, .refused: throw .failed
        }
    }
}
