// Fairlead: tests of IP addresses
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@Suite struct ClientAddressTests {
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
        #expect(ClientAddress(text)?.text == spelled)
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
    func whatIsNoAddressIsNone(text: String) { #expect(ClientAddress(text) == nil) }

    @Test func privateAddressesAreThoseThatEnvoyTakesForInternal() {
        for text in ["10.0.0.0", "172.16.0.1", "172.31.255.255", "192.168.255.1", "127.0.0.1", "::1", "fd12::"] {
            #expect(ClientAddress(text)?.isPrivate == true, "\(text)")
        }
        for text in ["127.0.0.2", "172.32.0.0", "192.169.0.1", "169.254.1.1", "8.8.8.8", "fc00::1", "fe80::1", "::"] {
            #expect(ClientAddress(text)?.isPrivate == false, "\(text)")
        }
    }

    @Test(arguments: [
        ("10.1.2.3", 16, "10.1.9.9", true), ("10.1.2.3", 16, "10.2.0.0", false), ("10.0.0.0", 0, "255.1.1.1", true),
        ("10.0.0.1", 33, "10.0.0.1", true), ("10.0.0.1", 32, "10.0.0.2", false), ("fe80::", 10, "febf::1", true),
        ("fe80::", 10, "fec0::1", false), ("1:2:3:4:5::", 72, "1:2:3:4:500::9", false), ("::", 0, "ffff::", true),
        ("::", 0, "1.2.3.4", false), ("0.0.0.0", 0, "::1", false), ("1:2:3:4:5::", 80, "1:2:3:4:5:6::", true),
        ("1::1", 128, "1::1", true), ("1::1", 200, "1::2", false), ("1::1", -3, "2::2", true),
    ])
    func aRangeHoldsWhatBeginsLikeIt(text: String, length: Int, other: String, holds: Bool) throws {
        let range = ClientRange(try #require(ClientAddress(text)), length: length)
        #expect(range.contains(try #require(ClientAddress(other))) == holds)
        #expect(ClientRange(range.first, length: range.length) == range)
    }
}
