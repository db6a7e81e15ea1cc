// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import NIOCore
import Protocol

/// A call to the enclave as a value: what to send, how long to wait, and what to make of the outcome.
struct EnclaveCall: Sendable {
    let operation: Operation
    /// The bytes of the operation's secret fields, in their order.
    var secrets: [RedactedText] = []
    let timeout: TimeAmount
    /// Turns the outcome into an answer, or throws what becomes a refusal.
    let answer: @Sendable (Outcome) throws -> Answer

    /// What came of it.
    typealias Outcome = Result<EnclaveAnswer, any Error>
}

extension EnclaveCall {
    /// A call that the gateway makes for itself: no client gets an answer.
    init(_ operation: Operation, timeout: TimeAmount) {
        self.init(operation: operation, timeout: timeout) { _ in throw EnclaveCallError.wrongAnswer }
    }
}
