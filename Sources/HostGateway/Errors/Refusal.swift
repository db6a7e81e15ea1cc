// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore
import Protocol

/// An error answer of the contract: one sentence for a person, a closed reason for a program, and the facts that help.
struct Refusal: Error, Sendable {
    let status: HTTPResponse.Status
    let reason: String
    let message: String
    var field: String?
    var hint: String?
    var state: Phase?
    var allowedStates: [Phase] = []
    /// The held manifest's, for 405: 32 bytes.
    var manifestHash: [UInt8]?
    /// What became of each share of the call.
    var shares: [InjectSharesResult.Judgement]?
    /// The methods of a path, for 405.
    var allow: String?
    /// Seconds, for `busy`.
    var retryAfter: Int?
    /// Whether the connection cannot be used for another request.
    var closes = false

    init(_ status: HTTPResponse.Status, _ reason: String, _ message: String) {
        self.status = status
        self.reason = reason
        self.message = message
    }

    init(_ error: RequestError) {
        self.init(error.reason.status, error.reason.code, error.message)
        field = error.field
        hint = error.hint
        if error.reason == .busy { retryAfter = 1 }
        closes = error.reason == .bodyTooLarge || error.reason == .requestTimeout
    }

    /// Any error of a route; what is not known is `internal`, and says nothing of itself.
    init(_ error: any Error) {
        switch error {
        case let refusal as Refusal: self = refusal
        case let error as RequestError: self.init(error)
        case let error as EnclaveError: self.init(error)
        case let error as EnclaveCallError: self.init(error)
        default: self.init(.internalServerError, "internal", "Something went wrong in the gateway.")
        }
    }

    /// The body, plain or as RFC 9457 has it.
    func answer(requestIdentifier: String, asProblem: Bool) -> Answer {
        var object = JSONObject()
        if asProblem {
            object.string("type", "urn:renclave:problem:\(reason)")
            object.string("title", status.reasonPhrase)
            object.integer("status", status.code)
            object.string("detail", message)
        } else {
            object.string("error", message)
            object.integer("code", status.code)
        }
        object.string("reason", reason)
        object.string("request_id", requestIdentifier)
        if let field { object.string("field", field) }
        if let state { object.string("state", state.rawValue) }
        if !allowedStates.isEmpty { object.strings("allowed_states", allowedStates.map(\.rawValue)) }
        if let manifestHash { object.byteArray("manifest_hash", manifestHash) }
        if let shares { object.judgements("shares", shares) }
        if let hint { object.string("hint", hint) }
        return Answer(
            status: status,
            contentType: asProblem ? "application/problem+json" : "application/json",
            body: object.finished()
        )
    }
}
