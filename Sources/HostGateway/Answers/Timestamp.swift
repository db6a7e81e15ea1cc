// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

/// Times as answers show them.
enum Timestamp {
    private struct Civil {
        let year: Int
        let month: Int
        let day: Int
    }

    /// RFC 3339 in UTC with milliseconds.
    static func rfc3339(milliseconds: Int64) -> String {
        let seconds = milliseconds.floorDivided(by: 1000)
        let date = civil(day: Int(seconds.floorDivided(by: 86400)))
        let clock = Int(seconds - seconds.floorDivided(by: 86400) * 86400)
        return pad(date.year, 4) + "-" + pad(date.month) + "-" + pad(date.day) + "T" + time(clock)
            + "." + pad(Int(milliseconds - seconds * 1000), 3) + "Z"
    }

    /// RFC 9110's IMF-fixdate, for the `Date` header.
    static func httpDate(seconds: Int64) -> String {
        let day = Int(seconds.floorDivided(by: 86400))
        let date = civil(day: day)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((day % 7) + 7) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekday), \(pad(date.day)) \(months[date.month - 1]) \(pad(date.year, 4)) "
            + time(Int(seconds) - day * 86400) + " GMT"
    }

    private static func time(_ seconds: Int) -> String {
        pad(seconds / 3600) + ":" + pad(seconds / 60 % 60) + ":" + pad(seconds % 60)
    }

    private static func pad(_ value: Int, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin in March.
    private static func civil(day: Int) -> Civil {
        let shifted = day + 719_468
        let era = Int64(shifted).floorDivided(by: 146_097)
        let dayOfEra = shifted - Int(era) * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return Civil(
            year: yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
