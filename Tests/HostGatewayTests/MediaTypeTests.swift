// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import Testing

@testable import HostGateway

@Suite("media types")
struct MediaTypeTests {
    private func fields(_ name: HTTPField.Name, _ values: [String]) -> HTTPFields {
        HTTPFields(values.map { HTTPField(name: name, value: $0) })
    }

    @Test(
        "a body of JSON is declared so, with no charset or with UTF-8",
        arguments: [
            "application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8",
            "application/json ; charset=\"utf-8\"", "application/json;\tcharset=utf-8", "application/json; q=1",
            "application/json;", "application/json; charset=utf-8; x=y",
        ])
    func json(value: String) {
        #expect(MediaType.isJSON(fields(.contentType, [value])))
    }

    @Test(
        "anything else is not",
        arguments: [
            [], [""], ["text/plain"], ["application/x-www-form-urlencoded"], ["text/json"], ["application/jsonx"],
            ["application/json+x"], ["application/problem+json"], ["application/json; charset=latin1"],
            ["application/json; charset=utf-16"], ["application/json; charset="],
            ["application/json; charset=utf-8; charset=latin1"], ["application/json, text/plain"], ["*/*"],
            ["application/json", "application/json"], ["text/plain; application/json"], ["json"],
        ] as [[String]])
    func other(values: [String]) {
        #expect(!MediaType.isJSON(fields(.contentType, values)))
    }

    @Test(
        "errors of RFC 9457 are given to those who ask for them",
        arguments: [
            ["application/problem+json"], ["Application/Problem+JSON"], ["text/html, application/problem+json"],
            ["text/html", "application/problem+json"], ["application/problem+json;q=0.1"],
            ["application/problem+json; q=1, */*"],
        ] as [[String]])
    func problem(values: [String]) {
        #expect(MediaType.wantsProblem(fields(.accept, values)))
    }

    @Test(
        "and to nobody else",
        arguments: [
            [], [""], ["*/*"], ["application/*"], ["application/json"], ["application/problem+xml"],
            ["application/problem+json;q=0"], ["application/problem+json; q=0.000"], ["application/problem+json;Q=0.0"],
        ] as [[String]])
    func noProblem(values: [String]) {
        #expect(!MediaType.wantsProblem(fields(.accept, values)))
    }
}
