// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium

/// Argon2id, version 1.3 with one lane (RFC 9106), by libsodium.
package enum Argon2id {
    /// Length of a salt in bytes.
    package static let saltBytes = 16
    /// Length of a key in bytes.
    package static let keyBytes = 32

    /// Passes over the memory that are allowed.
    package static let operations: ClosedRange<UInt32> = 1...16
    /// Memory that is allowed, in KiB: up to 1 GiB.
    package static let memoryKiB: ClosedRange<UInt32> = 8...(1 << 20)

    /// Derives a key from a passphrase.
    ///
    /// - Parameters:
    ///   - salt: 16 bytes.
    ///   - operations: passes, within ``operations``.
    ///   - memoryKiB: memory, within ``memoryKiB``.
    ///   - key: 32 bytes.
    /// - Throws: ``PrimitiveError/failed`` where the memory could not be had, for costs that are not allowed, and for
    ///   a salt or a key of another length. `key` is then not to be used.
    package static func derive(
        from passphrase: borrowing Span<UInt8>,
        salt: [UInt8],
        operations: UInt32,
        memoryKiB: UInt32,
        into key: inout MutableSpan<UInt8>
    ) throws(PrimitiveError) {
        guard Self.operations.contains(operations), Self.memoryKiB.contains(memoryKiB),
            salt.count == saltBytes, key.count == keyBytes
        else { throw .failed }
        // Without it libsodium takes its slowest code.
        guard sodium_init() >= 0 else { throw .failed }
        // Every pointer is good for its count.
        let result = unsafe key.withUnsafeMutableBufferPointer { key -> Int32 in
            guard let output = key.baseAddress else { return -1 }
            return unsafe passphrase.withUnsafeBytes { passphrase in
                // libsodium does not read a passphrase of no bytes, but asks for an address.
                unsafe withUnsafePointer(to: CChar(0)) { none in
                    unsafe crypto_pwhash(
                        output,
                        UInt64(key.count),
                        passphrase.baseAddress?.assumingMemoryBound(to: CChar.self) ?? none,
                        UInt64(passphrase.count),
                        salt,
                        UInt64(operations),
                        Int(memoryKiB) * 1024,
                        crypto_pwhash_alg_argon2id13()
                    )
                }
            }
        }
        guard result == 0 else { throw .failed }
    }
}
