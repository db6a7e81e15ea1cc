// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

@testable import SecretMemory

extension SecretBytes {
    /// A copy of what is in there; what a test puts there is no secret.
    borrowing func copied() -> [UInt8] {
        withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    mutating func fill(_ byte: UInt8) {
        withMutableBytes { $0.update(repeating: byte) }
    }

    /// Where the bytes lie, for a look at them after their owner is gone.
    borrowing func address() -> UInt {
        withBytes { bytes in unsafe bytes.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
    }
}

/// Reads memory without an owner; the caller knows that it is mapped.
func bytes(at address: UInt, count: Int) -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count))
}

/// Reads one byte, wherever it is.
func touch(_ address: UInt) -> UInt8? {
    unsafe UnsafeRawPointer(bitPattern: address)?.load(as: UInt8.self)
}
