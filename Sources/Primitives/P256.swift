// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import CPrimitives

/// The curve P-256 (SEC 2 §2.4.2) by libcrypto: points, agreement and signatures.
///
/// Scalars are 32 bytes, big-endian; points 65 bytes, 04 ‖ X ‖ Y (SEC 1 §2.3.3).
package enum P256 {
    /// Length of a scalar, and of a coordinate, in bytes.
    package static let scalarBytes = 32
    /// Length of a point in bytes.
    package static let pointBytes = 65
    /// Length of a signature in bytes.
    package static let signatureBytes = 64
    /// Length of the digest that is signed, in bytes.
    package static let digestBytes = 32

    /// Whether these are 32 bytes within 1 to n − 1; the time does not depend on them.
    package static func isScalar(_ scalar: borrowing Span<UInt8>) -> Bool {
        guard scalar.count == scalarBytes else { return false }
        return unsafe scalar.withUnsafeBufferPointer { unsafe renclave_p256_is_scalar($0.baseAddress) == 1 }
    }

    /// The public point of a scalar.
    ///
    /// - Throws: ``PrimitiveError/scalarOutOfRange``, ``PrimitiveError/memory(_:)``, ``PrimitiveError/failed``.
    package static func publicPoint(of scalar: borrowing Span<UInt8>) throws(PrimitiveError) -> [UInt8] {
        guard scalar.count == scalarBytes else { throw .scalarOutOfRange }
        var point = [UInt8](repeating: 0, count: pointBytes)
        // 32 and 65 bytes.
        let outcome = unsafe point.withUnsafeMutableBufferPointer { point in
            unsafe scalar.withUnsafeBufferPointer { scalar in
                unsafe renclave_p256_public_point(scalar.baseAddress, point.baseAddress)
            }
        }
        try CryptoLibraries.demand(outcome)
        return point
    }

    /// Whether these are 65 bytes, 04 ‖ X ‖ Y, of a point on the curve; false also where libcrypto has no memory.
    package static func isPoint(_ point: [UInt8]) -> Bool {
        guard point.count == pointBytes else { return false }
        return unsafe renclave_p256_check_point(point) == .done
    }

    /// The x-coordinate of the point's multiple (ECDH, SP 800-56A §5.7.1.2).
    ///
    /// - Parameter x: 32 bytes.
    /// - Throws: ``PrimitiveError/scalarOutOfRange``, ``PrimitiveError/badPoint``, ``PrimitiveError/memory(_:)``,
    ///   ``PrimitiveError/failed``, also for an output of another length. `x` is then not to be used.
    package static func agree(
        scalar: borrowing Span<UInt8>, point: [UInt8], into x: inout MutableSpan<UInt8>
    ) throws(PrimitiveError) {
        guard scalar.count == scalarBytes else { throw .scalarOutOfRange }
        guard point.count == pointBytes else { throw .badPoint }
        guard x.count == scalarBytes else { throw .failed }
        // 32, 65 and 32 bytes.
        let outcome = unsafe x.withUnsafeMutableBufferPointer { x in
            unsafe scalar.withUnsafeBufferPointer { scalar in
                unsafe renclave_p256_agree(scalar.baseAddress, point, x.baseAddress)
            }
        }
        try CryptoLibraries.demand(outcome)
    }
}
