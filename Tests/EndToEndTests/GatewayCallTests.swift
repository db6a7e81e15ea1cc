// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import ProcessKit
import Protocol
import Synchronization
import Testing

extension TwoProcesses {
    @Suite("the gateway before an enclave that misbehaves")
    struct GatewayCalls {
        /// A gateway before a scripted enclave, once they have greeted.
        private static func with(
            _ settings: [String: String] = [:],
            welcome: Welcome = ScriptedEnclave.usualWelcome,
            answer: @escaping @Sendable (ScriptedEnclave.Call) throws -> Void,
            _ body: (RunningGateway, ScriptedEnclave) throws -> Void
        ) throws {
            try Workplace.with { workplace in
                let enclave = try ScriptedEnclave(path: workplace.socket, welcome: welcome) { call in
                    if case .info = call.operation { return try call.reply(.info(ScriptedEnclave.usualInfo)) }
                    try answer(call)
                }
                defer { enclave.stop() }
                let gateway = try workplace.startGateway(settings)
                if welcome.version != 0 { try gateway.waitUntilReady() }
                try body(gateway, enclave)
            }
        }

        /// A verdict that tells whose it is: as many words as the phrase has bytes.
        private static func verdict(_ call: ScriptedEnclave.Call) -> Reply {
            .verdict(SeedVerdict(wordCount: UInt32(call.secrets.count), language: nil, flaw: .badWordCount))
        }

        private static func phrase(_ count: Int) -> String {
            #"{"seed_phrase":"\#(String(repeating: "a", count: count))"}"#
        }

        @Test("replies in another order than the requests find their callers")
        func outOfOrder() throws {
            let count = 20
            let held = Mutex<[ScriptedEnclave.Call]>([])
            try Self.with { call in
                let all = held.withLock { held in
                    held.append(call)
                    return held.count == count ? held : []
                }
                for call in all.sorted(by: { $0.secrets.count > $1.secrets.count }) {
                    try call.reply(Self.verdict(call))
                }
            } _: { gateway, _ in
                try Threads.run(count) { index in
                    let body = try expectSuccess(gateway.post("/validate-seed", Self.phrase(index + 1)))
                    #expect(body["word_count"]?.int == index + 1)
                }
            }
        }

        @Test("a reply that nobody waits for is passed over")
        func strayReply() throws {
            try Self.with { call in
                for identifier in [UInt64.max, call.head.identifier + 1000] {
                    try call.connection.send(.reply(identifier: identifier, Self.verdict(call)))
                }
                try call.reply(Self.verdict(call))
                try call.reply(.refused(EnclaveError(.internalFailure)))
            } _: { gateway, enclave in
                for count in 1...10 {
                    let body = try expectSuccess(gateway.post("/validate-seed", Self.phrase(count)))
                    #expect(body["word_count"]?.int == count)
                }
                #expect(enclave.cancelledIdentifiers.isEmpty)
            }
        }

        @Test(
            "bytes that are no reply end that connection, its callers get a 503, and the next connection serves",
            arguments: [
                [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 3, 0, 0, 0, 0], [0, 0, 0, 5, 9, 0, 0, 0, 1],
                FrameConnection.frame(plain: []), FrameConnection.frame(plain: [99]),
                FrameConnection.frame(plain: [5, 1, 0, 0, 0, 0, 0, 0, 0, 77]),
                try FrameConnection.bytes(of: .welcome(ScriptedEnclave.usualWelcome)),
                try FrameConnection.bytes(of: .hello(Hello(spoken: Version.spoken))),
                try FrameConnection.bytes(of: .cancel(identifier: 1)),
            ] as [[UInt8]]
        )
        func garbage(bytes: [UInt8]) throws {
            let isSane = Atomic(false)
            try Self.with { call in
                if isSane.load(ordering: .sequentiallyConsistent) { return try call.reply(Self.verdict(call)) }
                try call.connection.send(bytes)
            } _: { gateway, enclave in
                let connectionCount = enclave.connectionCount
                try expectRefusal(gateway.post("/validate-seed", Self.phrase(3)), 503, "enclave_unavailable")
                isSane.store(true, ordering: .sequentiallyConsistent)
                try wait(until: "the gateway has connected again") { enclave.connectionCount > connectionCount }
                try gateway.waitUntilReady()
                try expectSuccess(gateway.post("/validate-seed", Self.phrase(3)))
            }
        }

