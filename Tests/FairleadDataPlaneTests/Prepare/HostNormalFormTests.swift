// Fairlead: tests of the normal form of hosts: all answers are those of Envoy 1.40
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct HostNormalFormTests {
    @Test(arguments: [
        ("h", "h"), ("h.", "h"), ("h..", "h."), (".", ""), ("h.:80", "h:80"), ("h.:", "h:"), ("[::1].", "[::1]"),
        ("1.2.3.4.", "1.2.3.4"), ("1.2.3.4.:5", "1.2.3.4:5"), (".:80", ":80"), ("h.x:80", "h.x:80"), ("", ""),
    ])
    func aDotAtTheEndIsTakenOff(host: String, expected: String) {
        let result = PathNormalFormTests.result(host) { HostNormalForm.withoutTrailingDot($0, &$1) }
        #expect(result == expected)
    }

    @Test(arguments: [
        ("h:80", "h"), ("h", "h"), ("h:", "h:"), ("h:abc", "h:abc"), ("h:+80", "h"), ("h:080", "h"), ("h:-1", "h:-1"),
        ("h:99999999999", "h:99999999999"), ("h:65536", "h"), ("h:80:90", "h:80"), ("[::1]", "[::1]"),
        ("[::1]:80", "[::1]"), ("::1", ":"), ("h:0", "h"), (":80", ""), ("[::1", "[:"), ("a,b:80", "a,b"), ("", ""),
    ])
    func thePortIsTakenOff(host: String, expected: String) {
        #expect(PathNormalFormTests.result(host) { host, _ in HostNormalForm.withoutPort(host) } == expected)
    }

    @Test(arguments: [("h:80", "h"), ("h:080", "h"), ("h:81", "h:81"), ("[::1]:80", "[::1]"), ("h", "h")])
    func onlyTheWantedPortIsTakenOff(host: String, expected: String) {
        #expect(
            PathNormalFormTests.result(host) { host, _ in HostNormalForm.withoutPort(host, wanted: 80) } == expected)
    }

    @Test(arguments: [
        ("10.0.0.1:4711", "10.0.0.1"), ("[::1]:80", "::1"), ("::1", ":"), ("/run/a.sock", "/run/a.sock"), ("", ""),
        ("[::1]", "::1"), ("[]", ""), ("[", "["),
    ])
    func theHostOfAnAddressHasNoBrackets(address: String, expected: String) {
        #expect(PathNormalFormTests.result(address) { address, _ in HostNormalForm.host(of: address) } == expected)
    }
}
