// Fairlead: points in time as texts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Writes points in time in UTC, in the directives of `strftime` that `TimeForm` lets pass.
enum TimeText {
    /// Writes the time `nanoseconds` after 1970 as `form` says; as `2026-11-21T14:45:22.752Z` when it is empty.
    static func write(_ nanoseconds: UInt64, as form: Bytes, into output: inout OutputBuffer) {
        let moment = Moment(nanoseconds)
        if form.isEmpty {
            moment.writeDate(into: &output)
            output.append("T")
            moment.writeClock(into: &output)
            output.append(".")
            digits(moment.fraction / 1_000_000, 3, into: &output)
            output.append("Z")
            return
        }
        var index = 0
        while index < form.count {
            let byte = form[index]
            index += 1
            guard byte == UInt8(ascii: "%"), index < form.count else {
                output.append(byte)
                continue
            }
            let directive = form[index]
            index += 1
            if directive &- UInt8(ascii: "1") < 9 {
                // `%3f`: the first digits of the fraction.
                index += 1
                let count = Int(directive &- UInt8(ascii: "0"))
                var fraction = moment.fraction
                for _ in count..<9 { fraction /= 10 }
                digits(fraction, count, into: &output)
            } else {
                moment.write(directive, into: &output)
            }
        }
    }

    /// Writes a number with `count` digits, zeros in front.
    static func digits(_ number: UInt64, _ count: Int, into output: inout OutputBuffer) {
        var divisor: UInt64 = 1
        for _ in 1..<max(count, 1) { divisor *= 10 }
        while divisor > 0 {
            output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

/// A point in time by the calendar.
private struct Moment {
    var seconds: UInt64
    var fraction: UInt64
    var year: UInt64
    var month: UInt64
    var day: UInt64
    var dayOfYear: UInt64
    var weekday: UInt64
    var hour: UInt64
    var minute: UInt64
    var second: UInt64

    /// By the algorithm of Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that
    /// the leap day is a year's last.
    init(_ nanoseconds: UInt64) {
        seconds = nanoseconds / 1_000_000_000
        fraction = nanoseconds % 1_000_000_000
        let days = seconds / 86_400
        (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
        weekday = (days + 4) % 7
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfMarchYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfMarchYear + 2) / 153
        day = dayOfMarchYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        // March begins on day 59 or 60 of the year; January and February come last in the shifted one.
        dayOfYear = month > 2 ? dayOfMarchYear + (isLeap ? 61 : 60) : dayOfMarchYear - 305
    }

    func writeDate(into output: inout OutputBuffer) {
        TimeText.digits(year, 4, into: &output)
        output.append("-")
        TimeText.digits(month, 2, into: &output)
        output.append("-")
        TimeText.digits(day, 2, into: &output)
    }

    func writeClock(into output: inout OutputBuffer) {
        TimeText.digits(hour, 2, into: &output)
        output.append(":")
        TimeText.digits(minute, 2, into: &output)
        output.append(":")
        TimeText.digits(second, 2, into: &output)
    }

    func write(_ directive: UInt8, into output: inout OutputBuffer) {
        switch directive {
        case UInt8(ascii: "Y"): TimeText.digits(year, 4, into: &output)
        case UInt8(ascii: "y"): TimeText.digits(year % 100, 2, into: &output)
        case UInt8(ascii: "m"): TimeText.digits(month, 2, into: &output)
        case UInt8(ascii: "d"): TimeText.digits(day, 2, into: &output)
        case UInt8(ascii: "e"):
            if day < 10 { output.append(" ") }
            output.append(decimal: day)
        case UInt8(ascii: "H"): TimeText.digits(hour, 2, into: &output)
        case UInt8(ascii: "M"): TimeText.digits(minute, 2, into: &output)
        case UInt8(ascii: "S"): TimeText.digits(second, 2, into: &output)
        case UInt8(ascii: "j"): TimeText.digits(dayOfYear, 3, into: &output)
        case UInt8(ascii: "T"): writeClock(into: &output)
        case UInt8(ascii: "R"):
            TimeText.digits(hour, 2, into: &output)
            output.append(":")
            TimeText.digits(minute, 2, into: &output)
        case UInt8(ascii: "F"): writeDate(into: &output)
        case UInt8(ascii: "D"):
            TimeText.digits(month, 2, into: &output)
            output.append("/")
            TimeText.digits(day, 2, into: &output)
            output.append("/")
            TimeText.digits(year % 100, 2, into: &output)
        case UInt8(ascii: "Z"): output.append("UTC")
        case UInt8(ascii: "z"): output.append("+0000")
        case UInt8(ascii: "s"): output.append(decimal: seconds)
        case UInt8(ascii: "f"): TimeText.digits(fraction, 9, into: &output)
        case UInt8(ascii: "b"): output.append(Moment.name(month - 1, in: Constants.months).prefix(3))
        case UInt8(ascii: "B"): output.append(Moment.name(month - 1, in: Constants.months))
        case UInt8(ascii: "a"): output.append(Moment.name(weekday, in: Constants.weekdays).prefix(3))
        case UInt8(ascii: "A"): output.append(Moment.name(weekday, in: Constants.weekdays))
        default: output.append(directive)
        }
    }

    /// The name at `index` of names that each begin with a capital letter.
    private static func name(_ index: UInt64, in names: Bytes) -> Bytes {
        var start = 0
        var left = index
        for position in 1...names.count {
            let ends = position == names.count || names[position] < UInt8(ascii: "a")
            guard ends else { continue }
            if left == 0 { return names[start..<position] }
            left -= 1
            start = position
        }
        return .missing
    }
}
