// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("readiness through a ceremony")
    struct CeremonyReadiness {
        @Test("a gateway that waits for the key is ready once it is held, and one that waits for another never")
        func readiness() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let waiting = try workplace.startGateway(["READY_STATE": "ApplicationReady"], log: "waiting.log")
                #expect(try waiting.get("/readyz").status == 503)
                let ceremony = try Ceremony.begin(waiting, 2, of: 3)
                let fingerprint = try #require(gateway.get("/enclave/info").json()["quorum_key_fingerprint"]?.string)
                let own = try workplace.startGateway(["EXPECTED_QUORUM_KEY": fingerprint], log: "own.log")
                let foreign = try workplace.startGateway(
                    ["EXPECTED_QUORUM_KEY": String(repeating: "ab", count: 32)], log: "foreign.log")
                // That the enclave has a manifest with the key does not say that it holds the key.
                try wait(until: "they see the enclave") {
                    try own.get("/health").status == 200 && foreign.get("/health").status == 200
                }
                try Self.expect(waiting, failing: ["state"])
                try Self.expect(own, failing: ["quorum_key"])
                _ = try expectSuccess(ceremony.inject([try ceremony.plain(0)]))
                try Self.expect(waiting, failing: ["state"])
                try Self.expect(own, failing: ["quorum_key"])
                _ = try expectSuccess(ceremony.inject([try ceremony.plain(1)]))
                try Self.expect(waiting, failing: [])
                try Self.expect(own, failing: [])
                try Self.expect(foreign, failing: ["quorum_key"])
            }
        }

        private static func expect(_ gateway: RunningGateway, failing: [JSON]) throws {
            let answer = try gateway.get("/readyz?verbose")
            #expect(answer.status == (failing.isEmpty ? 200 : 503))
            let body = try answer.json()
            #expect(body["ready"] == .bool(failing.isEmpty))
            #expect(body["checks"]?.array?.filter { $0["ok"] == false }.compactMap { $0["name"] } == failing)
        }
    }
}
