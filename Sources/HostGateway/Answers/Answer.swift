// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore

/// What a route answers, before the headers that all answers have.
struct Answer: Sendable {
    let status: HTTPResponse.Status
    let contentType: String
    let body: ByteBuffer

    init(status: HTTPResponse.Status = .ok, contentType: String = "application/json", body: ByteBuffer) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// A JSON object.
    static func json(
        status: HTTPResponse.Status = .ok,
        capacity: Int = 512,
        _ members: (inout JSONObject) -> Void
    ) -> Answer {
        var object = JSONObject(capacity: capacity)
        members(&object)
        return Answer(status: status, body: object.finished())
    }
}
