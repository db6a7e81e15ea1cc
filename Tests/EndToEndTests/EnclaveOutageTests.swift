// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import ProcessKit
import Synchronization
import Testing

extension TwoProcesses {
    @Suite("an enclave that is not there")
    struct EnclaveOutage {
        /// The bound within which the gateway notices that the enclave is back, or gone.
        private static let allowance = 5

        private static func expectUnavailable(_ gateway: RunningGateway) throws {
            try expectRefusal(gateway.post("/generate-seed", "{}"), 503, "enclave_unavailable")
            try expectRefusal(gateway.get("/enclave/info"), 503, "enclave_unavailable")
            let health = try gateway.get("/health")
            #expect(health.status == 503)
            #expect(try health.json()["status"] == "unhealthy")
            #expect(try health.json()["enclave"] == "unreachable")
            #expect(try gateway.get("/readyz").status == 503)
            let info = try expectSuccess(gateway.get("/info"))
            #expect(info["enclave_id"] == "unavailable")
            #expect(info["healthy"] == false)
            try expectSuccess(gateway.get("/livez"))
            #expect(try gateway.get("/metrics").status == 200)
        }

        @Test("a gateway that started first says so at once, and is ready soon after the enclave is")
        func startedLater() throws {
            try Workplace.with { workplace in
                // The client waits half a minute at most: a gateway that waited for the enclave would not be in time.
                let gateway = try workplace.startGateway(
                    ["ENCLAVE_TIMEOUT_MS": "600000", "REQUEST_TIMEOUT_MS": "600000"])
                try Self.expectUnavailable(gateway)
                _ = try workplace.startEnclave()
                try gateway.waitUntilReady(within: Self.allowance)
                try expectSuccess(gateway.post("/generate-seed", "{}"))
                #expect(gateway.process.isRunning)
            }
        }

        @Test("a wrong method is still told while the enclave is away, without a state")
        func wrongMethod() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startGateway()
                let body = try expectRefusal(gateway.get("/generate-seed"), 405, "method_not_allowed")
                #expect(body["state"] == nil)
            }
        }

        @Test("killed under load, it costs its callers a 503 and nothing else, and its successor serves")
        func killed() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startGateway()
                for round in 0..<2 {
                    let enclave = try workplace.startEnclave(log: "enclave-\(round).log")
                    try gateway.waitUntilReady(within: Self.allowance)
                    let isOver = Atomic(false)
                    let served = Atomic(0)
                    let unavailable = Atomic(0)
                    let clients = Threads.start(8) { index in
                        let connection = try gateway.connect()
                        while !isOver.load(ordering: .relaxed) {
                            let body = index < 2 ? #"{"passphrase":"costly"}"# : "{}"
                            let answer = try connection.answer(to: .post("/generate-seed", body))
                            if answer.status == 200 {
                                served.add(1, ordering: .relaxed)
                            } else {
                                try expectRefusal(answer, 503, "enclave_unavailable")
                                unavailable.add(1, ordering: .relaxed)
                            }
                        }
                    }
                    try wait(until: "requests are served") { served.load(ordering: .relaxed) > 100 }
                    enclave.signal(SIGKILL)
                    #expect(try enclave.waitForEnd() == .killed(signal: SIGKILL))
                    try wait(until: "requests are refused") { unavailable.load(ordering: .relaxed) > 8 }
                    isOver.store(true, ordering: .relaxed)
                    try clients.join()
                    try Self.expectUnavailable(gateway)
                }
                _ = try workplace.startEnclave()
                try gateway.waitUntilReady(within: Self.allowance)
                try expectSuccess(gateway.post("/generate-seed", "{}"))
                #expect(gateway.process.isRunning)
            }
        }

        @Test("stopped, it is told from one that is well, its calls end in time, and continued it is well again")
        func hung() throws {
            try Workplace.with { workplace in
                let enclave = try workplace.startEnclave()
                let gateway = try workplace.startGateway(["ENCLAVE_TIMEOUT_MS": "500"])
                try gateway.waitUntilReady()
                enclave.signal(SIGSTOP)
                try wait(until: "/health answers 503", within: Self.allowance) {
                    try gateway.get("/health").status == 503
                }
                try expectRefusal(gateway.post("/generate-seed", "{}"), 504, "enclave_timeout")
                try expectRefusal(gateway.post("/generate-seed", #"{"passphrase":"p"}"#), 504, "enclave_timeout")
                try expectRefusal(gateway.post("/validate-seed", #"{"seed_phrase":"a"}"#), 504, "enclave_timeout")
                try expectRefusal(gateway.get("/enclave/info"), 504, "enclave_timeout")
                #expect(try gateway.get("/readyz").status == 503)
                try expectSuccess(gateway.get("/livez"))
                enclave.signal(SIGCONT)
                try gateway.waitUntilReady(within: Self.allowance)
                try expectSuccess(gateway.post("/generate-seed", "{}"))
                try expectSuccess(gateway.get("/enclave/info"))
            }
        }

        @Test("replaced on the same path, the new one answers")
        func replaced() throws {
            try Workplace.with { workplace in
                let first = try workplace.startEnclave(log: "first.log")
                let gateway = try workplace.startGateway()
                try gateway.waitUntilReady()
                let before = try gateway.get("/enclave/info").json()
                first.signal(SIGTERM)
                #expect(try first.waitForEnd() == .exited(0))
                _ = try workplace.startEnclave(log: "second.log")
                try wait(until: "another enclave answers", within: Self.allowance) {
                    let answer = try gateway.get("/enclave/info")
                    return try answer.status == 200 && answer.json()["enclave_id"] != before["enclave_id"]
                }
                #expect(try gateway.get("/enclave/info").json()["application_hash"] == before["application_hash"])
                try wait(until: "the log tells of it", found: { gateway.process.log }) {
                    gateway.process.log.contains("the connection to the enclave was lost")
                }
            }
        }

        @Test("under another uid than the gateway expects, it is not spoken to, and the log says why")
        func foreignEnclave() throws {
            try Workplace.with { workplace in
                _ = try workplace.startEnclave()
                let gateway = try workplace.startGateway(["ENCLAVE_UID": "12345"])
                let reason = "the process that listens belongs to uid \(geteuid()), not 12345: see ENCLAVE_UID"
                try wait(until: "the log says why", found: { gateway.process.log }) {
                    gateway.process.log.contains(reason)
                }
                try Self.expectUnavailable(gateway)
            }
        }
    }
}
