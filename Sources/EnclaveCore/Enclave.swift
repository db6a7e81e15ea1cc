// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import Protocol
package import SecretMemory
import Synchronization

/// The enclave: its state and the operations on it. It does no input or output.
package final class Enclave: Sendable {
    private let identity: EnclaveIdentity
    private let state: Mutex<EnclaveStateMachine>
    let arena: SecretArena
    let entropy: EntropySource
    let library: WordlistLibrary

    /// - Parameters:
    ///   - arena: locked memory for the secrets of requests.
    ///   - now: milliseconds since 1970, UTC.
    package init(
        identity: EnclaveIdentity,
        arena: SecretArena,
        entropy: EntropySource,
        library: WordlistLibrary = WordlistLibrary(),
        startedAt now: Int64
    ) {
        self.identity = identity
        self.arena = arena
        self.entropy = entropy
        self.library = library
        state = Mutex(EnclaveStateMachine(startedAt: now))
    }

    /// Whether the present state permits an operation.
    ///
    /// - Throws: ``EnclaveError/Reason/wrongState``.
    func admit(_ operation: OperationKind) throws(EnclaveError) {
        try state.withLock { state throws(EnclaveError) in try state.admit(operation) }
    }

    /// What the enclave says of itself.
    func info() -> EnclaveInfo {
        let (phase, history) = state.withLock { ($0.phase, $0.history) }
        return EnclaveInfo(
            version: Version.product,
            enclaveIdentifier: identity.identifier,
            capabilities: EnclaveIdentity.capabilities,
            phase: phase,
            history: history,
            mode: identity.policy.mode,
            attestation: identity.policy.attestation,
            applicationHash: identity.applicationHash,
            sandbox: identity.sandbox
        )
    }
}
