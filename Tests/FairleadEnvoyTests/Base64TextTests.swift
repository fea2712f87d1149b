// Fairlead: tests of bytes from base64
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FairleadEnvoy

@Suite struct Base64TextTests {
    private func decode(_ text: String) -> [UInt8]? { decode(text, ignoringLineBreaks: false) }

    private func decode(_ text: String, ignoringLineBreaks: Bool) -> [UInt8]? {
        Base64Text.decode(Array(text.utf8).span, ignoringLineBreaks: ignoringLineBreaks)
    }

    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
        ("Zm9vYmFy", "foobar"), ("Zg", "f"), ("Zm8", "fo"), ("Zm9vYmE", "fooba"),
    ])
    func paddingMayBeThereOrNot(_ text: String, _ expected: String) {
        #expect(decode(text) == Array(expected.utf8))
    }

    @Test func bothAlphabetsAreTaken() {
        #expect(decode("+/+/") == [0xFB, 0xFF, 0xBF])
        #expect(decode("-_-_") == [0xFB, 0xFF, 0xBF])
    }

    @Test(arguments: ["Z", "Zm9vZ", "Zg=", "Zm8==", "Zm9v=", "=", "Zg==Zg==", "Zm 9v", "Zm9\n", "Zm9*", "Zm9é", "Z==="])
    func whatIsNoBase64IsRefused(_ text: String) {
        #expect(decode(text) == nil)
    }

    @Test func lineBreaksMayBePassedOver() {
        #expect(decode("Zm\n9v", ignoringLineBreaks: true) == Array("foo".utf8))
    }
}
