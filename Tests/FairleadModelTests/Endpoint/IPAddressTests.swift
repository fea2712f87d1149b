// Fairlead: tests of IP addresses
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("10.1.9.9", "10.1.9.9"), ("::", "::"),
        ("1::", "1::"), ("::2", "::2"), ("FD00::0001", "fd00::1"), ("1:0:0:2::3", "1:0:0:2::3"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("::ffff:0a00:1", "::ffff:10.0.0.1"), ("::10.0.0.1", "::10.0.0.1"),
        ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("0:0:0:0:0:0:0:1", "::1"), ("1:0:0:0:0:0:0:0", "1::"),
        ("1:0:0:4:5:0:0:8", "1::4:5:0:0:8"), ("fe80::a:0:b", "fe80::a:0:b"),
    ])
    func anAddressIsSpelledAsEnvoySpellsIt(text: String, spelled: String) {
        #expect(IPAddress(text)?.text == spelled)
    }

    @Test(arguments: [
        "", "junk", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", "1..2.3", " 1.2.3.4", "1.2.3.4 ", "+1.2.3.4",
        "0x1.2.3.4",
        "00.1.2.3", "10.0.0.01", "10.0.0.1:80", "[::1]", "12345::", "::g", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7",
        "1:::2",
        ":1::", "1:", ":", "1::2::3", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.4:5", "::1.2.3", "fe80::1%1",
        "1:2:3:4:5:6:7:8:",
        "::1:2:3:4:5:6:7:8",
    ])
    func whatIsNoAddressIsNone(text: String) { #expect(IPAddress(text) == nil) }

    @Test func privateAddressesAreThoseThatEnvoyTakesForInternal() {
        for text in ["10.0.0.0", "172.16.0.1", "172.31.255.255", "192.168.255.1", "127.0.0.1", "::1", "fd12::"] {
            #expect(IPAddress(text)?.isPrivate == true, "\(text)")
        }
        for text in ["127.0.0.2", "172.32.0.0", "192.169.0.1", "169.254.1.1", "8.8.8.8", "fc00::1", "fe80::1", "::"] {
            #expect(IPAddress(text)?.isPrivate == false, "\(text)")
        }
    }

    @Test func bothVersionsAreRead() {
        #expect(IPAddress("10.1.2.3") == IPAddress(high: 0, low: 0x0a01_0203, isVersion6: false))
        #expect(IPAddress("255.255.255.255") == IPAddress(high: 0, low: 0xffff_ffff, isVersion6: false))
        #expect(IPAddress("::") == IPAddress(high: 0, low: 0, isVersion6: true))
        #expect(IPAddress("::1") == IPAddress(high: 0, low: 1, isVersion6: true))
        #expect(IPAddress("fe80::") == IPAddress(high: 0xfe80 << 48, low: 0, isVersion6: true))
        #expect(
            IPAddress("2001:DB8:0:1:2:3:4:5")
                == IPAddress(high: 0x2001_0db8_0000_0001, low: 0x0002_0003_0004_0005, isVersion6: true))
        #expect(IPAddress("2001:db8::5") == IPAddress(high: 0x2001_0db8_0000_0000, low: 5, isVersion6: true))
        #expect(IPAddress("::ffff:10.1.2.3") == IPAddress(high: 0, low: 0xffff_0a01_0203, isVersion6: true))
        #expect(
            IPAddress("1:2:3:4:5:6:7.8.9.10")
                == IPAddress(high: 0x0001_0002_0003_0004, low: 0x0005_0006_0708_090a, isVersion6: true))
    }

    @Test(arguments: [
        "1", "1.2.3.4.", ".1.2.3", "1.2.3.4:80", "1.2.3.a", "1:2:3:4:5:6:7:8::", "g::", "1.2.3.4::", "0000.1.1.1",
    ])
    func otherTextsAreNone(text: String) { #expect(IPAddress(text) == nil) }

    @Test(
        arguments: [
            ("fe80::1%eth0", "fe80::1"), ("fe80::1", "fe80::1"), ("1.2.3.4", "1.2.3.4"), ("fe80::1%", nil),
            ("%eth0", nil),
            ("1.2.3.4%eth0", nil), ("x%eth0", nil),
        ] as [(String, String?)])
    func anAddressOfVersion6MayNameItsScope(text: String, expected: String?) {
        #expect(Bytes.withBytes(of: text) { IPAddress(scoped: $0)?.text } == expected)
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
        let (first, second) = try (#require(IPAddress(left)), #require(IPAddress(right)))
        #expect(first.shares(length, with: second) == expected)
        #expect(second.shares(length, with: first) == expected)
    }
}
