// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives

/// What a development enclave reports where a Nitro Security Module would have measured.
///
/// The enclave says this of itself and nothing checks it, so it is worth as much as the root it is attested under. It
/// exists so that manifests, documents and their comparison have the form they have on hardware.
package struct EmulatedRegisters: Equatable, Sendable {
    /// PCR0 to PCR3, 48 bytes each.
    package let values: [[UInt8]]

    /// Registers as a test wants them.
    ///
    /// - Parameter values: PCR0 to PCR3, 48 bytes each.
    package init(values: [[UInt8]]) {
        precondition(values.count == 4 && values.allSatisfy { $0.count == SHA384.byteCount }, "not four digests")
        self.values = values
    }

    /// The registers of a running development enclave.
    ///
    /// - PCR0: `executableDigest`, in the place of the enclave image.
    /// - PCR1: SHA-384 of `policy`, in the place of the kernel and its start-up.
    /// - PCR2: SHA-384 of `version` in UTF-8, in the place of the application.
    /// - PCR3: zero, as on a machine with no IAM role.
    ///
    /// - Parameters:
    ///   - executableDigest: SHA-384 of the running executable, 48 bytes, taken over as it is.
    ///   - policy: the policy in force as canonical JSON.
    ///   - version: the version of the software.
    package init(executableDigest: [UInt8], policy: [UInt8], version: String) {
        precondition(executableDigest.count == SHA384.byteCount, "a digest of another length")
        values = [
            executableDigest,
            SHA384.digest(policy),
            SHA384.digest(Array(version.utf8)),
            [UInt8](repeating: 0, count: SHA384.byteCount),
        ]
    }
}
