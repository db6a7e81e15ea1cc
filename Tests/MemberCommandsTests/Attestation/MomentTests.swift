// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Testing

@testable import MemberCommands

@Suite("A moment")
struct MomentTests {
    @Test(
        "is read from RFC 3339 and from seconds",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("0", 0), ("1706120065", 1_706_120_065_000),
            ("2024-01-24T18:14:25Z", 1_706_120_065_000), ("2024-01-24t18:14:25z", 1_706_120_065_000),
            ("2024-01-24T19:14:25+01:00", 1_706_120_065_000), ("2024-01-24T12:44:25-05:30", 1_706_120_065_000),
            ("2024-01-24T18:14:25.6Z", 1_706_120_065_600), ("2024-01-24T18:14:25.635999999Z", 1_706_120_065_635),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000), ("2000-02-29T23:59:59Z", 951_868_799_000),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000), ("999999999999", 999_999_999_999_000),
        ] as [(String, Int64)]
    )
    func reads(text: String, milliseconds: Int64) {
        #expect(Moment(text) == Moment(milliseconds: milliseconds))
    }

    @Test(
        "is nothing else",
        arguments: [
            "", "now", "-1", "1.5", "1000000000000", "2024-01-24", "2024-01-24T18:14:25", "2024-13-01T00:00:00Z",
            "2024-00-01T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-04-31T00:00:00Z",
            "2024-01-24T24:00:00Z", "2024-01-24T18:60:00Z", "2024-01-24T18:14:60Z", "2024-01-24T18:14:25.Z",
            "2024-01-24T18:14:25.1234567890Z", "2024-01-24T18:14:25+0100", "2024-01-24T18:14:25+24:00",
            "2024-01-24T18:14:25Zx", "2024-01-24T18:14:25+01:60", "1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00",
            "+024-01-24T18:14:25Z", "２０２４-01-24T18:14:25Z",
        ]
    )
    func refuses(text: String) {
        #expect(Moment(text) == nil)
    }

    @Test(
        "is shown to the second, or as a number where no date is",
        arguments: [
            (0, "1970-01-01 00:00:00 UTC"), (1_706_120_065_635, "2024-01-24 18:14:25 UTC"),
            (951_782_400_000, "2000-02-29 00:00:00 UTC"), (253_402_300_799_999, "9999-12-31 23:59:59 UTC"),
            (253_402_300_800_000, "253402300800000 ms since 1970"), (-1, "-1 ms since 1970"),
            (.max, "9223372036854775807 ms since 1970"),
        ] as [(Int64, String)]
    )
    func shown(milliseconds: Int64, text: String) {
        #expect(Moment(milliseconds: milliseconds).text == text)
    }

    @Test("every day is read as it is shown, through leap years and a century without", arguments: [10_592, 45_655])
    func everyDay(first: Int64) {
        for day in first..<first + 4000 {
            let moment = Moment(milliseconds: day * 86_400_000)
            let date = moment.text.prefix(10)
            #expect(Moment("\(date)T00:00:00Z") == moment)
        }
    }
}
