// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium

/// HMAC-SHA512 (RFC 2104) by libsodium, for keys of any length.
package enum HMACSHA512 {
    /// Length of a code in bytes.
    package static let byteCount = 64

    /// Authenticates `message`, which is no secret.
    ///
    /// - Parameter code: 64 bytes.
    package static func authenticate(
        _ message: [UInt8], key: borrowing Span<UInt8>, into code: inout MutableSpan<UInt8>
    ) {
        authenticate(message.span, key: key, into: &code)
    }

    /// Authenticates `message`.
    ///
    /// - Parameter code: 64 bytes.
    package static func authenticate(
        _ message: borrowing Span<UInt8>, key: borrowing Span<UInt8>, into code: inout MutableSpan<UInt8>
    ) {
        precondition(code.count == byteCount, "a code of another length")
        // Every pointer is good for its count while the spans are borrowed, and nothing is kept in the state.
        unsafe code.withUnsafeMutableBufferPointer { code in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe key.withUnsafeBufferPointer { key in
                    unsafe authenticate([message], key: key, into: code)
                }
            }
        }
    }

    /// Authenticates the parts one behind the other.
    static func authenticate(
        _ parts: [UnsafeBufferPointer<UInt8>],
        key: UnsafeBufferPointer<UInt8>,
        into code: UnsafeMutableBufferPointer<UInt8>
    ) {
        guard let output = code.baseAddress, code.count == byteCount else { return }
        unsafe withUnsafeTemporaryAllocation(of: crypto_auth_hmacsha512_state.self, capacity: 1) { states in
            guard let state = states.baseAddress else { return }
            // libsodium does not read a key of no bytes, but counts from its address.
            var none: UInt8 = 0
            unsafe withUnsafePointer(to: &none) { none in
                unsafe _ = crypto_auth_hmacsha512_init(state, key.baseAddress ?? none, key.count)
            }
            for index in unsafe parts.indices {
                let part = unsafe parts[index]
                unsafe _ = crypto_auth_hmacsha512_update(state, part.baseAddress, UInt64(part.count))
            }
            unsafe _ = crypto_auth_hmacsha512_final(state, output)
            unsafe sodium_memzero(state, MemoryLayout<crypto_auth_hmacsha512_state>.size)
        }
    }
}
