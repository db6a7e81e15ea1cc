// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
package import Protocol
package import Quorum

/// What an enclave process knows of itself from its start on.
package struct EnclaveIdentity: Sendable {
    /// 16 random bytes, new at each start.
    let identifier: [UInt8]
    /// SHA-256 of the running executable.
    let applicationHash: [UInt8]
    /// What a manifest has to name for this enclave to boot it.
    let measurements: Measurements
    /// Of the root that vouches for this enclave, and the one that it trusts in others.
    let attestationRoot: RootFingerprint
    let policy: EnclavePolicy
    let sandbox: EnclaveInfo.SandboxStatus

    package init(
        identifier: [UInt8],
        applicationHash: [UInt8],
        measurements: Measurements,
        policy: EnclavePolicy,
        sandbox: EnclaveInfo.SandboxStatus
    ) {
        self.identifier = identifier
        self.applicationHash = applicationHash
        self.measurements = measurements
        attestationRoot = RootFingerprint(ofCertificate: measurements.rootCertificate)
        self.policy = policy
        self.sandbox = sandbox
    }

    /// What this build can do, in the contract's words.
    static let capabilities = [
        "seed_generation", "seed_validation", "genesis_boot", "share_injection", "attestation", "manifest_sharing",
        "key_export", "key_injection",
    ]
}
