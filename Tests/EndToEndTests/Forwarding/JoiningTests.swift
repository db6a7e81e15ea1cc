// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import ProcessKit
import Synchronization
import Testing

extension TwoProcesses {
    @Suite("instances that join by themselves")
    struct Joining {
        @Test("one whose peer has the key gets it, and is ready then and not before")
        func joins() throws {
            try Fleet.with(1) { pairs in
                let fresh = try Workplace()
                defer { fresh.close() }
                let joiner = try Joiner.start(fresh, peers: [pairs[0].url])
                try joiner.waitForReport("it waits for a peer with the key") { state, _ in state == "waiting" }
                #expect(try joiner.info()["state"] == "WaitingForBootInstruction")
                let before = try pairs[0].info()
                #expect(before["state"] == "WaitingForBootInstruction")
                _ = try Ceremony.provisioned(pairs[0].gateway)
                #expect(try joiner.joined() == KeyEvidence(pairs[0].gateway))
                #expect(
                    try joiner.info()["state_history"]?.array?.map { $0["state"] } == [
                        "WaitingForBootInstruction", "WaitingForForwardedKey", "QuorumKeyProvisioned",
                        "ApplicationReady",
                    ])
            }
        }

        @Test("a fleet in which each names all: one genesis makes all ready, and whoever is restarted joins again")
        func fleet() throws {
            let ports = try (0..<3).map { _ in try FreePort.find() }
            let workplaces = try (0..<3).map { _ in try Workplace() }
            defer { for workplace in workplaces { workplace.close() } }
            let peers = ports.map { "http://127.0.0.1:\($0)" }.joined(separator: ",")
            var pairs = try Threads.results(of: 3) { place in
                try RestartablePair(
                    workplaces[place], gateway: ["PEERS": peers, "READY_STATE": "ApplicationReady"],
                    port: ports[place], isReady: false)
            }
            _ = try Ceremony.provisioned(pairs[0].gateway)
            let evidence = try KeyEvidence(pairs[0].gateway)
            for pair in pairs { #expect(try pair.joined() == evidence) }
            // The first as well, which was not given its key by anybody.
            for place in [0, 2, 1] {
                try pairs[place].kill()
                try pairs[place].revive()
                #expect(try pairs[place].joined() == evidence, "instance \(place + 1)")
            }
        }

        /// The calls that a joining instance makes, in their order.
        private static let calls = [
            "/enclave/info", "/enclave/manifest", "/enclave/export-challenge", "/enclave/export-key",
        ]

        @Test("a peer whose connection breaks at every call in turn only takes longer")
        func brokenConnections() throws {
            try Fleet.with(1) { pairs in
                let source = pairs[0].gateway
                _ = try Ceremony.provisioned(source)
                let broken = Mutex<Set<String>>([])
                let peer = try ScriptedPeer { call in
                    let isFirst = broken.withLock { $0.insert(call.target).inserted }
                    return isFirst ? nil : try source.answer(to: call)
                }
                defer { peer.stop() }
                let fresh = try Workplace()
                defer { fresh.close() }
                let joiner = try Joiner.start(fresh, peers: [peer.url])
                #expect(try joiner.joined() == KeyEvidence(source))
                #expect(broken.withLock { $0 } == Set(Self.calls))
            }
        }

        @Test("a peer whose enclave is killed at a call is left for the next one", arguments: calls)
        func killedPeer(call victimCall: String) throws {
            try Fleet.with(2) { pairs in
                let (first, second) = (pairs[0], pairs[1])
                _ = try Ceremony.provisioned(first.gateway)
                var exchange = Exchange(from: first.gateway, to: second.gateway)
                try exchange.run()
                let isKilled = Atomic(false)
                let dying = try ScriptedPeer { call in
                    if call.target == victimCall, !isKilled.load(ordering: .sequentiallyConsistent) {
                        try first.kill()
                        isKilled.store(true, ordering: .sequentiallyConsistent)
                    }
                    return try first.gateway.answer(to: call)
                }
                defer { dying.stop() }
                // Of no use until the other one is gone, so that it is not taken before.
                let other = try ScriptedPeer { call in
                    guard isKilled.load(ordering: .sequentiallyConsistent) else {
                        return HTTPAnswer(status: 503, json: ["reason": "busy"])
                    }
                    return try second.gateway.answer(to: call)
                }
                defer { other.stop() }
                let fresh = try Workplace()
                defer { fresh.close() }
                let joiner = try Joiner.start(fresh, peers: [dying.url, other.url])
                #expect(try joiner.joined() == KeyEvidence(second.gateway))
                #expect(!first.enclave.isRunning)
            }
        }

        /// The enclave that a test is about to kill.
        private enum Victim {
            case unknown
            case alive(ChildProcess)
            case killed
        }

        @Test("an own enclave that is killed at a call joins when it is back", arguments: calls)
        func killedJoiner(call victimCall: String) throws {
            try Fleet.with(1) { pairs in
                let source = pairs[0].gateway
                _ = try Ceremony.provisioned(source)
                let victim = Mutex(Victim.unknown)
                let peer = try ScriptedPeer { call in
                    try victim.withLock { victim in
                        switch victim {
                        case .unknown:
                            return HTTPAnswer(status: 503, json: ["reason": "busy"])
                        case .alive(let enclave) where call.target == victimCall:
                            enclave.signal(SIGKILL)
                            #expect(try enclave.waitForEnd() == .killed(signal: SIGKILL))
                            victim = .killed
                        case .alive, .killed:
                            break
                        }
                        return try source.answer(to: call)
                    }
                }
                defer { peer.stop() }
                let fresh = try Workplace()
                defer { fresh.close() }
                var joiner = try Joiner.start(fresh, peers: [peer.url])
                let enclave = joiner.enclave
                victim.withLock { $0 = .alive(enclave) }
                _ = try enclave.waitForEnd()
                try joiner.revive()
                #expect(try joiner.joined() == KeyEvidence(source))
            }
        }
    }
}
