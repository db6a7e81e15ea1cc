// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CPrimitives
import CSodium

/// SHA-256 (FIPS 180-4) by libcrypto, which uses the processor's own instructions: the whole executable is hashed at
/// every start.
package enum SHA256 {
    /// Length of a digest in bytes.
    package static let byteCount = 32

    /// The digest of `message`.
    package static func digest(_ message: borrowing Span<UInt8>) -> [UInt8] {
        unsafe message.withUnsafeBufferPointer { bytes in unsafe digest(bytes) }
    }

    /// The digest of bytes that are no secret.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        digest(message.span)
    }

    private static func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            // The output has room for 32 bytes.
            guard let output = digest.baseAddress else { return }
            unsafe renclave_sha256(bytes.baseAddress, bytes.count, output)
            count = byteCount
        }
    }

    /// Writes the first byte of the digest of the first `count` bytes of `span` behind them: BIP39's checksum, without
    /// a copy of the digest outside the caller's memory.
    package static func appendFirstByte(ofDigestOf count: Int, in span: inout MutableSpan<UInt8>) {
        unsafe span.withUnsafeMutableBufferPointer { bytes in
            guard count < bytes.count, let base = bytes.baseAddress else { return }
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { digest in
                guard let output = digest.baseAddress else { return }
                unsafe renclave_sha256(base, count, output)
                unsafe base[count] = output[0]
                unsafe sodium_memzero(output, byteCount)
            }
        }
    }
}
