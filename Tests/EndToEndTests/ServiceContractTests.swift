// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

extension TwoProcesses {
    @Suite("the service calls", .runningPair())
    struct ServiceContract {
        private let gateway: RunningGateway

        init() throws { gateway = try Pair.shared.gateway }

        @Test("health says that both processes are well")
        func health() throws {
            let answer = try gateway.get("/health")
            let body = try expectSuccess(answer)
            #expect(body["status"] == "healthy")
            #expect(body["enclave"] == "connected")
            #expect(body["version"]?.string?.isEmpty == false)
            #expect((body["uptime_seconds"]?.int ?? -1) >= 0)
            #expect(answer.memberOrder == ["status", "enclave", "version", "uptime_seconds"])
        }

        @Test("livez and readyz are 200", arguments: ["/livez", "/readyz", "/readyz?verbose", "/readyz?verbose=1"])
        func watched(target: String) throws {
            try expectSuccess(gateway.get(target))
        }

        @Test("readyz lists each check where it is asked to")
        func verbose() throws {
            let body = try expectSuccess(gateway.get("/readyz?verbose"))
            let checks = try #require(body["checks"]?.array)
            #expect(checks.compactMap { $0["name"]?.string } == ["enclave", "state"])
            #expect(checks.allSatisfy { $0["ok"] == true })
            #expect(try expectSuccess(gateway.get("/readyz"))["checks"] == nil)
        }

        @Test("info names the service and its enclave")
        func info() throws {
            let body = try expectSuccess(gateway.get("/info"))
            #expect(body["service"] == "QEMU Host API Gateway")
            #expect(body["healthy"] == true)
            #expect(body["network_status"] == "disconnected")
            #expect(
                body["capabilities"] == [
                    "seed_generation", "seed_validation", "genesis_boot", "share_injection", "attestation",
                    "manifest_sharing", "key_export", "key_injection",
                ])
            let enclave = try expectSuccess(gateway.get("/enclave/info"))
            #expect(body["enclave_id"] == enclave["enclave_id"])
            #expect(body["enclave_id"]?.string?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        }

        @Test("enclave info tells the state, the mode and the measurement")
        func enclaveInfo() throws {
            let body = try expectSuccess(gateway.get("/enclave/info"))
            #expect(body["healthy"] == true)
            #expect(body["state"] == "WaitingForBootInstruction")
            #expect(body["mode"] == "development")
            #expect(body["attestation"] == "emulated")
            #expect(body["application_hash"]?.array?.count == 32)
            #expect(body["application_hash"]?.array?.allSatisfy { (0...255).contains($0.int ?? -1) } == true)
            #expect(body["sandbox"]?.names.contains("seccomp") == true)
            let history = try #require(body["state_history"]?.array)
            #expect(history.count == 1)
            #expect(history[0]["state"] == "WaitingForBootInstruction")
            let entered = try #require(history[0]["entered_at"]?.string)
            #expect(entered.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil)
            for absent in ["namespace", "manifest_hash", "quorum_public_key", "key_check", "threshold"] {
                #expect(body[absent] == nil)
            }
        }

        @Test(
            "HEAD answers as GET does, without the body",
            arguments: ["/health", "/livez", "/readyz", "/info", "/enclave/info"]
        )
        func head(target: String) throws {
            let connection = try gateway.connect()
            let answer = try connection.answer(to: HTTPCall("HEAD", target))
            #expect(answer.status == 200)
            expectConventions(answer)
            #expect(Int(answer[header: "content-length"] ?? "") ?? 0 > 0)
            // Had there been a body, it would stand before the next answer.
            #expect(try connection.answer(to: .get("/livez")).status == 200)
        }

        @Test(
            "an unknown path is 404", arguments: ["/", "/nope", "/generate-seed/", "/HEALTH", "/health/x", "//health"])
        func unknownPath(target: String) throws {
            try expectRefusal(gateway.get(target), 404, "not_found")
            try expectRefusal(gateway.post(target, "{}"), 404, "not_found")
        }

        @Test(
            "a known path with another method is 405 with the right call and the state",
            arguments: [
                ("GET", "/generate-seed", "POST"), ("PUT", "/generate-seed", "POST"),
                ("DELETE", "/validate-seed", "POST"), ("HEAD", "/validate-seed", "POST"),
                ("POST", "/health", "GET, HEAD"), ("DELETE", "/enclave/info", "GET, HEAD"),
                ("OPTIONS", "/metrics", "GET, HEAD"), ("PATCH", "/readyz", "GET, HEAD"),
            ]
        )
        func wrongMethod(method: String, target: String, allowed: String) throws {
            let connection = try gateway.connect()
            let answer = try connection.answer(to: HTTPCall(method, target))
            #expect(answer.status == 405)
            #expect(answer[header: "allow"] == allowed)
            expectConventions(answer)
            guard method != "HEAD" else { return }
            let body = try expectRefusal(answer, 405, "method_not_allowed")
            #expect(body["state"] == "WaitingForBootInstruction")
            #expect(body["error"]?.string?.contains("curl") == true)
            #expect(body["error"]?.string?.contains(target) == true)
        }

        @Test("a problem document has the facts of the plain error")
        func problem() throws {
            let accept = [("Accept", "application/problem+json")]
            let answer = try gateway.post("/generate-seed", #"{"strength":100}"#, headers: accept)
            #expect(answer.status == 400)
            #expect(answer[header: "content-type"] == "application/problem+json")
            expectConventions(answer)
            let body = try answer.json()
            #expect(body["status"] == 400)
            #expect(body["reason"] == "out_of_range")
            #expect(body["field"] == "strength")
            #expect(body["request_id"]?.string == answer[header: "x-request-id"])
            for name in ["type", "title", "detail"] { #expect(body[name]?.string?.isEmpty == false) }
        }
    }

    @Suite("readiness")
    struct ReadinessContract {
        @Test(
            "a gateway that waits for another state or a key is alive, well and not ready",
            arguments: [
                (["READY_STATE": "ApplicationReady"], "state"),
                (["EXPECTED_QUORUM_KEY": String(repeating: "ab", count: 32)], "quorum_key"),
            ]
        )
        func notReady(settings: [String: String], failing: String) throws {
            try Workplace.with { workplace in
                _ = try workplace.startEnclave()
                let gateway = try workplace.startGateway(settings)
                try wait(until: "/health answers 200") { try gateway.get("/health").status == 200 }
                let answer = try gateway.get("/readyz?verbose")
                #expect(answer.status == 503)
                expectConventions(answer)
                let checks = try #require(try answer.json()["checks"]?.array)
                let failed = checks.filter { $0["ok"] == false }.compactMap { $0["name"]?.string }
                #expect(failed == [failing])
                #expect(try gateway.get("/livez").status == 200)
            }
        }
    }
}
