// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol

// What most routes to the enclave have in common.

extension Route {
    /// A call with a JSON body that waits for its turn at the enclave.
    ///
    /// - Parameter data: what the example sends; nil for a call that needs no body.
    static func post(
        _ path: String,
        body: Body = .required,
        data: String?,
        _ begin: @escaping @Sendable (Call) throws -> Step
    ) -> Route {
        let sending = data.map { " -H 'Content-Type: application/json' -d \($0)" } ?? ""
        return Route(
            method: .post,
            path: path,
            body: body,
            isAdmitted: true,
            example: "curl -X POST URL\(path)\(sending)",
            begin: begin
        )
    }
}

extension Step {
    /// Calls the enclave; a reply of which no answer can be made does not belong to the call.
    static func ask(
        _ operation: Operation,
        secrets: [RedactedText] = [],
        within timeout: TimeAmount,
        _ answer: @escaping @Sendable (Reply) throws -> Answer?
    ) -> Step {
        .call(
            EnclaveCall(operation: operation, secrets: secrets, timeout: timeout) { outcome in
                guard let answer = try answer(outcome.get().reply) else { throw EnclaveCallError.wrongAnswer }
                return answer
            }
        )
    }
}
