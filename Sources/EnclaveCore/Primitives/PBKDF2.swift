// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import COpenSSL

/// PBKDF2 with HMAC-SHA512 (RFC 8018) by libcrypto.
enum PBKDF2 {
    /// Fills `output` from a password and a salt.
    ///
    /// - Returns: false where libcrypto failed; the output is then not to be used.
    static func derive(
        password: borrowing Span<UInt8>,
        salt: borrowing Span<UInt8>,
        rounds: Int32,
        into output: inout MutableSpan<UInt8>
    ) -> Bool {
        // Every pointer is good for its count while the spans are borrowed.
        unsafe output.withUnsafeMutableBufferPointer { output in
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
