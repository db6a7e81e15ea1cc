// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium

/// SHA-256 (FIPS 180-4) by libsodium.
enum SHA256 {
    static let byteCount = 32

    /// The digest of `message`.
    static func digest(_ message: borrowing Span<UInt8>) -> [UInt8] {
        unsafe message.withUnsafeBufferPointer { bytes in unsafe digest(bytes) }
    }

    /// The digest of bytes that are no secret.
    static func digest(_ message: [UInt8]) -> [UInt8] {
        digest(message.span)
    }

    private static func digest(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            // Always 0; the output has room for 32 bytes.
            guard let output = digest.baseAddress else { return }
            unsafe _ = crypto_hash_sha256(output, bytes.baseAddress, UInt64(bytes.count))
            count = byteCount
        }
    }

    /// Writes the first byte of the digest of the first `count` bytes of `span` behind them: BIP39's checksum, without
    /// a copy of the digest outside the caller's memory.
    static func appendFirstByte(ofDigestOf count: Int, in span: inout MutableSpan<UInt8>) {
        unsafe span.withUnsafeMutableBufferPointer { bytes in
            guard count < bytes.count, let base = bytes.baseAddress else { return }
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { digest in
                guard let output = digest.baseAddress else { return }
                unsafe _ = crypto_hash_sha256(output, base, UInt64(count))
                unsafe base[count] = output[0]
                unsafe sodium_memzero(output, byteCount)
            }
        }
    }
}
