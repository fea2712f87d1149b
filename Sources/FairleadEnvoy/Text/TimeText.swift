// Fairlead: durations and timestamps from text
// SPDX-License-Identifier: Apache-2.0

/// Reads the text forms of `google.protobuf.Duration` and `Timestamp` into seconds and nanoseconds.
enum TimeText {
    /// Seconds and nanoseconds, of the same sign in a duration; in a timestamp the nanoseconds are never negative.
    struct Span: Equatable, Sendable {
        var seconds: Int64
        var nanoseconds: Int32
    }

    /// The largest duration that the schema allows, in seconds either way: about 10,000 years.
    static let largestSeconds: Int64 = 315_576_000_000

    /// A duration such as `1.5s`: digits, up to nine more after a point, and `s`.
    static func duration(_ text: ArraySlice<UInt8>) -> NumberText.Reading<Span> {
        guard text.last == UInt8(ascii: "s") else { return .notANumber }
        var rest = text.dropLast()
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let whole = rest.prefix(while: { $0.decimalDigit != nil })
        guard !whole.isEmpty, let nanoseconds = fraction(rest[whole.endIndex...]) else { return .notANumber }
        guard case .value(let seconds) = NumberText.integer(whole, as: Int64.self), seconds <= largestSeconds
        else { return .outOfRange }
        return .value(
            isNegative
                ? Span(seconds: -seconds, nanoseconds: -nanoseconds)
                : Span(seconds: seconds, nanoseconds: nanoseconds))
    }

    /// A timestamp of RFC 3339, such as `2026-02-03T04:05:06.789Z` or with an offset like `+02:00`, of the years 1 to
    /// 9999.
    static func timestamp(_ text: ArraySlice<UInt8>) -> NumberText.Reading<Span> {
        var reader = DigitReader(rest: text)
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
            let day = reader.digits(2), reader.skip("T"), let hour = reader.digits(2), reader.skip(":"),
            let minute = reader.digits(2), reader.skip(":"), let second = reader.digits(2)
        else { return .notANumber }
        let point = reader.rest.prefix(while: { $0 == UInt8(ascii: ".") || $0.decimalDigit != nil })
        reader.rest = reader.rest[point.endIndex...]
        guard let nanoseconds = fraction(point), let offset = reader.offset() else { return .notANumber }
        guard year >= 1, 1...12 ~= month, 1...daysInMonth(month, year) ~= day, hour < 24, minute < 60, second < 60
        else { return .outOfRange }
        let clock = hour * 3600 + minute * 60 + second
        let seconds = daysSinceEpoch(year: year, month: month, day: day) * 86_400 + clock - offset
        // The first second of the year 1 and the last of the year 9999.
        guard -62_135_596_800...253_402_300_799 ~= seconds else { return .outOfRange }
        return .value(Span(seconds: seconds, nanoseconds: nanoseconds))
    }

    /// Nanoseconds from an empty text or a point and one to nine digits.
    private static func fraction(_ text: ArraySlice<UInt8>) -> Int32? {
        guard let first = text.first else { return 0 }
        let digits = text.dropFirst()
        guard first == UInt8(ascii: "."), 1...9 ~= digits.count else { return nil }
        var value: Int32 = 0
        for byte in digits {
            guard let digit = byte.decimalDigit else { return nil }
            value = value * 10 + Int32(digit)
        }
        for _ in digits.count..<9 { value *= 10 }
        return value
    }

    private static func daysInMonth(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the Gregorian calendar, counting years from March so that the leap day comes last.
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}

/// Takes fixed runs of digits and single marks off the front of a text.
private struct DigitReader {
    var rest: ArraySlice<UInt8>

    mutating func digits(_ count: Int) -> Int64? {
        let run = rest.prefix(count)
        guard run.count == count else { return nil }
        var value: Int64 = 0
        for byte in run {
            guard let digit = byte.decimalDigit else { return nil }
            value = value * 10 + Int64(digit)
        }
        rest = rest[run.endIndex...]
        return value
    }

    mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// The offset from UTC in seconds, `Z` or `+hh:mm`, which has to be the end of the text.
    mutating func offset() -> Int64? {
        if skip("Z") { return rest.isEmpty ? 0 : nil }
        let isWest = rest.first == UInt8(ascii: "-")
        guard isWest || rest.first == UInt8(ascii: "+") else { return nil }
        rest = rest.dropFirst()
        guard let hours = digits(2), skip(":"), let minutes = digits(2), rest.isEmpty, hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
