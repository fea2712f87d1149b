// Fairlead: tests of numbers from text
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadEnvoy

@Suite struct NumberTextTests {
    private func integer<Value: FixedWidthInteger & Sendable>(_ text: String, _ type: Value.Type) -> String {
        describe(NumberText.integer(Array(text.utf8)[...], as: type))
    }

    private func double(_ text: String) -> String { describe(NumberText.double(Array(text.utf8)[...])) }

    private func describe<Value>(_ reading: NumberText.Reading<Value>) -> String {
        switch reading {
        case .value(let value): "\(value)"
        case .outOfRange: "out of range"
        case .notWhole: "not whole"
        case .notANumber: "not a number"
        }
    }

    @Test func everyTypeHoldsItsWholeRangeAndNoMore() {
        #expect(integer("2147483647", Int32.self) == "2147483647")
        #expect(integer("2147483648", Int32.self) == "out of range")
        #expect(integer("-2147483648", Int32.self) == "-2147483648")
        #expect(integer("-2147483649", Int32.self) == "out of range")
        #expect(integer("4294967295", UInt32.self) == "4294967295")
        #expect(integer("4294967296", UInt32.self) == "out of range")
        #expect(integer("-1", UInt32.self) == "out of range")
        #expect(integer("-0", UInt32.self) == "0")
        #expect(integer("9223372036854775807", Int64.self) == "9223372036854775807")
        #expect(integer("9223372036854775808", Int64.self) == "out of range")
        #expect(integer("-9223372036854775808", Int64.self) == "-9223372036854775808")
        #expect(integer("-9223372036854775809", Int64.self) == "out of range")
        #expect(integer("18446744073709551615", UInt64.self) == "18446744073709551615")
        #expect(integer("18446744073709551616", UInt64.self) == "out of range")
        #expect(integer("184467440737095516150", UInt64.self) == "out of range")
    }

    @Test func wholeNumbersMayHaveAFractionOfZerosOrAnExponent() {
        #expect(integer("80.0", Int32.self) == "80")
        #expect(integer("8e1", UInt32.self) == "80")
        #expect(integer("-1.5e1", Int64.self) == "-15")
        #expect(integer("0x50", UInt32.self) == "80")
        #expect(integer("80.5", Int32.self) == "not whole")
        #expect(integer("1e10", Int32.self) == "out of range")
        #expect(integer("1e400", Int64.self) == "out of range")
    }

    @Test(arguments: ["", "-", "+", "a", "1a", " 1", "1 ", "1_0", "nan", "inf", "--1", "1.2.3", "0xG"])
    func otherTextsAreNoWholeNumbers(_ text: String) {
        #expect(integer(text, Int32.self) == "not a number")
    }

    @Test func floatingPointNumbersAreRead() {
        #expect(double("1.5") == "1.5")
        #expect(double("-.5") == "-0.5")
        #expect(double("5.") == "5.0")
        #expect(double("+1e-3") == "0.001")
        #expect(double(" 5 ") == "5.0")
        #expect(double("1.7976931348623157e308") == "1.7976931348623157e+308")
        #expect(double("1.8e308") == "out of range")
        #expect(double("-1e999") == "out of range")
        #expect(double("4.9e-324") == "5e-324")
        #expect(double("NaN") == "nan")
        #expect(double("Infinity") == "inf")
        #expect(double("-inf") == "-inf")
    }

    @Test(arguments: ["", " ", ".", "-", "e5", "1e", "1_0", ".nan", "abc", "1,5", "nan(0x1)", "0x"])
    func otherTextsAreNoNumbers(_ text: String) {
        #expect(double(text) == "not a number")
    }

    @Test func thirtyTwoBitsOverflowEarlier() {
        #expect(describe(NumberText.float(Array("3.4028235e38".utf8)[...])) == "3.4028235e+38")
        #expect(describe(NumberText.float(Array("3.5e38".utf8)[...])) == "out of range")
        #expect(describe(NumberText.float(Array("Infinity".utf8)[...])) == "inf")
    }
}
