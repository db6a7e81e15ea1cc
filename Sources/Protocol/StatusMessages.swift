// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// What an enclave says of itself; nothing in it is secret.
package struct EnclaveInfo: Codable, Equatable, Sendable {
    /// A state and when it was entered.
    package struct StateEntry: Codable, Equatable, Sendable {
        package let phase: Phase
        /// Milliseconds since 1970, UTC.
        package let enteredAt: Int64

        package init(phase: Phase, enteredAt: Int64) {
            self.phase = phase
            self.enteredAt = enteredAt
        }
    }

    /// Which executable answers.
    package enum Mode: String, Codable, Sendable {
        case development
        case production
    }

    /// Which root vouches for this enclave.
    package enum AttestationKind: String, Codable, Sendable {
        case emulated
        case nitro
    }

    /// Which sandbox mechanisms are in force.
    package struct SandboxStatus: Codable, Equatable, Sendable {
        package let seccomp: Bool
        /// The kernel's Landlock version, where a rule set is in force.
        package let landlockABI: UInt32?

        package init(seccomp: Bool, landlockABI: UInt32?) {
            self.seccomp = seccomp
            self.landlockABI = landlockABI
        }
    }

    package let version: String
    /// 16 random bytes, new at each start.
    package let enclaveIdentifier: [UInt8]
    package let capabilities: [String]
    package let phase: Phase
    package let history: [StateEntry]
    package let mode: Mode
    package let attestation: AttestationKind
    /// SHA-256 of the running executable, 32 bytes.
    package let applicationHash: [UInt8]
    package let sandbox: SandboxStatus

    package init(
        version: String,
        enclaveIdentifier: [UInt8],
        capabilities: [String],
        phase: Phase,
        history: [StateEntry],
        mode: Mode,
        attestation: AttestationKind,
        applicationHash: [UInt8],
        sandbox: SandboxStatus
    ) {
        self.version = version
        self.enclaveIdentifier = enclaveIdentifier
        self.capabilities = capabilities
        self.phase = phase
        self.history = history
        self.mode = mode
        self.attestation = attestation
        self.applicationHash = applicationHash
        self.sandbox = sandbox
    }
}
