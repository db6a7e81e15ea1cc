// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import Protocol

@Suite("redacted text")
struct RedactedTextTests {
    private struct Holder {
        let passphrase: RedactedText?
        let all: [RedactedText]
    }

    @Test("no way of printing shows the bytes")
    func printing() {
        let secret = "hunter2"
        let text = RedactedText(Array(secret.utf8))
        let holder = Holder(passphrase: text, all: [text])
        var dumped = ""
        dump(text, to: &dumped)
        dump(holder, to: &dumped)
        let printed = [
            "\(text)", String(describing: text), String(reflecting: text), "\(holder)", String(reflecting: holder),
            dumped,
        ]
        for line in printed {
            #expect(!line.contains(secret))
            // Nor as a list of numbers.
            #expect(!line.contains("104"))
        }
        #expect("\(text)" == "redacted")
        #expect(Mirror(reflecting: text).children.isEmpty)
        #expect(!(text is any Encodable))
    }

    @Test("the bytes are kept as they came")
    func bytes() {
        let text = RedactedText([0, 0xFF, 1])
        #expect(text.bytes == [0, 0xFF, 1])
        #expect(text.count == 3)
    }
}
