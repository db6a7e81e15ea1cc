// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("mutated requests")
    struct MutatedRequests {
        /// Sends mutations of a body and expects of each a success, after which `succeeded` may see to the state, or a
        /// refusal of the closed list that changed nothing.
        static func send(
            _ body: JSON,
            to target: String,
            _ gateway: RunningGateway,
            count: Int,
            seed: UInt64,
            succeeded: () throws -> Void = {}
        ) throws {
            var mutations = Mutations(of: body, seed: seed)
            var before = try gateway.get("/enclave/info").json()
            var refusals: Set<String> = []
            for number in 0..<count {
                let bytes = mutations.next()
                let call = HTTPCall(
                    "POST", target, headers: [("Content-Type", "application/json")], body: bytes)
                let answer = try gateway.answer(to: call)
                if answer.status == 200 {
                    try expectSuccess(answer)
                    try succeeded()
                    before = try gateway.get("/enclave/info").json()
                } else {
                    refusals.insert(try expectListedRefusal(answer))
                    let after = try gateway.get("/enclave/info").json()
                    #expect(after == before, "mutation \(number) of \(seed): \(String(decoding: bytes, as: UTF8.self))")
                }
            }
            #expect(refusals.count >= 5, "the mutations met \(refusals) only")
        }

        @Test("of a genesis are answered from the closed list, and only a success changes the state")
        func genesis() throws {
            try Workplace.with { workplace in
                var pair = try RestartablePair(workplace)
                let order = GenesisOrder(2, of: try Member.group(of: 3))
                for (seed, body) in [order.flat, order.envelope].enumerated() {
                    // Nothing is alive by chance: only a success ends this enclave, by the test's own hand.
                    try Self.send(body, to: "/enclave/genesis-boot", pair.gateway, count: 150, seed: UInt64(seed)) {
                        #expect(pair.enclave.isRunning)
                        try pair.restart()
                    }
                }
                #expect(pair.enclave.isRunning && pair.gateway.process.isRunning)
                try Ceremony.begin(pair.gateway, 2, of: 3).provision()
            }
        }

        @Test(
            "of shares are answered from the closed list, and only a success changes the state",
            arguments: [false, true])
        func shares(areSealed: Bool) throws {
            try Workplace.with { workplace in
                let enclave = try workplace.startEnclave()
                let gateway = try workplace.startGateway()
                try gateway.waitUntilReady()
                let ceremony = try Ceremony.begin(gateway, 3, of: 3)
                let shares = try (0..<2).map { areSealed ? try ceremony.sealed($0) : try ceremony.plain($0) }
                try Self.send(
                    ceremony.body(shares), to: "/enclave/inject-shares", gateway, count: 150, seed: areSealed ? 3 : 4)
                #expect(enclave.isRunning && gateway.process.isRunning)
                try ceremony.provision()
            }
        }

        @Test("of a boot are answered from the closed list, and only a success changes the state")
        func boot() throws {
            try Workplace.with { workplace in
                let enclave = try workplace.startEnclave()
                let gateway = try workplace.startGateway()
                try gateway.waitUntilReady()
                let ceremony = try Ceremony.begin(gateway, 2, of: 3)
                let body = try ceremony.bootBody(approvedBy: [0, 1])
                try Self.send(body, to: "/enclave/boot-standard", gateway, count: 300, seed: 5)
                #expect(enclave.isRunning && gateway.process.isRunning)
                _ = try expectSuccess(gateway.post("/enclave/boot-standard", body.text))
                try ceremony.provision()
            }
        }
    }
}
