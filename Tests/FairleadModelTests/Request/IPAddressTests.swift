// Fairlead: tests of IP addresses as numbers
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct IPAddressTests {
    static func read(_ text: String) -> IPAddress? { Bytes.withBytes(of: text) { IPAddress($0) } }

    @Test func bothVersionsAreRead() {
        #expect(Self.read("10.1.2.3") == IPAddress(high: 0, low: 0x0a01_0203, isVersion6: false))
        #expect(Self.read("255.255.255.255") == IPAddress(high: 0, low: 0xffff_ffff, isVersion6: false))
        #expect(Self.read("::") == IPAddress(high: 0, low: 0, isVersion6: true))
        #expect(Self.read("::1") == IPAddress(high: 0, low: 1, isVersion6: true))
        #expect(Self.read("fe80::") == IPAddress(high: 0xfe80 << 48, low: 0, isVersion6: true))
        #expect(
            Self.read("2001:DB8:0:1:2:3:4:5")
                == IPAddress(high: 0x2001_0db8_0000_0001, low: 0x0002_0003_0004_0005, isVersion6: true))
        #expect(Self.read("2001:db8::5") == IPAddress(high: 0x2001_0db8_0000_0000, low: 5, isVersion6: true))
        #expect(Self.read("::ffff:10.1.2.3") == IPAddress(high: 0, low: 0xffff_0a01_0203, isVersion6: true))
        #expect(
            Self.read("1:2:3:4:5:6:7.8.9.10")
                == IPAddress(high: 0x0001_0002_0003_0004, low: 0x0005_0006_0708_090a, isVersion6: true))
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4:80", " 1.2.3.4",
        "1.2.3.a",
        ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "[::1]",
        "::1%lo",
        "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "0000.1.1.1",
    ])
    func otherTextsAreNone(_ text: String) {
        #expect(Self.read(text) == nil)
    }

    @Test(arguments: [
        ("10.1.2.3", "10.255.0.1", 8, true), ("10.1.2.3", "11.1.2.3", 8, false), ("10.1.2.3", "11.1.2.3", 7, true),
        ("10.1.2.3", "10.1.2.2", 32, false), ("10.1.2.3", "10.1.2.3", 64, true), ("1.2.3.4", "200.1.1.1", 0, true),
        ("10.1.2.3", "::ffff:10.1.2.3", 0, false), ("fc00::1", "fdff::2", 7, true), ("fc00::1", "fe00::2", 7, false),
        ("1::1", "1::2", 64, true), ("1::1", "1::2", 127, false), ("1::2", "1::3", 127, true),
        ("1::1", "1::1", 128, true),
        ("1::1", "2::1", 128, false), ("1::1", "9::9", 0, true),
    ])
    func rangesAreSharedFirstBits(_ left: String, _ right: String, _ length: Int, _ expected: Bool) throws {
        let (first, second) = try (#require(Self.read(left)), #require(Self.read(right)))
        #expect(first.shares(length, with: second) == expected)
        #expect(second.shares(length, with: first) == expected)
    }
}
