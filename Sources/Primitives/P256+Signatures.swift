// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CPrimitives

extension P256 {
    /// What a signature is worth.
    package enum Verdict: Equatable, Sendable {
        case valid
        /// By another key, or over another digest.
        case invalid
        /// Not 64 bytes, or r or s is not within 1 to n − 1.
        case malformed
    }

    /// Signs a digest of 32 bytes: ECDSA (FIPS 186-4) with the nonce of RFC 6979 over SHA-256, s as it comes.
    ///
    /// - Returns: r ‖ s, 64 bytes, big-endian.
    /// - Throws: ``PrimitiveError/scalarOutOfRange``, ``PrimitiveError/memory(_:)``, ``PrimitiveError/failed``, also
    ///   for a digest of another length.
    package static func sign(
        digest: [UInt8], scalar: borrowing Span<UInt8>
    ) throws(PrimitiveError) -> [UInt8] {
        guard scalar.count == scalarBytes else { throw .scalarOutOfRange }
        guard digest.count == digestBytes else { throw .failed }
        var signature = [UInt8](repeating: 0, count: signatureBytes)
        // 32, 32 and 64 bytes.
        let outcome = unsafe signature.withUnsafeMutableBufferPointer { signature in
            unsafe scalar.withUnsafeBufferPointer { scalar in
                unsafe renclave_p256_sign(digest, scalar.baseAddress, signature.baseAddress)
            }
        }
        try CryptoLibraries.demand(outcome)
        return signature
    }

    /// Verifies r ‖ s over a digest of 32 bytes; both s and n − s are accepted.
    ///
    /// - Throws: ``PrimitiveError/badPoint``, ``PrimitiveError/memory(_:)``, ``PrimitiveError/failed``, also for a
    ///   digest of another length.
    package static func verify(
        _ signature: [UInt8], digest: [UInt8], point: [UInt8]
    ) throws(PrimitiveError) -> Verdict {
        guard point.count == pointBytes else { throw .badPoint }
        guard digest.count == digestBytes else { throw .failed }
        guard signature.count == signatureBytes else { return .malformed }
        let outcome = unsafe renclave_p256_verify(signature, digest, point)
        switch outcome {
        case .done: return .valid
        case .refused: return .invalid
        case .malformed: return .malformed
        case .failed, .notLocked, .badScalar, .badPoint:
            try CryptoLibraries.demand(outcome)
            throw .failed
        }
    }
}
