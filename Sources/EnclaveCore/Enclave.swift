// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

package import Attestation
package import Primitives
import Protocol
package import SecretMemory
import Synchronization

/// The enclave: its state, what it holds, and the operations on both. It does no input or output.
package final class Enclave: Sendable {
    /// Where the enclave is, and what it holds there.
    struct State: Sendable {
        var machine: EnclaveStateMachine
        var holdings = Holdings()

        /// Gives up: zeroes every secret. Only a broken invariant leads here, never what a caller sent.
        mutating func fail(at now: Int64) throws(EnclaveError) {
            try machine.enter(.unrecoverableError, at: now)
            holdings = Holdings()
        }
    }

    /// What an operation gives back, and what it makes of the state.
    struct Change<Value> {
        let value: Value
        /// Gets the state and the time; where it throws, nothing has changed.
        let commit: @Sendable (inout State, Int64) throws(EnclaveError) -> Void
    }

    let identity: EnclaveIdentity
    let module: any SecurityModule
    let arena: SecretArena
    let entropy: EntropySource
    let library: WordlistLibrary
    let challenges: ExportChallenges
    private let now: @Sendable () -> Int64
    private let state: Mutex<State>

    /// Held by whoever changes the state: what was read in it stays true until the change, however long the work
    /// between them takes. Reading waits for nobody, but for the moment in which a security module binds the keys of a
    /// boot instruction: state and registers change together, so that documents are of one piece.
    private let change = Mutex(())

    /// - Parameters:
    ///   - module: vouches for the enclave; the measurements of `identity` are its.
    ///   - arena: locked memory for the secrets of requests.
    ///   - now: gives milliseconds since 1970, UTC.
    ///   - uptime: gives milliseconds by a clock that nobody sets.
    package init(
        identity: EnclaveIdentity,
        module: any SecurityModule,
        arena: SecretArena,
        entropy: EntropySource,
        library: WordlistLibrary = WordlistLibrary(),
        now: @escaping @Sendable () -> Int64 = { WallClock.milliseconds() },
        uptime: @escaping @Sendable () -> Int64 = { WallClock.uptimeMilliseconds() }
    ) {
        self.identity = identity
        self.module = module
        self.arena = arena
        self.entropy = entropy
        self.library = library
        self.now = now
        challenges = ExportChallenges(uptime: uptime)
        state = Mutex(State(machine: EnclaveStateMachine(startedAt: now())))
    }

    /// Whether the present state permits an operation.
    ///
    /// - Throws: ``EnclaveError/Reason/wrongState``.
    func admit(_ operation: OperationKind) throws(EnclaveError) {
        try read { state throws(EnclaveError) in try state.machine.admit(operation) }
    }

    /// Looks at the state; for moments only.
    func read<Value>(_ body: (State) throws(EnclaveError) -> Value) throws(EnclaveError) -> Value {
        try state.withLock { state throws(EnclaveError) in try body(state) }
    }

    /// Changes the state, one change at a time.
    ///
    /// - Parameters:
    ///   - operation: must be permitted when the change's turn has come.
    ///   - work: makes the change from the state as it is; as long as it takes, nothing else changes.
    /// - Throws: ``EnclaveError/Reason/wrongState``, and what `work` or the change throws; the state is then as it was.
    func change<Value>(
        for operation: OperationKind,
        _ work: (State) throws(EnclaveError) -> Change<Value>
    ) throws(EnclaveError) -> Value {
        try change.withLock { _ throws(EnclaveError) in
            let before = try read { state throws(EnclaveError) in
                try state.machine.admit(operation)
                return state
            }
            let change = try work(before)
            let moment = now()
            try state.withLock { state throws(EnclaveError) in
                var next = state
                try change.commit(&next, moment)
                state = next
            }
            return change.value
        }
    }

    /// Milliseconds since 1970, UTC, by the host's clock.
    var wallMilliseconds: Int64 { now() }

    /// What the enclave says of itself.
    func info() -> EnclaveInfo {
        let (phase, history, quorum) = state.withLock { ($0.machine.phase, $0.machine.history, $0.holdings.status) }
        return EnclaveInfo(
            version: Version.product,
            enclaveIdentifier: identity.identifier,
            capabilities: EnclaveIdentity.capabilities,
            phase: phase,
            history: history,
            mode: identity.policy.mode,
            attestation: identity.policy.attestation,
            attestationRoot: identity.attestationRoot.bytes,
            applicationHash: identity.applicationHash,
            quorum: quorum,
            sandbox: identity.sandbox
        )
    }
}
