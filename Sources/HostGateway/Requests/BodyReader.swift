// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Collects request bodies, each at most as large as the limit, all of them together at most as large as the budget.
final class BodyReader: Sendable {
    /// Bodies up to this size are not counted: they cost no more than the connection itself.
    private static let freeBytes = 16 * 1024
    /// Bytes that all large bodies together may take.
    private static let budget = 64 * 1024 * 1024

    private let limit: Int
    private let inUse = Atomic<Int>(0)

    /// - Parameter limit: `MAX_BODY_BYTES`.
    init(limit: Int) {
        self.limit = limit
    }

    /// Whether a request has a body, by its headers.
    static func hasBody(_ fields: HTTPFields) -> Bool {
        fields.contains(.transferEncoding) || (fields[.contentLength] ?? "0") != "0"
    }

    /// Reads the body whole.
    ///
    /// - Throws: ``RequestError/Reason/bodyTooLarge`` (from the announced length where there is one),
    ///   ``RequestError/Reason/busy`` where the budget is used up.
    func collect(_ request: Request) async throws -> ByteBuffer {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
        var whole = ByteBuffer()
        var reserved = 0
        defer { if reserved > 0 { inUse.subtract(reserved, ordering: .relaxed) } }
        for try await part in request.body {
            guard whole.readableBytes + part.readableBytes <= limit else { throw tooLarge }
            if whole.readableBytes == 0 {
                whole = part
            } else {
                whole.writeImmutableBuffer(part)
            }
            if whole.readableBytes > Self.freeBytes, whole.readableBytes > reserved {
                try reserve(whole.readableBytes - reserved)
                reserved = whole.readableBytes
            }
        }
        return whole
    }

    private func reserve(_ count: Int) throws(RequestError) {
        guard inUse.add(count, ordering: .relaxed).newValue <= Self.budget else {
            inUse.subtract(count, ordering: .relaxed)
            throw RequestError(.busy, message: "Too many large requests at a time; try again soon.")
        }
    }

    private var tooLarge: RequestError {
        RequestError(.bodyTooLarge, message: "The body is larger than \(limit) bytes.")
    }
}
