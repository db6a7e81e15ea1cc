// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// The role of the instance that runs an enclave, from its file: what PCR3 is of.
package struct InstanceRole: Equatable, Sendable {
    /// The bytes of the ARN, as they stand in the first line.
    package let arn: [UInt8]

    /// Reads the first line, of which nothing is trimmed but its end.
    ///
    /// - Throws: ``QuorumError/malformedManifest`` where it is empty or the file is not UTF-8.
    package init(parsing bytes: [UInt8]) throws(QuorumError) {
        guard String(validating: bytes, as: UTF8.self) != nil, let line = FileLines.split(bytes).first, !line.isEmpty
        else { throw .malformedManifest }
        arn = Array(line)
    }

    /// The value of PCR3 for that role, 48 bytes.
    package var pcr3: [UInt8] { PCR.extended(by: arn) }
}
