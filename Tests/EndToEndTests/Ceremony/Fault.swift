// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import ProcessKit
import Testing

/// One thing made wrong in a request, and how the answer refuses it.
struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let path: [JSONStep]
    /// `nil` takes away what is there.
    let value: JSON?
    let reason: JSON
    /// Its path within the part of a request that is tested.
    let field: String
    let status: Int

    /// Reasons that are not about the form of a request; all others here are 400.
    private static let unprocessable: Set = [
        "bad_manifest", "bad_commitments", "measurement_mismatch", "pivot_mismatch",
    ]

    init(_ name: String, _ path: [JSONStep], _ value: JSON?, _ reason: String, _ field: String) {
        self.name = name
        self.path = path
        self.value = value
        self.reason = .string(reason)
        self.field = field
        status = Self.unprocessable.contains(reason) ? 422 : 400
    }

    var testDescription: String { name }
}
