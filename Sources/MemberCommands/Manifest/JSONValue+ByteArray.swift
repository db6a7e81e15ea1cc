// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

extension JSONValue {
    /// Bytes as the gateway writes them.
    static func byteArray(_ bytes: [UInt8]) -> JSONValue {
        .array(bytes.map { .count($0) })
    }

    /// Bytes as the gateway writes them: an array of integers from 0 to 255.
    ///
    /// - Parameter count: how many bytes it must be; nil for any number.
    /// - Throws: ``QuorumError/malformedManifest``.
    func byteArray(count: Int? = nil) throws(QuorumError) -> [UInt8] {
        let elements = try elements()
        guard count == nil || elements.count == count else { throw .malformedManifest }
        return try elements.map { (element) throws(QuorumError) in
            guard case .integer = element else { throw .malformedManifest }
            return UInt8(truncatingIfNeeded: try element.unsigned(max: UInt64(UInt8.max)))
        }
    }
}
