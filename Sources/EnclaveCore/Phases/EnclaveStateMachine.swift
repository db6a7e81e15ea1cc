// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// Where the enclave is and how it came there: a value without clock or side effect.
struct EnclaveStateMachine {
    private(set) var phase: Phase = .waitingForBootInstruction

    /// The states entered so far, oldest first. A replacement does not enter a state anew.
    private(set) var history: [EnclaveInfo.StateEntry]

    /// - Parameter now: milliseconds since 1970, UTC.
    init(startedAt now: Int64) {
        history = [EnclaveInfo.StateEntry(phase: .waitingForBootInstruction, enteredAt: now)]
    }

    /// Whether an operation is permitted here.
    ///
    /// - Throws: ``EnclaveError/Reason/wrongState`` with the states that would permit it.
    func admit(_ operation: OperationKind) throws(EnclaveError) {
        let allowed = PhaseTable.phases(permitting: operation)
        guard allowed.contains(phase) else { throw EnclaveError(wrongState: phase, allowed: allowed) }
    }

    /// Goes along an edge of the table.
    ///
    /// - Throws: ``EnclaveError/Reason/internalFailure`` where there is none; the state is then as it was.
    mutating func enter(_ next: Phase, at now: Int64) throws(EnclaveError) {
        guard PhaseTable.successors(of: phase).contains(next) else { throw EnclaveError(.internalFailure) }
        if next != phase { history.append(EnclaveInfo.StateEntry(phase: next, enteredAt: now)) }
        phase = next
    }
}
