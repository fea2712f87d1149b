// Fairlead: tests of durations and timestamps from text
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadEnvoy

@Suite struct TimeTextTests {
    private func describe(_ reading: NumberText.Reading<TimeText.Span>) -> String {
        switch reading {
        case .value(let span): "\(span.seconds) \(span.nanoseconds)"
        case .outOfRange: "out of range"
        case .notWhole, .notANumber: "none"
        }
    }

    @Test(arguments: [
        ("0s", "0 0"), ("5s", "5 0"), ("-5s", "-5 0"), ("0.5s", "0 500000000"), ("-0.5s", "0 -500000000"),
        ("-1.25s", "-1 -250000000"), ("1.000000001s", "1 1"), ("1.123456789s", "1 123456789"), ("007s", "7 0"),
        ("315576000000s", "315576000000 0"), ("-315576000000s", "-315576000000 0"),
        ("315576000001s", "out of range"), ("-315576000001s", "out of range"),
        ("99999999999999999999s", "out of range"), ("1.1234567891s", "none"), ("5", "none"), ("", "none"),
        ("s", "none"),
        (".5s", "none"), ("5.s", "none"), ("+5s", "none"), ("5 s", "none"), (" 5s", "none"), ("5m", "none"),
        ("5ms", "none"), ("1e1s", "none"), ("--5s", "none"), ("-s", "none"), ("1.5.5s", "none"), ("1,5s", "none"),
    ])
    func durationsAreSecondsWithUpToNineMoreDigits(_ text: String, _ expected: String) {
        #expect(describe(TimeText.duration(Array(text.utf8)[...])) == expected)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", "0 0"), ("2000-02-29T12:34:56Z", "951827696 0"),
        ("1969-12-31T23:59:59.5Z", "-1 500000000"), ("2026-02-03T04:05:06.000000789Z", "1770091506 789"),
        ("1970-01-01T02:00:00+02:00", "0 0"), ("1969-12-31T20:30:00-03:30", "0 0"),
        ("0001-01-01T00:00:00Z", "-62135596800 0"), ("9999-12-31T23:59:59Z", "253402300799 0"),
        ("0001-01-01T00:00:00+00:01", "out of range"), ("9999-12-31T23:59:59-00:01", "out of range"),
        ("0000-01-01T00:00:00Z", "out of range"), ("2001-02-29T00:00:00Z", "out of range"),
        ("1900-02-29T00:00:00Z", "out of range"), ("2026-13-01T00:00:00Z", "out of range"),
        ("2026-04-31T00:00:00Z", "out of range"), ("2026-01-01T24:00:00Z", "out of range"),
        ("2026-01-01T00:60:00Z", "out of range"), ("2026-01-01T00:00:60Z", "out of range"),
        ("2026-01-01", "none"), ("2026-01-01T00:00:00", "none"), ("2026-01-01 00:00:00Z", "none"),
        ("2026-01-01T00:00:00.Z", "none"), ("2026-01-01T00:00:00+0200", "none"), ("2026-01-01T00:00:00Zx", "none"),
        ("26-01-01T00:00:00Z", "none"), ("", "none"), ("2026-01-01T00:00:00+24:00", "none"),
    ])
    func timestampsAreThoseOfRFC3339(_ text: String, _ expected: String) {
        #expect(describe(TimeText.timestamp(Array(text.utf8)[...])) == expected)
    }
}
