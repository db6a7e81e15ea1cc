// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Attestation
import Primitives
package import Protocol
import Quorum

/// What production demands and development does not, as one value that an executable composes and nothing can change.
package struct EnclavePolicy: Sendable {
    /// What the enclave says it is.
    package let mode: EnclaveInfo.Mode

    /// Whose root its documents come from.
    package let attestation: EnclaveInfo.AttestationKind

    /// The root that it trusts; absent where that is the one which vouches for itself, whichever that is.
    package let trustedRoot: RootFingerprint?

    /// What must be proven before it trusts.
    package let rules: TrustRules

    /// Whether environment variables that steer the loader, libcrypto or the runtime refuse the start.
    package let refusesSteeringEnvironment: Bool

    /// What this build does not have yet and cannot start without.
    package let lacking: [String]

    /// Composes a policy, as an executable does once.
    package init(
        mode: EnclaveInfo.Mode,
        attestation: EnclaveInfo.AttestationKind,
        trustedRoot: RootFingerprint?,
        rules: TrustRules,
        refusesSteeringEnvironment: Bool,
        lacking: [String]
    ) {
        self.mode = mode
        self.attestation = attestation
        self.trustedRoot = trustedRoot
        self.rules = rules
        self.refusesSteeringEnvironment = refusesSteeringEnvironment
        self.lacking = lacking
    }

    /// For `renclave-enclave-dev`.
    package static let development = EnclavePolicy(
        mode: .development,
        attestation: .emulated,
        trustedRoot: nil,
        rules: .development,
        refusesSteeringEnvironment: false,
        lacking: []
    )

    /// For `renclave-enclave`, which does not start before it has all of it.
    package static let production = EnclavePolicy(
        mode: .production,
        attestation: .nitro,
        trustedRoot: .awsNitro,
        rules: .production,
        refusesSteeringEnvironment: true,
        lacking: [
            "a sandbox (seccomp and Landlock)"
        ]
    )

    /// The same with production's rules of trust, as far as they need no hardware: what an operator may ask for, since
    /// it only tightens.
    package var rehearsingProduction: EnclavePolicy {
        EnclavePolicy(
            mode: mode,
            attestation: attestation,
            trustedRoot: trustedRoot,
            rules: rules.rehearsingProduction,
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
                    member("refusesDebugEnclaves", rules.refusesDebugEnclaves),
                    member("requiresApprovals", rules.requiresApprovals),
                    member("requiresChallenge", rules.requiresChallenge),
                    member("requiresCommitments", rules.requiresCommitments),
                    member("requiresRole", rules.requiresRole),
                    member("requiresSealedShares", rules.requiresSealedShares),
                    member("sealsDerivedSeeds", rules.sealsDerivedSeeds),
                ])
            ),
            JSONMember(name: "trustedRoot", value: .string(trustedRoot.map { Hex.encode($0.bytes) } ?? "own")),
        ]).canonical()
    }
}
