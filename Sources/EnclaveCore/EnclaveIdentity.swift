// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Primitives
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
    /// SHA-256 of the root certificate.
    let attestationRoot: [UInt8]
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
        attestationRoot = SHA256.digest(measurements.rootCertificate)
        self.policy = policy
        self.sandbox = sandbox
    }

    /// What this build can do, in the contract's words.
    static let capabilities = ["seed_generation", "seed_validation", "genesis_boot", "share_injection"]
}
