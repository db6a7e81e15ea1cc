// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import COpenSSL
import CPrimitives

/// PBKDF2 with HMAC-SHA512 (RFC 8018) by libcrypto.
package enum PBKDF2 {
    /// Fills `output` from a password and a salt.
    ///
    /// - Returns: false where libcrypto failed, or cannot count so many bytes; the output is then not to be used.
    package static func derive(
        password: borrowing Span<UInt8>,
        salt: borrowing Span<UInt8>,
        rounds: Int32,
        into output: inout MutableSpan<UInt8>
    ) -> Bool {
        guard max(password.count, salt.count, output.count) <= Int(Int32.max) else { return false }
        // The first use of libcrypto may be this one.
        guard renclave_start_libcrypto() == .done else { return false }
        // Every pointer is good for its count while the spans are borrowed.
        return unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe password.withUnsafeBytes { password in
                unsafe salt.withUnsafeBufferPointer { salt in
                    unsafe PKCS5_PBKDF2_HMAC(
                        password.baseAddress?.assumingMemoryBound(to: CChar.self),
                        Int32(password.count),
                        salt.baseAddress,
                        Int32(salt.count),
                        rounds,
                        EVP_sha512(),
                        Int32(output.count),
                        output.baseAddress
                    ) == 1
                }
            }
        }
    }
}
