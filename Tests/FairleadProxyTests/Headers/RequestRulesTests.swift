// Fairlead: tests of requests that are refused before they are routed
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import Testing

@testable import FairleadProxy

@Suite struct RequestRulesTests {
    static func refusal(_ path: String?, authority: String? = "a.b", method: String = "GET") -> UInt16? {
        let request = Request(method: method, authority: authority, path: path)
        let view = request.view
        return RequestRules.refusal(method: view.method, authority: view.authority, path: view.path)
    }

    @Test(arguments: ["/", "/a?b=c", "/%20", "/a;b~!$&'()*+,=:@", "//"])
    func wellFormedTargetsPass(path: String) { #expect(Self.refusal(path) == nil) }

    @Test(arguments: ["", "a", "/a#b", "/a b", "/é", "/\u{7f}", "/\t", "*", "http://a/"])
    func otherTargetsAreRefused(path: String) { #expect(Self.refusal(path) == 400) }

    @Test func optionsStarIsWellFormedButNowhere() { #expect(Self.refusal("*", method: "OPTIONS") == 404) }

    @Test func aRequestWithoutAHostIsRefused() { #expect(Self.refusal("/", authority: nil) == 400) }

    @Test func aConnectNeedsNoPath() { #expect(Self.refusal(nil, method: "CONNECT") == nil) }

    @Test(arguments: ["a b", "a/b", "a\"b", "é", "a#", "a?", "a\\b"])
    func oddHostsAreRefused(host: String) { #expect(Self.refusal("/", authority: host) == 400) }

    @Test(arguments: ["", "a.b:80", "[::1]:80", "A_b~", "a%20b", "user@host"])
    func otherHostsPass(host: String) { #expect(Self.refusal("/", authority: host) == nil) }
}
