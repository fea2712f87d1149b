// Fairlead: tests of whole numbers in texts
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadConfiguration

@Suite struct WholeNumberTextTests {
    @Test(
        arguments: [
            ("0", 0), ("50", 50), ("+50", 50), ("5e1", 50), ("50.0", 50), ("0.5E+2", 50), ("500e-1", 50), ("050", 50),
            (".5e1", 5), ("5.", 5), ("-0", 0), ("-0.0", 0), ("0e99999999999999999999", 0),
            ("18446744073709551615", .max),
        ] as [(String, UInt64)])
    func readsDecimalNumbers(text: String, number: UInt64) {
        #expect(WholeNumberText.number(text) == number)
    }

    @Test(arguments: [
        "", "+", ".", "e1", "1e", "1e+", "-1", "0.5", "1.01", "5e-1", "18446744073709551616", "1e20",
        "1e99999999999999999999",
        "1e-99999999999999999999", " 1", "1 ", "0x10", "inf", "nan", "1_000", "one",
    ])
    func refusesWhatIsNoWholeNumber(text: String) {
        #expect(WholeNumberText.number(text) == nil)
    }
}
