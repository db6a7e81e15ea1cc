// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing

@testable import StructuredLog

@Suite("timestamp")
struct TimestampTests {
    private func text(_ seconds: Int, _ milliseconds: Int) -> String {
        var bytes: [UInt8] = []
        Timestamp(seconds: seconds, milliseconds: milliseconds).append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "a moment is written as RFC 3339 in UTC with milliseconds",
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"),
            (86_399, 999, "1970-01-01T23:59:59.999Z"),
            (951_782_400, 0, "2000-02-29T00:00:00.000Z"),
            (951_868_800, 5, "2000-03-01T00:00:00.005Z"),
            (1_795_261_680, 123, "2026-11-21T11:48:00.123Z"),
            (2_147_483_648, 0, "2038-01-19T03:14:08.000Z"),
            (4_107_542_400, 0, "2100-03-01T00:00:00.000Z"),
            (13_574_563_200, 50, "2400-02-29T00:00:00.050Z"),
            (253_402_300_799, 999, "9999-12-31T23:59:59.999Z"),
            (-1, 0, "1970-01-01T00:00:00.000Z"),
        ]
    )
    func known(seconds: Int, milliseconds: Int, expected: String) {
        #expect(text(seconds, milliseconds) == expected)
    }

    @Test("every day up to the year 2500 is the day that Foundation says")
    func everyDay() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in 0..<193_600 {
            let expected = Date(timeIntervalSince1970: TimeInterval(day * 86_400)).formatted(style)
            if text(day * 86_400, 0) != expected { Issue.record("day \(day) is \(expected)") }
        }
    }

    @Test("now is between two readings of the clock")
    func now() {
        let before = Int(Date().timeIntervalSince1970)
        let now = Timestamp.now()
        #expect((before...Int(Date().timeIntervalSince1970)).contains(now.seconds))
        #expect((0...999).contains(now.milliseconds))
    }
}