        @Test("a reply that belongs to another operation is an internal error, and the connection goes on")
        func wrongPairing() throws {
            try Self.with { call in
                if call.secrets.count == 3 { return try call.reply(.info(ScriptedEnclave.usualInfo)) }
                try call.reply(Self.verdict(call))
            } _: { gateway, enclave in
                let connectionCount = enclave.connectionCount
                try expectRefusal(gateway.post("/validate-seed", Self.phrase(3)), 500, "internal")
                try expectRefusal(gateway.post("/generate-seed", "{}"), 500, "internal")
                try expectSuccess(gateway.post("/validate-seed", Self.phrase(4)))
                #expect(enclave.connectionCount == connectionCount)
            }
        }

        @Test(
            "each refusal of the enclave has its status and reason",
            arguments: [
                (EnclaveError(.busy), 503, "busy"), (EnclaveError(.entropyFailed), 503, "entropy_failed"),
                (EnclaveError(.outOfSecureMemory), 503, "out_of_secure_memory"),
                (EnclaveError(.deadlineExceeded), 504, "enclave_timeout"),
                (EnclaveError(.tooLarge), 413, "body_too_large"),
                (EnclaveError(.outOfRange, field: "seed_phrase"), 400, "out_of_range"),
                (EnclaveError(.internalFailure), 500, "internal"),
                (EnclaveError(.unknownOperation), 500, "internal"),
                (EnclaveError(.malformedMessage), 500, "internal"),
                (EnclaveError(wrongState: .unrecoverableError, allowed: [.applicationReady]), 409, "wrong_state"),
            ] as [(EnclaveError, Int, JSON)]
        )
        func refused(error: EnclaveError, status: Int, reason: JSON) throws {
            try Self.with { call in
                try call.reply(.refused(error))
            } _: { gateway, _ in
                let answer = try gateway.post("/generate-seed", "{}")
                let body = try expectRefusal(answer, status, reason)
                #expect(body["field"]?.string == error.field)
                #expect(body["state"]?.string == error.state?.rawValue)
                #expect(
                    (answer[header: "retry-after"] != nil) == (reason == "busy" || reason == "out_of_secure_memory"))
            }
        }

        @Test("an enclave of other versions is not spoken to, and the log names its versions")
        func versions() throws {
            let welcome = Welcome(version: nil, spoken: 7...9, product: "9.9.9", frameLimit: 1024)
            try Self.with(welcome: welcome) { call in
                Issue.record("a request was sent to an enclave of other versions")
                try call.reply(Self.verdict(call))
            } _: { gateway, _ in
                try wait(until: "the log names the versions", found: { gateway.process.log }) {
                    gateway.process.log.contains("no protocol version in common: the enclave speaks 7 to 9")
                }
                try expectRefusal(gateway.post("/generate-seed", "{}"), 503, "enclave_unavailable")
                #expect(try gateway.get("/health").status == 503)
            }
        }

        @Test("a request that is too large for this enclave is refused without being sent")
        func frameLimit() throws {
            let welcome = Welcome(version: 1, spoken: Version.spoken, product: Version.product, frameLimit: 300)
            try Self.with(welcome: welcome) { call in
                try call.reply(Self.verdict(call))
            } _: { gateway, _ in
                try expectRefusal(gateway.post("/validate-seed", Self.phrase(400)), 413, "body_too_large")
                try expectSuccess(gateway.post("/validate-seed", Self.phrase(40)))
            }
        }

        @Test("a reply that never comes is a 504, the enclave is told, and a late one disturbs nobody")
        func neverAnswered() throws {
            let held = Mutex<[ScriptedEnclave.Call]>([])
            try Self.with(["ENCLAVE_TIMEOUT_MS": "300"]) { call in
                if call.secrets.count == 3 { return held.withLock { $0.append(call) } }
                try call.reply(Self.verdict(call))
            } _: { gateway, enclave in
                try expectRefusal(gateway.post("/validate-seed", Self.phrase(3)), 504, "enclave_timeout")
                let late = try #require(held.withLock { $0.first })
                #expect((1...300).contains(late.head.deadlineMilliseconds))
                try wait(until: "the request is cancelled at the enclave") {
                    enclave.cancelledIdentifiers == [late.head.identifier]
                }
                try late.reply(Self.verdict(late))
                for count in 10...20 {
                    let body = try expectSuccess(gateway.post("/validate-seed", Self.phrase(count)))
                    #expect(body["word_count"]?.int == count)
                }
            }
        }

