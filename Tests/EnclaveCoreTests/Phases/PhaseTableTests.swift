// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Testing

@testable import EnclaveCore

@Suite("phase table")
struct PhaseTableTests {
    /// One letter a state, in the order of ``Phase``; a dot where it is not permitted.
    private static let letters: [Phase: Character] = [
        .waitingForBootInstruction: "B", .genesisBooted: "G", .waitingForQuorumShards: "S",
        .waitingForForwardedKey: "F", .quorumKeyProvisioned: "P", .applicationReady: "A", .unrecoverableError: "U",
    ]

    private func row(_ phases: [Phase]) -> String {
        String(Phase.allCases.map { phase in phases.contains(phase) ? Self.letters[phase] ?? "?" : "." })
    }

    @Test("all operations in all states are these")
    func operations() {
        let table = OperationKind.allCases.map { "\(row(PhaseTable.phases(permitting: $0))) \($0)" }
        #expect(
            table.joined(separator: "\n") == """
                BGSFPAU info
                BGSFPA. generateSeed
                .....A. deriveSeed
                BGSFPAU validateSeed
                B...... genesisBoot
                BGSFPAU genesisAnswer
                ..S.... injectShares
                B.S.... bootStandard
                BGSFPAU manifest
                B..F... shareManifest
                BGSFPA. generateAttestation
                .....A. exportChallenge
                .....A. exportKey
                ...F... injectKey
                """
        )
    }

    @Test("all edges are these")
    func edges() {
        let table = Phase.allCases.map { "\(Self.letters[$0] ?? "?") \(row(PhaseTable.successors(of: $0)))" }
        #expect(
            table.joined(separator: "\n") == """
                B .GSF..U
                G ..S...U
                S ..S.P.U
                F ...FP.U
                P .....AU
                A ......U
                U .......
                """
        )
    }

    @Test("the states that permit an operation are told in the order of the states", arguments: OperationKind.allCases)
    func order(operation: OperationKind) {
        let phases = PhaseTable.phases(permitting: operation)
        #expect(phases == Phase.allCases.filter { phases.contains($0) })
        #expect(!phases.isEmpty)
    }
}
