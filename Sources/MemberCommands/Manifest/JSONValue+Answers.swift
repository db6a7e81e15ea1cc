// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Quorum

extension JSONValue {
    /// An integer that is not negative.
    static func count(_ value: some BinaryInteger) -> JSONValue {
        .integer(JSONInteger(UInt64(clamping: value)))
    }

    /// On one line.
    var line: String {
        String(decoding: compact(), as: UTF8.self)
    }
}
