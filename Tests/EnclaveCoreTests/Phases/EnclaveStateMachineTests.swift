// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Testing

@testable import EnclaveCore

@Suite("state machine")
struct EnclaveStateMachineTests {
    /// Shortest ways from the start, so that every state can be tested.
    private static let ways: [Phase: [Phase]] = [
        .waitingForBootInstruction: [],
        .genesisBooted: [.genesisBooted],
        .waitingForQuorumShards: [.waitingForQuorumShards],
        .waitingForForwardedKey: [.waitingForForwardedKey],
        .quorumKeyProvisioned: [.waitingForForwardedKey, .quorumKeyProvisioned],
        .applicationReady: [.waitingForForwardedKey, .quorumKeyProvisioned, .applicationReady],
        .unrecoverableError: [.unrecoverableError],
    ]

    private func machine(in phase: Phase) throws -> EnclaveStateMachine {
        var machine = EnclaveStateMachine(startedAt: 100)
        for (step, next) in try #require(Self.ways[phase]).enumerated() {
            try machine.enter(next, at: 200 + Int64(step))
        }
        #expect(machine.phase == phase)
        return machine
    }

    @Test("it starts without an instruction, and remembers when")
    func start() {
        let machine = EnclaveStateMachine(startedAt: 100)
        #expect(machine.phase == .waitingForBootInstruction)
        #expect(machine.history == [.init(phase: .waitingForBootInstruction, enteredAt: 100)])
    }

    @Test("an edge of the table is taken, and no other", arguments: Phase.allCases, Phase.allCases)
    func edges(from: Phase, to: Phase) throws {
        var machine = try machine(in: from)
        let history = machine.history
        if PhaseTable.successors(of: from).contains(to) {
            try machine.enter(to, at: 999)
            #expect(machine.phase == to)
            #expect(machine.history == history + (from == to ? [] : [.init(phase: to, enteredAt: 999)]))
        } else {
            do {
                try machine.enter(to, at: 999)
                Issue.record("\(from) to \(to) was taken")
            } catch {
                #expect(error == EnclaveError(.internalFailure))
            }
            #expect(machine.phase == from)
            #expect(machine.history == history)
        }
    }

    @Test("an operation is admitted as the table says", arguments: Phase.allCases, OperationKind.allCases)
    func admission(phase: Phase, operation: OperationKind) throws {
        let machine = try machine(in: phase)
        let allowed = PhaseTable.phases(permitting: operation)
        if allowed.contains(phase) {
            try machine.admit(operation)
        } else {
            #expect(throws: EnclaveError(wrongState: phase, allowed: allowed)) { try machine.admit(operation) }
        }
    }
}
