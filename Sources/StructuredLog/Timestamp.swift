// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// A moment in UTC, in whole milliseconds.
struct Timestamp: Sendable, Equatable {
    /// Since 1970-01-01T00:00:00Z; a clock set before that counts as that.
    let seconds: Int
    /// 0 to 999.
    let milliseconds: Int

    init(seconds: Int, milliseconds: Int) {
        self.seconds = max(seconds, 0)
        self.milliseconds = milliseconds
    }

    static func now() -> Timestamp {
        var time = timespec()
        // Cannot fail for this clock; if it did, the time is the epoch's, and the line is still written. Unsafe: the
        // pointer is to a local value.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// RFC 3339, section 5.6: `2026-11-21T11:48:00.123Z`.
    func append(to line: inout [UInt8]) {
        let (year, month, day) = Self.date(ofDay: seconds / 86_400)
        let second = seconds % 86_400
        Self.append(year, digits: 4, before: "-", to: &line)
        Self.append(month, digits: 2, before: "-", to: &line)
        Self.append(day, digits: 2, before: "T", to: &line)
        Self.append(second / 3_600, digits: 2, before: ":", to: &line)
        Self.append(second / 60 % 60, digits: 2, before: ":", to: &line)
        Self.append(second % 60, digits: 2, before: ".", to: &line)
        Self.append(milliseconds, digits: 3, before: "Z", to: &line)
    }

    /// The Gregorian date of a day counted from 1970-01-01.
    private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        var year = 1970
        var left = day
        // The calendar repeats after 400 years, which have this many days.
        year += left / 146_097 * 400
        left %= 146_097
        while left >= days(inYear: year) {
            left -= days(inYear: year)
            year += 1
        }
        var month = 1
        while left >= days(inMonth: month, of: year) {
            left -= days(inMonth: month, of: year)
            month += 1
        }
        return (year, month, left + 1)
    }

    private static func days(inYear year: Int) -> Int {
        isLeap(year) ? 366 : 365
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func append(_ number: Int, digits: Int, before sign: Unicode.Scalar, to line: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            line.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
        line.append(UInt8(ascii: sign))
    }
}
