// Fairlead: tests of ranges of IP addresses
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct IPRangeTests {
    @Test(arguments: [
        ("10.1.2.3", 16, "10.1.9.9", true), ("10.1.2.3", 16, "10.2.0.0", false), ("10.0.0.0", 0, "255.1.1.1", true),
        ("10.0.0.1", 33, "10.0.0.1", true), ("10.0.0.1", 32, "10.0.0.2", false), ("fe80::", 10, "febf::1", true),
        ("fe80::", 10, "fec0::1", false), ("1:2:3:4:5::", 72, "1:2:3:4:500::9", false), ("::", 0, "ffff::", true),
        ("::", 0, "1.2.3.4", false), ("0.0.0.0", 0, "::1", false), ("1:2:3:4:5::", 80, "1:2:3:4:5:6::", true),
        ("1::1", 128, "1::1", true), ("1::1", 200, "1::2", false), ("1::1", -3, "2::2", true),
    ])
    func aRangeHoldsWhatBeginsLikeIt(text: String, length: Int, other: String, holds: Bool) throws {
        let range = IPRange(try #require(IPAddress(text)), length: length)
        #expect(range.contains(try #require(IPAddress(other))) == holds)
        #expect(IPRange(range.first, length: range.length) == range)
    }
}
