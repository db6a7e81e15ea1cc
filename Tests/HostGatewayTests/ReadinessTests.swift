// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Testing

@testable import HostGateway

@Suite("readiness")
struct ReadinessTests {
    private func info(_ phase: Phase) -> EnclaveInfo {
        EnclaveInfo(
            version: "1", enclaveIdentifier: [], capabilities: [], phase: phase, history: [], mode: .development,
            attestation: .emulated, applicationHash: [], sandbox: .init(seccomp: false, landlockABI: nil))
    }

    private func names(_ readiness: Readiness, _ info: EnclaveInfo?) -> [String] {
        readiness.checks(info).map { "\($0.name) \($0.isPassed ? "ok" : "failed")" }
    }

    @Test("an enclave that answers in a wanted state is ready, in another it is not", arguments: Phase.allCases)
    func states(phase: Phase) {
        let readiness = Readiness(states: [.applicationReady, .genesisBooted], expectedKey: nil)
        let isWanted = phase == .applicationReady || phase == .genesisBooted
        #expect(names(readiness, info(phase)) == ["enclave ok", isWanted ? "state ok" : "state failed"])
        let finding = readiness.checks(info(phase)).last?.finding
        #expect(finding == "the state is \(phase.rawValue), wanted: ApplicationReady, GenesisBooted")
    }

    @Test("an enclave that does not answer is not ready, and nothing is said of its state")
    func silent() {
        #expect(names(Readiness(states: Set(Phase.allCases), expectedKey: nil), nil) == ["enclave failed"])
    }

    @Test("a key that is expected and not held is a reason not to be ready")
    func key() {
        let readiness = Readiness(states: Set(Phase.allCases), expectedKey: [UInt8](repeating: 1, count: 32))
        #expect(
            names(readiness, info(.applicationReady)) == ["enclave ok", "state ok", "quorum_key failed"])
        #expect(names(readiness, nil) == ["enclave failed", "quorum_key failed"])
    }
}
