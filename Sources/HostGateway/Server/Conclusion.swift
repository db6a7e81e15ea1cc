// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import Logging

/// How an exchange ends: the answer, the headers that only refusals have, and what is counted and logged of it.
struct Conclusion {
    let answer: Answer
    private let refusal: Refusal?

    init(_ outcome: Result<Answer, any Error>, _ exchange: Exchange) {
        switch outcome {
        case .success(let answer):
            self.answer = answer
            refusal = nil
        case .failure(let error):
            let refusal = Refusal(error)
            self.refusal = refusal
            answer = refusal.answer(
                requestIdentifier: exchange.identifier,
                asProblem: MediaType.wantsProblem(exchange.head.headerFields)
            )
        }
    }

    /// Whether the connection cannot be used for another request.
    var closes: Bool { refusal?.closes ?? false }

    func addHeaders(to fields: inout HTTPFields) {
        if let allow = refusal?.allow { fields.append(HTTPField(name: .allow, value: allow)) }
        if let seconds = refusal?.retryAfter { fields.append(HTTPField(name: .retryAfter, value: String(seconds))) }
    }

    /// Counts and logs. Paths come from the table and reasons from the closed list: nothing that a client chose is
    /// logged but its request identifier, and that is of a safe alphabet.
    func record(_ exchange: Exchange, _ gateway: GatewayContext) {
        let nanoseconds = exchange.begin.nanoseconds(until: .now)
        let status = answer.status.code
        gateway.metrics.requestFinished(route: exchange.route, status: status, nanoseconds: nanoseconds)
        let level: Logger.Level = status >= 500 ? .warning : (status >= 400 ? .info : .debug)
        guard level >= gateway.logger.logLevel else { return }
        var metadata: Logger.Metadata = [
            "request_id": "\(exchange.identifier)", "status": "\(status)", "duration_us": "\(nanoseconds / 1000)",
        ]
        let routes = gateway.dispatcher.table.routes
        if routes.indices.contains(exchange.route) {
            metadata["method"] = "\(routes[exchange.route].method)"
            metadata["path"] = "\(routes[exchange.route].path)"
        }
        if let refusal { metadata["reason"] = "\(refusal.reason)" }
        gateway.logger.log(level: level, refusal == nil ? "answered" : "refused", metadata: metadata)
    }
}
