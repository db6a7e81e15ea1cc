// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Protocol
import Quorum

/// What production demands and development does not, as one value that an executable composes and nothing can change.
package struct EnclavePolicy: Sendable {
    /// What the enclave says it is.
    package let mode: EnclaveInfo.Mode

    /// Whose root its documents come from.
    package let attestation: EnclaveInfo.AttestationKind

    /// What must be proven before it trusts.
    package let rules: TrustRules

    /// Whether environment variables that steer the loader, libcrypto or the runtime refuse the start.
    package let refusesSteeringEnvironment: Bool

    /// What this build does not have yet and cannot start without.
    package let lacking: [String]

    /// For `renclave-enclave-dev`.
    package static let development = EnclavePolicy(
        mode: .development,
        attestation: .emulated,
        rules: .development,
        refusesSteeringEnvironment: false,
        lacking: []
    )

    /// For `renclave-enclave`, which does not start before it has all of it.
    package static let production = EnclavePolicy(
        mode: .production,
        attestation: .nitro,
        rules: .production,
        refusesSteeringEnvironment: true,
        lacking: [
            "an attestation provider for the Nitro Security Module (/dev/nsm)",
            "a sandbox (seccomp and Landlock)",
        ]
    )

    /// The same with production's rules of trust: what an operator may ask for, since it only tightens.
    package var rehearsingProduction: EnclavePolicy {
        EnclavePolicy(
            mode: mode,
            attestation: attestation,
            rules: .production,
            refusesSteeringEnvironment: refusesSteeringEnvironment,
            lacking: lacking
        )
    }

    /// Canonical JSON of all that decides trust, which a measurement is taken of.
    package var canonicalJSON: [UInt8] {
        func member(_ name: String, _ value: Bool) -> JSONMember { JSONMember(name: name, value: .bool(value)) }
        return JSONValue.object([
            JSONMember(name: "attestation", value: .string(attestation.rawValue)),
            JSONMember(name: "mode", value: .string(mode.rawValue)),
            member("refusesSteeringEnvironment", refusesSteeringEnvironment),
            JSONMember(
                name: "rules",
                value: .object([
                    member("fixesManifest", rules.fixesManifest),
                    member("requiresApprovals", rules.requiresApprovals),
                    member("requiresCommitments", rules.requiresCommitments),
                    member("requiresSealedShares", rules.requiresSealedShares),
                    member("sealsDerivedSeeds", rules.sealsDerivedSeeds),
                ])
            ),
        ]).canonical()
    }
}
