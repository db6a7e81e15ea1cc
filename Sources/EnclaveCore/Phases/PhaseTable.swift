// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol

/// The one table of the state machine: which operations a state permits, and which states may follow it.
enum PhaseTable {
    /// The states that permit an operation, in the order of ``Phase``.
    static func phases(permitting operation: OperationKind) -> [Phase] {
        switch operation {
        case .info, .validateSeed, .genesisAnswer, .manifest:
            Phase.allCases
        case .generateSeed, .generateAttestation:
            Phase.allCases.filter { $0 != .unrecoverableError }
        case .deriveSeed, .exportChallenge, .exportKey:
            [.applicationReady]
        case .genesisBoot:
            [.waitingForBootInstruction]
        case .injectShares:
            [.waitingForQuorumShards]
        case .bootStandard:
            [.waitingForBootInstruction, .waitingForQuorumShards]
        case .shareManifest:
            [.waitingForBootInstruction, .waitingForForwardedKey]
        case .injectKey:
            [.waitingForForwardedKey]
        }
    }

    /// The states that may follow a state. A state that follows itself is the replacement of a manifest.
    static func successors(of phase: Phase) -> [Phase] {
        switch phase {
        case .waitingForBootInstruction:
            [.genesisBooted, .waitingForQuorumShards, .waitingForForwardedKey, .unrecoverableError]
        case .genesisBooted:
            [.waitingForQuorumShards, .unrecoverableError]
        case .waitingForQuorumShards:
            [.waitingForQuorumShards, .quorumKeyProvisioned, .unrecoverableError]
        case .waitingForForwardedKey:
            [.waitingForForwardedKey, .quorumKeyProvisioned, .unrecoverableError]
        case .quorumKeyProvisioned:
            [.applicationReady, .unrecoverableError]
        case .applicationReady:
            [.unrecoverableError]
        case .unrecoverableError:
            []
        }
    }
}
