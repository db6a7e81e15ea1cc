// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CPrimitives

/// SHA-384 (FIPS 180-4) by libcrypto.
package enum SHA384 {
    /// Length of a digest in bytes.
    package static let byteCount = 48

    /// The digest of `message`.
    package static func digest(_ message: borrowing Span<UInt8>) -> [UInt8] {
        unsafe message.withUnsafeBufferPointer { bytes in
            unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
                // Cannot fail; the output has room for 48 bytes.
                guard let output = digest.baseAddress else { return }
                unsafe renclave_sha384(bytes.baseAddress, bytes.count, output)
                count = byteCount
            }
        }
    }

    /// The digest of bytes that are no secret.
    package static func digest(_ message: [UInt8]) -> [UInt8] {
        digest(message.span)
    }
}
