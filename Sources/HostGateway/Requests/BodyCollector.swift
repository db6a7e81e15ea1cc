// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import HTTPTypes
import NIOCore

/// Collects one request's body: at most as large as the limit, and within the budget of all of them.
struct BodyCollector {
    private let limit: Int
    private let budget: BodyBudget
    private var whole = ByteBuffer()
    private var taken = 0

    init(limit: Int, budget: BodyBudget) {
        self.limit = limit
        self.budget = budget
    }

    /// Refuses a body that announces itself as too large, before any of it is read.
    ///
    /// - Throws: ``RequestError/Reason/bodyTooLarge``.
    func checkAnnounced(_ fields: HTTPFields) throws(RequestError) {
        guard let length = fields[.contentLength].flatMap({ Int($0) }), length > limit else { return }
        throw tooLarge
    }

    /// Takes a part.
    ///
    /// - Throws: ``RequestError/Reason/bodyTooLarge``, ``RequestError/Reason/busy`` where the budget is used up.
    mutating func append(_ part: ByteBuffer) throws(RequestError) {
        let count = whole.readableBytes + part.readableBytes
        guard count <= limit else { throw tooLarge }
        if count > BodyBudget.freeBytes, count > taken {
            guard budget.take(count - taken) else {
                throw RequestError(.busy, message: "Too many large requests at a time; try again soon.")
            }
            taken = count
        }
        if whole.readableBytes == 0 {
            whole = part
        } else {
            whole.writeImmutableBuffer(part)
        }
    }

    /// The body so far.
    var bytes: ByteBuffer { whole }

    /// Lets go of the bytes and of the part of the budget.
    mutating func discard() {
        if taken > 0 { budget.giveBack(taken) }
        taken = 0
        whole = ByteBuffer()
    }

    /// What a body over the limit is answered with.
    var tooLarge: RequestError {
        RequestError(.bodyTooLarge, message: "The body is larger than \(limit) bytes.")
    }
}
