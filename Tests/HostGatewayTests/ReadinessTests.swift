// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Protocol
import Settings
import Testing

@testable import HostGateway

@Suite("readiness")
struct ReadinessTests {
    private func info(_ phase: Phase) -> EnclaveInfo {
        QuorumSamples.info(phase)
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
        #expect(readiness.checks(info(.applicationReady)).last?.finding == "the enclave holds no quorum key")
    }

    @Test(
        "only the key that is expected, and held, makes ready",
        arguments: [
            (0xEF, true, true, "the enclave holds the expected quorum key"),
            (0xEF, false, false, "the enclave holds no quorum key"),
            (0xEE, true, false, "the enclave holds another quorum key"),
            (0xEE, false, false, "the enclave holds no quorum key"),
        ] as [(UInt8, Bool, Bool, String)])
    func heldKey(expected: UInt8, isHeld: Bool, isPassed: Bool, finding: String) {
        let readiness = Readiness(
            states: [.applicationReady], expectedKey: [UInt8](repeating: expected, count: 32))
        let quorum = QuorumSamples.quorum(keyCheck: isHeld ? [UInt8](repeating: 1, count: 8) : nil)
        let check = readiness.checks(QuorumSamples.info(.applicationReady, quorum: quorum)).last
        #expect(check == Readiness.Check(name: "quorum_key", isPassed: isPassed, finding: finding))
    }

    @Test("the expected key may be written in digits of either case")
    func expectedDigits() {
        for digits in ["ef", "EF", "eF"] {
            let key = GatewaySettings.expectedKey.parse(String(repeating: digits, count: 32))
            #expect(key == QuorumSamples.quorum(keyCheck: nil).fingerprint)
        }
    }
}
