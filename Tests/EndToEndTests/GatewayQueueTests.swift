// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc
import ProcessKit
import Protocol
import Synchronization
import Testing

extension TwoProcesses {
    @Suite("the gateway's queue and its end")
    struct GatewayLoad {
        /// Phrases of three bytes are held until they are let go, everything else is answered.
        private final class Gate: Sendable {
            private let held = Mutex<[ScriptedEnclave.Call]>([])

            var count: Int { held.withLock { $0.count } }

            func take(_ call: ScriptedEnclave.Call) throws {
                if case .info = call.operation { return try call.reply(.info(ScriptedEnclave.usualInfo)) }
                if call.secrets.count == 3 { return held.withLock { $0.append(call) } }
                try answer(call)
            }

            func open() throws {
                let calls = held.withLock { held in
                    defer { held = [] }
                    return held
                }
                for call in calls { try answer(call) }
            }

            private func answer(_ call: ScriptedEnclave.Call) throws {
                let verdict = SeedVerdict(
                    wordCount: UInt32(call.secrets.count), language: nil, flaw: .badWordCount)
                try call.reply(.verdict(verdict))
            }
        }

        private static let heldCall = HTTPCall.post("/validate-seed", #"{"seed_phrase":"aaa"}"#)
        private static let freeCall = HTTPCall.post("/validate-seed", #"{"seed_phrase":"bbbb"}"#)

        private static func with(
            _ settings: [String: String] = [:],
            _ body: (RunningGateway, Gate) throws -> Void
        ) throws {
            try Workplace.with { workplace in
                let gate = Gate()
                let enclave = try ScriptedEnclave(path: workplace.socket) { try gate.take($0) }
                defer { enclave.stop() }
                let gateway = try workplace.startGateway(settings)
                try gateway.waitUntilReady()
                try body(gateway, gate)
            }
        }

        @Test("beyond the requests in flight and the queue, a caller is told to come again")
        func busy() throws {
            try Self.with(["MAX_IN_FLIGHT": "1", "QUEUE_LENGTH": "0"]) { gateway, gate in
                let first = try gateway.connect()
                try first.send(Self.heldCall)
                try wait(until: "the first is at the enclave") { gate.count == 1 }
                let answer = try gateway.answer(to: Self.freeCall)
                try expectRefusal(answer, 503, "busy")
                #expect(Int(answer[header: "retry-after"] ?? "") ?? 0 > 0)
                // Those who watch the service do not queue, and neither do requests that never reach the enclave.
                try expectSuccess(gateway.get("/health"))
                try expectSuccess(gateway.get("/readyz"))
                try expectRefusal(gateway.get("/nope"), 404, "not_found")
                try gate.open()
                #expect(try expectSuccess(first.answer())["word_count"] == 3)
                try expectSuccess(gateway.answer(to: Self.freeCall))
            }
        }

        @Test("a caller who leaves gives its place back")
        func placeGivenBack() throws {
            try Self.with(["MAX_IN_FLIGHT": "1", "QUEUE_LENGTH": "0"]) { gateway, gate in
                let first = try gateway.connect()
                try first.send(Self.heldCall)
                try wait(until: "the first is at the enclave") { gate.count == 1 }
                try expectRefusal(gateway.answer(to: Self.freeCall), 503, "busy")
                first.reset()
                try wait(until: "the place is free") { try gateway.answer(to: Self.freeCall).status == 200 }
            }
        }

        @Test("of two callers and one place in the queue, one waits for its turn and the other is told at once")
        func queued() throws {
            try Self.with(["MAX_IN_FLIGHT": "1", "QUEUE_LENGTH": "1"]) { gateway, gate in
                let first = try gateway.connect()
                try first.send(Self.heldCall)
                try wait(until: "the first is at the enclave") { gate.count == 1 }
                let statuses = Mutex<[Int]>([])
                let callers = Threads.start(2) { _ in
                    let answer = try gateway.answer(to: Self.freeCall)
                    if answer.status == 200 {
                        #expect(try expectSuccess(answer)["word_count"] == 4)
                    } else {
                        try expectRefusal(answer, 503, "busy")
                    }
                    statuses.withLock { $0.append(answer.status) }
                }
                try wait(until: "one is told to come again") { statuses.withLock { $0 == [503] } }
                try gate.open()
                #expect(try expectSuccess(first.answer())["word_count"] == 3)
                try callers.join()
                #expect(statuses.withLock { $0 } == [503, 200])
            }
        }

        @Test(
            "told to stop, it answers what is in flight, closes what is idle, and ends well",
            arguments: [SIGTERM, SIGINT]
        )
        func stopped(signal: Int32) throws {
            try Self.with { gateway, gate in
                let idle = try (0..<5).map { _ in
                    let connection = try gateway.connect()
                    try expectSuccess(connection.answer(to: .get("/livez")))
                    return connection
                }
                let silent = try gateway.connect()
                let busy = try (0..<3).map { _ in
                    let connection = try gateway.connect()
                    try connection.send(Self.heldCall)
                    return connection
                }
                try wait(until: "three are at the enclave") { gate.count == 3 }
                gateway.process.signal(signal)
                for connection in idle + [silent] { #expect(try connection.receiveUntilClosed().isEmpty) }
                #expect(gateway.process.isRunning)
                try gate.open()
                for connection in busy {
                    #expect(try expectSuccess(connection.answer())["word_count"] == 3)
                    connection.close()
                }
                #expect(try gateway.process.waitForEnd() == .exited(0))
            }
        }
    }
}
