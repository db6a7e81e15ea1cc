// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

/// Expects what every answer of the contract has.
func expectConventions(_ answer: HTTPAnswer, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(answer[header: "cache-control"] == "no-store", sourceLocation: sourceLocation)
    let identifier = answer[header: "x-request-id"] ?? ""
    #expect(identifier.wholeMatch(of: /[A-Za-z0-9._-]{1,128}/) != nil, sourceLocation: sourceLocation)
}

/// Expects an answer of success in JSON, and gives its body.
@discardableResult
func expectSuccess(_ answer: HTTPAnswer, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
    #expect(answer.status == 200, "\(answer.text.prefix(300))", sourceLocation: sourceLocation)
    #expect(answer[header: "content-type"] == "application/json", sourceLocation: sourceLocation)
    expectConventions(answer, sourceLocation: sourceLocation)
    return try answer.json()
}

/// Expects an error answer of the contract in its plain form, and gives its body.
@discardableResult
func expectRefusal(
    _ answer: HTTPAnswer,
    _ status: Int,
    _ reason: JSON,
    field: JSON? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> JSON {
    #expect(answer.status == status, "\(answer.text.prefix(300))", sourceLocation: sourceLocation)
    #expect(answer[header: "content-type"] == "application/json", sourceLocation: sourceLocation)
    expectConventions(answer, sourceLocation: sourceLocation)
    let body = try answer.json()
    #expect(body["code"]?.int == status, sourceLocation: sourceLocation)
    #expect(body["reason"] == reason, sourceLocation: sourceLocation)
    #expect(body["error"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(body["request_id"]?.string == answer[header: "x-request-id"], sourceLocation: sourceLocation)
    if let field { #expect(body["field"] == field, sourceLocation: sourceLocation) }
    let known: Set = [
        "error", "code", "reason", "request_id", "field", "state", "allowed_states", "hint", "manifest_hash", "shares",
    ]
    #expect(body.names.isSubset(of: known), sourceLocation: sourceLocation)
    return body
}
