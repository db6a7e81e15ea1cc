// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore

/// What the conventions need to know, the same for every connection.
struct ConventionsConfiguration: Sendable {
    /// Bytes of a request's header block; api.md's limit.
    static let headerBytes = 16 * 1024
    /// Header fields of a request.
    static let headerFields = 100

    /// For a whole request, from its head to the end of its answer.
    let timeout: TimeAmount
    /// `MAX_BODY_BYTES`.
    let bodyLimit: Int
    let identifiers: RequestIdentifier
    private let date = DateHeader()

    init(timeout: TimeAmount, bodyLimit: Int, identifiers: RequestIdentifier) {
        self.timeout = timeout
        self.bodyLimit = bodyLimit
        self.identifiers = identifiers
    }

    private static let requestIdentifier = HTTPField.Name.known("X-Request-Id")

    /// The headers that every answer has.
    func headers(for answer: Answer, requestIdentifier: String, closes: Bool) -> HTTPFields {
        var fields = HTTPFields()
        fields.reserveCapacity(6)
        fields.append(HTTPField(name: .contentType, value: answer.contentType))
        fields.append(HTTPField(name: .contentLength, value: String(answer.body.readableBytes)))
        fields.append(HTTPField(name: .cacheControl, value: "no-store"))
        fields.append(HTTPField(name: Self.requestIdentifier, value: requestIdentifier))
        fields.append(HTTPField(name: .date, value: date.value()))
        if closes { fields.append(HTTPField(name: .connection, value: "close")) }
        return fields
    }

    /// The client's own identifier for a request.
    func proposedIdentifier(_ fields: HTTPFields) -> String? {
        fields[Self.requestIdentifier]
    }
}
