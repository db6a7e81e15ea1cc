// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Protocol

/// What an enclave process knows of itself from its start on.
package struct EnclaveIdentity: Sendable {
    /// 16 random bytes, new at each start.
    let identifier: [UInt8]
    /// SHA-256 of the running executable.
    let applicationHash: [UInt8]
    let policy: EnclavePolicy
    let sandbox: EnclaveInfo.SandboxStatus

    package init(
        identifier: [UInt8],
        applicationHash: [UInt8],
        policy: EnclavePolicy,
        sandbox: EnclaveInfo.SandboxStatus
    ) {
        self.identifier = identifier
        self.applicationHash = applicationHash
        self.policy = policy
        self.sandbox = sandbox
    }

    /// What this build can do, in the contract's words.
    static let capabilities = ["seed_generation", "seed_validation"]
}
