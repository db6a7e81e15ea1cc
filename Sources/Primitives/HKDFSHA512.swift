// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CSodium

/// HKDF with HMAC-SHA512 (RFC 5869).
package enum HKDFSHA512 {
    /// Bytes of a pseudorandom key.
    package static let keyBytes = HMACSHA512.byteCount

    /// What one key can be expanded to, in bytes (RFC 5869 §2.3).
    package static let longestOutput = 255 * HMACSHA512.byteCount

    /// Concentrates a secret (RFC 5869 §2.2); no salt is the same as 64 zero bytes.
    ///
    /// - Parameter prk: 64 bytes.
    package static func extract(
        salt: [UInt8], secret: borrowing Span<UInt8>, into prk: inout MutableSpan<UInt8>
    ) {
        HMACSHA512.authenticate(secret, key: salt.span, into: &prk)
    }

    /// Expands a pseudorandom key (RFC 5869 §2.3).
    ///
    /// - Parameter output: at most ``longestOutput`` bytes, all of which are written.
    package static func expand(
        prk: borrowing Span<UInt8>, info: [UInt8], into output: inout MutableSpan<UInt8>
    ) {
        precondition(output.count <= longestOutput, "more than a key can be expanded to")
        // Every pointer is good for its count while its owner is borrowed.
        unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe prk.withUnsafeBufferPointer { prk in
                unsafe info.withUnsafeBufferPointer { info in
                    unsafe expand(prk: prk, info: info, into: output)
                }
            }
        }
    }

    /// Both steps.
    ///
    /// - Parameter output: at most ``longestOutput`` bytes, all of which are written.
    package static func derive(
        salt: [UInt8], secret: borrowing Span<UInt8>, info: [UInt8], into output: inout MutableSpan<UInt8>
    ) {
        precondition(output.count <= longestOutput, "more than a key can be expanded to")
        unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe secret.withUnsafeBufferPointer { secret in
                unsafe salt.withUnsafeBufferPointer { salt in
                    unsafe info.withUnsafeBufferPointer { info in
                        unsafe withBlock { prk in
                            unsafe HMACSHA512.authenticate([secret], key: salt, into: prk)
                            unsafe expand(prk: UnsafeBufferPointer(prk), info: info, into: output)
                        }
                    }
                }
            }
        }
    }

    private static func expand(
        prk: UnsafeBufferPointer<UInt8>,
        info: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        unsafe withBlock { block in
            var counter: UInt8 = 0
            for start in stride(from: 0, to: output.count, by: block.count) {
                counter += 1
                // T(n) = HMAC(PRK, T(n − 1) ‖ info ‖ n); T(0) is empty.
                let before = unsafe UnsafeBufferPointer(rebasing: block[..<(start == 0 ? 0 : block.count)])
                unsafe withUnsafePointer(to: counter) { counter in
                    let last = unsafe UnsafeBufferPointer(start: counter, count: 1)
                    unsafe HMACSHA512.authenticate([before, info, last], key: prk, into: block)
                }
                let part = min(block.count, output.count - start)
                unsafe _ = UnsafeMutableBufferPointer(rebasing: output[start..<(start + part)])
                    .update(from: UnsafeMutableBufferPointer(rebasing: block[..<part]))
            }
        }
    }

    /// 64 bytes that are zeroed afterwards.
    private static func withBlock(_ body: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: HMACSHA512.byteCount) { block in
            unsafe block.initialize(repeating: 0)
            unsafe body(block)
            guard let base = block.baseAddress else { return }
            unsafe sodium_memzero(base, block.count)
        }
    }
}
