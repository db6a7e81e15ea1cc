// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// Nonces that show that a document was made after it was asked for.
enum AttestationNonce {
    /// 32 random bytes.
    static func fresh() throws(CommandFailure) -> [UInt8] {
        do {
            return try EntropySource().bytes(32)
        } catch {
            throw .failed("The system gives no random numbers.")
        }
    }

    /// The nonce of an option: at most 512 bytes in hexadecimal; nil for anything else.
    static func read(_ text: String) -> [UInt8]? {
        Hex.decode(text).flatMap { (1...512).contains($0.count) ? $0 : nil }
    }
}
