// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Foundation
import Testing

@testable import HostGateway

@Suite("times in answers")
struct AnswerTimestampTests {
    @Test(
        "known times have their RFC 3339 text",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"), (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
            (1_709_251_200_000, "2024-03-01T00:00:00.000Z"), (1_677_628_799_000, "2023-02-28T23:59:59.000Z"),
            (1_677_628_800_000, "2023-03-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (1_735_689_600_000, "2025-01-01T00:00:00.000Z"), (2_147_483_648_000, "2038-01-19T03:14:08.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func rfc3339(milliseconds: Int64, text: String) {
        #expect(Timestamp.rfc3339(milliseconds: milliseconds) == text)
    }

    @Test(
        "known times have their HTTP text",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            // RFC 9110's example.
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(Int64, String)])
    func httpDate(seconds: Int64, text: String) {
        #expect(Timestamp.httpDate(seconds: seconds) == text)
    }

    @Test("every day of 400 years is Foundation's day")
    func everyDay() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var date = try #require(calendar.date(from: DateComponents(year: 1900, month: 1, day: 1)))
        for _ in 0..<146_097 {
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let text = Timestamp.rfc3339(milliseconds: Int64(date.timeIntervalSince1970) * 1000)
            guard let year = parts.year, let month = parts.month, let day = parts.day else { continue }
            let wanted = [(year, 4), (month, 2), (day, 2)].map { number, width in
                String(repeating: "0", count: width - "\(number)".count) + "\(number)"
            }
            if text != wanted.joined(separator: "-") + "T00:00:00.000Z" { Issue.record("\(text)") }
            date += 86_400
        }
    }
}
