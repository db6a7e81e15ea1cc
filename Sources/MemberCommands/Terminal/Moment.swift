// SPDX-License-Identifier: MIT
// Copyright (c) the renclave authors

import Glibc

/// A moment in UTC, as people and documents write it.
struct Moment: Equatable, Sendable {
    /// Since 1970.
    let milliseconds: Int64

    /// The last millisecond of the year 9999, beyond which RFC 3339 has no dates.
    private static let last: Int64 = 253_402_300_799_999

    /// A moment by the milliseconds since 1970.
    init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The present, by the system's clock.
    static var now: Moment {
        var time = timespec()
        // The structure is ours and lives through the call, which cannot fail for this clock.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// To the second, such as `2025-11-21 12:04:05 UTC`; before 1970 and after 9999 the milliseconds.
    var text: String {
        guard (0...Self.last).contains(milliseconds) else { return "\(milliseconds) ms since 1970" }
        let seconds = Int(milliseconds / 1000)
        let (year, month, day) = Self.civil(day: seconds / 86_400)
        let clock = seconds % 86_400
        let date = [Self.pad(year, 4), Self.pad(month), Self.pad(day)].joined(separator: "-")
        let time = [Self.pad(clock / 3600), Self.pad(clock / 60 % 60), Self.pad(clock % 60)].joined(separator: ":")
        return "\(date) \(time) UTC"
    }

    private static func pad(_ value: Int, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// The Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin in March.
    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

// MARK: - Reading

extension Moment {
    /// Reads RFC 3339 of the years 1970 to 9999, such as `2025-11-21T12:04:05Z`, with a fraction and an offset where it
    /// has them, or whole seconds since 1970.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        if let seconds = Self.number(bytes[...]) {
            guard bytes.count <= 12 else { return nil }
            self.init(milliseconds: Int64(seconds) * 1000)
        } else {
            self.init(rfc3339: bytes)
        }
    }

    private init?(rfc3339 bytes: [UInt8]) {
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            "Tt ".utf8.contains(bytes[10]), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            let days = Self.days(year, month, day), hour < 24, minute < 60, second < 60,
            let (fraction, offset) = Self.rest(bytes[19...])
        else { return nil }
        let minutes = days * 1440 + hour * 60 + minute - offset
        guard minutes >= 0 else { return nil }
        self.init(milliseconds: Int64(minutes * 60 + second) * 1000 + Int64(fraction))
    }

    /// Days since 1970-01-01 of a date that there is.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        guard year >= 1970, (1...12).contains(month), (1...31).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        // The 31st of a month of 30 days is a day of the next one.
        return civil(day: days) == (year, month, day) ? days : nil
    }

    /// What follows the seconds: milliseconds, and the minutes by which the clock is ahead of UTC.
    private static func rest(_ bytes: ArraySlice<UInt8>) -> (fraction: Int, offset: Int)? {
        var rest = bytes
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            let digits = rest.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            guard (1...9).contains(digits.count) else { return nil }
            fraction = number((Array(digits) + [0x30, 0x30]).prefix(3)) ?? 0
            rest = rest.dropFirst(1 + digits.count)
        }
        guard let sign = rest.popFirst() else { return nil }
        if "Zz".utf8.contains(sign) { return rest.isEmpty ? (fraction, 0) : nil }
        guard "+-".utf8.contains(sign), rest.count == 5, rest.dropFirst(2).first == UInt8(ascii: ":"),
            let hours = number(rest.prefix(2)), let minutes = number(rest.suffix(2)), hours < 24, minutes < 60
        else { return nil }
        return (fraction, (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1))
    }

    /// Of digits only.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...15).contains(digits.count) else { return nil }
        return digits.reduce(0) { value, digit in
            guard let value, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            return value * 10 + Int(digit - UInt8(ascii: "0"))
        }
    }
}
