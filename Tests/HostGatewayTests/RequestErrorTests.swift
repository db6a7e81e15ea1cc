// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import Testing

@testable import HostGateway

@Suite("Refused requests")
struct RequestErrorTests {
    @Test(
        "each reason has its word and its status",
        arguments: [
            (RequestError.Reason.invalidJSON, "invalid_json", 400), (.duplicateKey, "duplicate_key", 400),
            (.missingField, "missing_field", 400), (.unknownField, "unknown_field", 400),
            (.wrongType, "wrong_type", 400),
            (.outOfRange, "out_of_range", 400), (.badEncoding, "bad_encoding", 400), (.badRequest, "bad_request", 400),
            (.badOrigin, "bad_origin", 403), (.notFound, "not_found", 404),
            (.methodNotAllowed, "method_not_allowed", 405),
            (.bodyTooLarge, "body_too_large", 413), (.unsupportedMediaType, "unsupported_media_type", 415),
            (.headersTooLarge, "headers_too_large", 431), (.internal, "internal", 500), (.busy, "busy", 503),
            (.requestTimeout, "request_timeout", 504),
        ])
    func reason(_ reason: RequestError.Reason, _ code: String, _ status: Int) {
        #expect(reason.code == code)
        #expect(reason.status.code == status)
    }

    @Test("there are 17 reasons")
    func count() {
        #expect(RequestError.Reason.allCases.count == 17)
    }

    @Test("an error about a field names it in one sentence")
    func sentences() {
        #expect(RequestError.missingField("a").message == "The field \"a\" is required.")
        #expect(RequestError.wrongType("a", expected: "an array").message == "The field \"a\" must be an array.")
        #expect(RequestError.outOfRange("a", expected: "32 bytes").message == "The field \"a\" must be 32 bytes.")
        #expect(RequestError.badEncoding("a", expected: "hex").message == "The field \"a\" must be hex.")
    }
}
