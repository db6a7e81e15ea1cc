// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Quorum
import Synchronization
import Testing

extension TwoProcesses {
    @Suite("whose key an instance joins with")
    struct JoiningKey {
        private static let foreign = String(repeating: "ab", count: 32)

        /// How often a peer was asked who it is: once a round.
        private static func rounds(_ peer: ScriptedPeer) -> Int {
            peer.targets.count { $0 == "/enclave/info" }
        }

        @Test("where another key is expected than the peers have, it never joins, and /readyz says so")
        func otherKey() throws {
            try Fleet.with(1) { pairs in
                let source = pairs[0].gateway
                _ = try Ceremony.provisioned(source)
                let peer = try ScriptedPeer { try source.answer(to: $0) }
                defer { peer.stop() }
                let fresh = try Workplace()
                defer { fresh.close() }
                let joiner = try Joiner.start(
                    fresh, peers: [peer.url], gateway: ["EXPECTED_QUORUM_KEY": Self.foreign])
                try joiner.waitForReport("it says that nobody has the key") { state, reason in
                    state == "waiting" && reason.contains("quorum key")
                }
                try wait(until: "it has asked several times") { Self.rounds(peer) > 3 }
                // It asked who the peer is, and for nothing that belongs to a key.
                #expect(Set(peer.targets) == ["/enclave/info"])
                #expect(try joiner.info()["state"] == "WaitingForBootInstruction")
                let checks = try joiner.gateway.get("/readyz?verbose").json()["checks"]?.array ?? []
                #expect(checks.filter { $0["ok"] == false }.compactMap { $0["name"] } == ["state", "quorum_key"])
            }
        }

        @Test("a peer that only says it has the expected key gives none away; a true one then does")
        func liar() throws {
            try Fleet.with(2) { pairs in
                let (right, wrong) = (pairs[0].gateway, pairs[1].gateway)
                _ = try Ceremony.provisioned(right)
                _ = try Ceremony.provisioned(wrong)
                let expected = try #require(pairs[0].info()["quorum_key_fingerprint"])
                let isTrue = Atomic(false)
                // What it says of itself is what is wanted; all else is of its own key.
                let liar = try ScriptedPeer { call in
                    let answer = try wrong.answer(to: call)
                    guard call.target == "/enclave/info" else { return answer }
                    let said = try answer.json().replacing(["quorum_key_fingerprint"], with: expected)
                    return HTTPAnswer(status: 200, json: said)
                }
                defer { liar.stop() }
                let honest = try ScriptedPeer { call in
                    isTrue.load(ordering: .sequentiallyConsistent) ? try right.answer(to: call) : nil
                }
                defer { honest.stop() }
                let fresh = try Workplace()
                defer { fresh.close() }
                let joiner = try Joiner.start(
                    fresh, peers: [liar.url, honest.url],
                    gateway: ["EXPECTED_QUORUM_KEY": try #require(expected.string)])
                try joiner.waitForReport("it says which peer has another key") { state, reason in
                    state == "waiting" && reason.contains(liar.url) && reason.contains("EXPECTED_QUORUM_KEY")
                }
                // Nothing of it was taken on.
                #expect(try joiner.info()["state"] == "WaitingForBootInstruction")
                #expect(try joiner.info()["manifest_hash"] == nil)
                #expect(!liar.targets.contains("/enclave/export-key"))
                isTrue.store(true, ordering: .sequentiallyConsistent)
                #expect(try joiner.joined() == KeyEvidence(right))
            }
        }

        @Test("whatever a peer answers, a good one beside it is joined")
        func nonsense() throws {
            try Fleet.with(1) { pairs in
                let source = pairs[0].gateway
                _ = try Ceremony.provisioned(source)
                let calls = Mutex(0)
                // Says that it is ready, so that it is tried, and then anything.
                let strange = try ScriptedPeer { call in
                    guard call.target != "/enclave/info" else { return try source.answer(to: call) }
                    let number = calls.withLock { calls in
                        calls += 1
                        return calls
                    }
                    return switch number % 5 {
                    case 0: nil
                    case 1: HTTPAnswer(status: 200, json: "no object")
                    case 2: HTTPAnswer(status: 500, json: ["reason": "internal"])
                    case 3: HTTPAnswer(status: 302, json: [:])
                    default: HTTPAnswer(status: 200, json: ["manifest_envelope": ["manifest": [:]]])
                    }
                }
                defer { strange.stop() }
                let good = try ScriptedPeer { call in
                    calls.withLock { $0 } < 5 ? nil : try source.answer(to: call)
                }
                defer { good.stop() }
                let fresh = try Workplace()
                defer { fresh.close() }
                let joiner = try Joiner.start(fresh, peers: [strange.url, good.url])
                #expect(try joiner.joined() == KeyEvidence(source))
            }
        }

        @Test("outside development no instance joins without the fingerprint of the key, and with it it does")
        func production() throws {
            let files = try TemporaryDirectory()
            let workplaces = try (0..<3).map { _ in try Workplace() }
            defer {
                for workplace in workplaces { workplace.close() }
                files.remove()
            }
            let settings = ["REHEARSAL_ROOT_FILE": files.file("root.pem")]
            let source = try RestartablePair(workplaces[0], settings, executable: .rehearsalEnclave)
            _ = try RehearsedForwarding.provision(source.gateway)
            let peer = try ScriptedPeer { try source.gateway.answer(to: $0) }
            defer { peer.stop() }
            let careless = try Joiner.start(
                workplaces[1], peers: [peer.url], settings, executable: .rehearsalEnclave)
            try careless.waitForReport("it says what is missing") { state, reason in
                state == "refused" && reason.contains("EXPECTED_QUORUM_KEY")
            }
            #expect(peer.targets.isEmpty)
            let fingerprint = try #require(source.info()["quorum_key_fingerprint"]?.string)
            let careful = try Joiner.start(
                workplaces[2], peers: [peer.url], settings, gateway: ["EXPECTED_QUORUM_KEY": fingerprint],
                executable: .rehearsalEnclave)
            try careful.gateway.waitUntilReady()
            try RehearsedForwarding.expectSameKey([source, careful])
            #expect(try careless.info()["state"] == "WaitingForBootInstruction")
        }
    }
}
