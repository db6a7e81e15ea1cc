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

    /// What a namespace is called and which of its manifests is held.
    package struct Namespace: Codable, Equatable, Sendable {
        package let name: String
        package let nonce: UInt32

        package init(name: String, nonce: UInt32) {
            self.name = name
            self.nonce = nonce
        }
    }

    /// What is known of the quorum once a manifest is held.
    package struct QuorumStatus: Codable, Equatable, Sendable {
        package let namespace: Namespace
        /// 32 bytes.
        package let manifestHash: [UInt8]
        /// 130 bytes.
        package let publicKey: [UInt8]
        /// SHA-256 of ``publicKey``, 32 bytes.
        package let fingerprint: [UInt8]
        /// 8 bytes that two enclaves share exactly if they hold the same key; absent before the key is held.
        package let keyCheck: [UInt8]?
        /// Shares that rebuild the key.
        package let threshold: UInt32
        package let sharesReceived: UInt32

        package init(
            namespace: Namespace,
            manifestHash: [UInt8],
            publicKey: [UInt8],
            fingerprint: [UInt8],
            keyCheck: [UInt8]?,
            threshold: UInt32,
            sharesReceived: UInt32
        ) {
            self.namespace = namespace
            self.manifestHash = manifestHash
            self.publicKey = publicKey
            self.fingerprint = fingerprint
            self.keyCheck = keyCheck
            self.threshold = threshold
            self.sharesReceived = sharesReceived
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
    /// SHA-256 of the root certificate that vouches, 32 bytes.
    package let attestationRoot: [UInt8]
    /// SHA-256 of the running executable, 32 bytes.
    package let applicationHash: [UInt8]
    /// Absent before a manifest is held.
    package let quorum: QuorumStatus?
    package let sandbox: SandboxStatus

    package init(
        version: String,
        enclaveIdentifier: [UInt8],
        capabilities: [String],
        phase: Phase,
        history: [StateEntry],
        mode: Mode,
        attestation: AttestationKind,
        attestationRoot: [UInt8],
        applicationHash: [UInt8],
        quorum: QuorumStatus?,
        sandbox: SandboxStatus
    ) {
        self.version = version
        self.enclaveIdentifier = enclaveIdentifier
        self.capabilities = capabilities
        self.phase = phase
        self.history = history
        self.mode = mode
        self.attestation = attestation
        self.attestationRoot = attestationRoot
        self.applicationHash = applicationHash
        self.quorum = quorum
        self.sandbox = sandbox
    }
}
