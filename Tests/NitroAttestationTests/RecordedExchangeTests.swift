// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Attestation
import Synchronization
import Testing

@testable import NitroAttestation

@Suite("recorded exchanges with a Nitro Security Module")
struct RecordedExchangeTests {
    /// Answers what was recorded for the one request it knows.
    private final class Recording: NSMDevice {
        private let exchange: RecordedExchange

        init(_ exchange: RecordedExchange) {
            self.exchange = exchange
        }

        func exchange(_ request: [UInt8]) throws(SecurityModuleError) -> [UInt8] {
            guard request == RecordedExchange.bytes(exchange.requestHexadecimal) else { throw .absent }
            return RecordedExchange.bytes(exchange.answerHexadecimal)
        }
    }

    @Test("a request is written byte for byte as recorded", arguments: RecordedExchange.all)
    func request(exchange: RecordedExchange) throws {
        #expect(exchange.request.encoded == RecordedExchange.bytes(exchange.requestHexadecimal))
        #expect(try NSMRequest(parsing: exchange.request.encoded) == exchange.request)
    }

    @Test("an answer is read as recorded", arguments: RecordedExchange.all)
    func answer(exchange: RecordedExchange) throws {
        #expect(try NSMAnswer(parsing: RecordedExchange.bytes(exchange.answerHexadecimal)) == exchange.answer)
    }

    @Test("an answer to something else is not taken", arguments: RecordedExchange.all)
    func otherAnswer(exchange: RecordedExchange) {
        let client = NSMClient(device: Recording(exchange))
        let outcomes: [(NSMRequest, SecurityModuleError?)] = [
            (.describeModule, outcome { () throws(SecurityModuleError) in _ = try client.describe() }),
            (.describeRegister(3), outcome { () throws(SecurityModuleError) in _ = try client.register(3) }),
            (.random, outcome { () throws(SecurityModuleError) in _ = try client.random() }),
        ]
        for (request, error) in outcomes {
            #expect(error == (request == exchange.request ? nil : .absent))
        }
    }

    private func outcome(_ body: () throws(SecurityModuleError) -> Void) -> SecurityModuleError? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