        @Test("a caller who leaves takes costly work back")
        func callerLeft() throws {
            let held = Mutex<[ScriptedEnclave.Call]>([])
            // Times that would cancel it too must not be what is seen here.
            try Self.with(["ENCLAVE_TIMEOUT_MS": "600000", "REQUEST_TIMEOUT_MS": "600000"]) { call in
                held.withLock { $0.append(call) }
            } _: { gateway, enclave in
                let connection = try gateway.connect()
                try connection.send(HTTPCall.post("/generate-seed", #"{"passphrase":"p"}"#))
                try wait(until: "the request is at the enclave") { held.withLock { $0.count == 1 } }
                connection.reset()
                let identifier = try #require(held.withLock { $0.first }).head.identifier
                try wait(until: "the request is cancelled") { enclave.cancelledIdentifiers == [identifier] }
            }
        }

        @Test("a body that comes too slowly is a 504, and the connection ends")
        func slowBody() throws {
            try Self.with(["REQUEST_TIMEOUT_MS": "300"]) {
                try $0.reply(Self.verdict($0))
            } _: { gateway, _ in
                let connection = try gateway.connect()
                try connection.send(
                    "POST /validate-seed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{\"seed_phrase\":")
                let answer = try connection.answer()
                try expectRefusal(answer, 504, "request_timeout")
                #expect(answer[header: "connection"] == "close")
                #expect(try connection.receiveUntilClosed().isEmpty)
            }
        }

        @Test("a request that an enclave holds beyond the time of a whole request is a 504")
        func slowEnclave() throws {
            try Self.with(["REQUEST_TIMEOUT_MS": "300"]) { _ in
            } _: { gateway, _ in
                try expectRefusal(gateway.post("/validate-seed", Self.phrase(3)), 504, "request_timeout")
            }
        }

        @Test("an enclave in the unrecoverable state is connected and unhealthy, and still tells of itself")
        func unrecoverable() throws {
            let info = EnclaveInfo(
                version: Version.product,
                enclaveIdentifier: [UInt8](0..<16),
                capabilities: [],
                phase: .unrecoverableError,
                history: [
                    .init(phase: .waitingForBootInstruction, enteredAt: 0),
                    .init(phase: .unrecoverableError, enteredAt: 951_782_400_123),
                ],
                mode: .production,
                attestation: .nitro,
                attestationRoot: [UInt8](repeating: 1, count: 32),
                applicationHash: [UInt8](repeating: 255, count: 32),
                quorum: nil,
                sandbox: .init(seccomp: true, landlockABI: 4)
            )
            try Workplace.with { workplace in
                let enclave = try ScriptedEnclave(path: workplace.socket) { try $0.reply(.info(info)) }
                defer { enclave.stop() }
                let gateway = try workplace.startGateway()
                try wait(until: "the enclave is connected") {
                    try gateway.get("/health").json()["enclave"] == "connected"
                }
                let health = try gateway.get("/health")
                #expect(health.status == 503)
                #expect(try health.json()["status"] == "unhealthy")
                #expect(try gateway.get("/readyz").status == 503)
                #expect(try expectSuccess(gateway.get("/info"))["healthy"] == false)
                let body = try expectSuccess(gateway.get("/enclave/info"))
                #expect(body["healthy"] == false)
                #expect(body["state"] == "UnrecoverableError")
                #expect(body["enclave_id"] == "000102030405060708090a0b0c0d0e0f")
                #expect(body["mode"] == "production")
                #expect(body["attestation"] == "nitro")
                #expect(body["sandbox"]?["landlock_abi"] == 4)
                // 951782400 is 29 February 2000.
                let entered = body["state_history"]?.array?.map { $0["entered_at"]?.string }
                #expect(entered == ["1970-01-01T00:00:00.000Z", "2000-02-29T00:00:00.123Z"])
            }
        }
    }
}
