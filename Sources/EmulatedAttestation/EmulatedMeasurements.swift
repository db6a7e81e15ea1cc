// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
package import Quorum

/// What a development enclave reports where a Nitro Security Module would have measured.
///
/// The enclave says this of itself and nothing checks it, so it is worth as much as `DevelopmentRoot`. It exists so
/// that manifests, documents and their comparison have the form they have on hardware.
package enum EmulatedMeasurements {
    /// The measurements of a running development enclave, each register 48 bytes.
    ///
    /// - `pcr0`: `executableDigest`, in the place of the enclave image.
    /// - `pcr1`: SHA-384 of `policy`, in the place of the kernel and its start-up.
    /// - `pcr2`: SHA-384 of `version` in UTF-8, in the place of the application.
    /// - `pcr3`: zero, as on a machine with no IAM role.
    ///
    /// - Parameters:
    ///   - executableDigest: SHA-384 of the running executable, 48 bytes, taken over as it is.
    ///   - policy: the policy in force as canonical JSON.
    ///   - version: the version of the software.
    package static func measure(executableDigest: [UInt8], policy: [UInt8], version: String) -> Measurements {
        Measurements(
            pcr0: executableDigest,
            pcr1: SHA384.digest(policy),
            pcr2: SHA384.digest(Array(version.utf8)),
            pcr3: [UInt8](repeating: 0, count: SHA384.byteCount),
            rootCertificate: DevelopmentRoot.certificate
        )
    }
}
