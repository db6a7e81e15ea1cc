// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium

/// SHA-512 (FIPS 180-4) by libsodium.
package enum SHA512 {
    /// Length of a digest in bytes.
    package static let byteCount = 64

    /// The digest of `message`.
    package static func digest(_ message: borrowing Span<UInt8>) -> [UInt8] {
        unsafe message.withUnsafeBufferPointer { bytes in
            unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
                // Always 0; the output has room for 64 bytes.
                guard let output = digest.baseAddress else { return }
                unsafe _ = crypto_hash_sha512(output, bytes.baseAddress, UInt64(bytes.count))
                count = byteCount
            }
        }
    }

    /// The digest of bytes that are no secret.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        digest(message.span)
    }
}
