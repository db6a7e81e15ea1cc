// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Protocol

/// What production demands and development does not, as one value that an executable composes and nothing can change.
package struct EnclavePolicy: Sendable {
    /// What the enclave says it is.
    package let mode: EnclaveInfo.Mode

    /// Whose root its documents come from.
    package let attestation: EnclaveInfo.AttestationKind

    /// Whether environment variables that steer the loader, libcrypto or the runtime refuse the start.
    package let refusesSteeringEnvironment: Bool

    /// What this build does not have yet and cannot start without.
    package let lacking: [String]

    /// For `renclave-enclave-dev`.
    package static let development = EnclavePolicy(
        mode: .development,
        attestation: .emulated,
        refusesSteeringEnvironment: false,
        lacking: []
    )

    /// For `renclave-enclave`, which does not start before it has all of it.
    package static let production = EnclavePolicy(
        mode: .production,
        attestation: .nitro,
        refusesSteeringEnvironment: true,
        lacking: [
            "an attestation provider for the Nitro Security Module (/dev/nsm)",
            "a sandbox (seccomp and Landlock)",
        ]
    )
}
