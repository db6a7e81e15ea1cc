// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Synchronization
import Testing

extension TwoProcesses {
    @Suite("load")
    struct Load {
        private static let strengths = [128, 160, 192, 224, 256]

        @Test("ten thousand requests at sixty-four in flight each get their own answer")
        func tenThousand() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let clients = 64
                let total = 10_000
                let entropies = Mutex<Set<String>>([])
                let made = Atomic(0)
                try Threads.run(clients) { client in
                    var caller = Caller(connection: try gateway.connect(), client: client)
                    for turn in stride(from: client, to: total, by: clients) {
                        let entropy = try caller.turn(turn / clients, strength: Self.strengths[turn % 5])
                        guard let entropy else { continue }
                        made.add(1, ordering: .relaxed)
                        _ = entropies.withLock { $0.insert(entropy) }
                    }
                }
                #expect(made.load(ordering: .relaxed) >= total / 2)
                #expect(entropies.withLock { $0.count } == made.load(ordering: .relaxed))
                try expectSuccess(gateway.get("/health"))
            }
        }

        /// One client: makes a phrase and has it judged, by turns.
        private struct Caller {
            let connection: HTTPConnection
            let client: Int
            var phrase = ""
            var made = 0

            /// - Returns: the entropy of a phrase that was made.
            mutating func turn(_ number: Int, strength: Int) throws -> String? {
                let identifier = "client-\(client)-turn-\(number)"
                let headers = [("X-Request-Id", identifier)]
                let isMaking = number.isMultiple(of: 2)
                let answer = try connection.answer(
                    to: isMaking
                        ? .post("/generate-seed", #"{"strength":\#(strength)}"#, headers: headers)
                        : .post("/validate-seed", #"{"seed_phrase":"\#(phrase)"}"#, headers: headers))
                let body = try expectSuccess(answer)
                #expect(answer[header: "x-request-id"] == identifier)
                if isMaking {
                    phrase = try #require(body["seed_phrase"]?.string)
                    made = strength
                    #expect(phrase.split(separator: " ").count == strength * 3 / 32)
                    #expect(body["entropy"]?.string?.count == strength / 4)
                    return body["entropy"]?.string
                }
                #expect(body["valid"] == true)
                #expect(body["strength"]?.int == made)
                return nil
            }
        }

        @Test("costly requests and cheap ones side by side are all answered")
        func costlyAndCheap() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let answered = Mutex<[Int]>([0, 0])
                try Threads.run(24) { client in
                    let connection = try gateway.connect()
                    let isCostly = client < 16
                    for _ in 0..<(isCostly ? 10 : 50) {
                        let body = isCostly ? #"{"passphrase":"client \#(client)"}"# : "{}"
                        let answer = try expectSuccess(connection.answer(to: .post("/generate-seed", body)))
                        #expect((answer["seed"] != nil) == isCostly)
                        answered.withLock { $0[isCostly ? 0 : 1] += 1 }
                    }
                }
                #expect(answered.withLock { $0 } == [160, 400])
            }
        }

        @Test("more costly requests than the enclave takes on are served or told to come again")
        func tooManyCostly() throws {
            try Workplace.with { workplace in
                let gateway = try workplace.startBoth()
                let served = Atomic(0)
                let refused = Atomic(0)
                try Threads.run(4) { _ in
                    let connections = try (0..<100).map { _ in try gateway.connect() }
                    for connection in connections {
                        try connection.send(HTTPCall.post("/generate-seed", #"{"passphrase":"p"}"#))
                    }
                    for connection in connections {
                        let answer = try connection.answer()
                        if answer.status == 200 {
                            served.add(1, ordering: .relaxed)
                        } else {
                            try expectRefusal(answer, 503, "busy")
                            #expect(answer[header: "retry-after"] != nil)
                            refused.add(1, ordering: .relaxed)
                        }
                    }
                }
                #expect(served.load(ordering: .relaxed) + refused.load(ordering: .relaxed) == 400)
                #expect(served.load(ordering: .relaxed) >= 256)
                try expectSuccess(gateway.post("/generate-seed", #"{"passphrase":"p"}"#))
            }
        }
    }
}
