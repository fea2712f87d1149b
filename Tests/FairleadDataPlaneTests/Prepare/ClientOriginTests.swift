// Fairlead: tests of whose request it is: all answers are those of Envoy 1.40
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import Testing

@testable import FairleadDataPlane

@Suite struct ClientOriginTests {
    @Test(
        arguments: [
            (nil, 0, false, "9.9.9.9:1"), ("1.1.1.1, 2.2.2.2", 0, false, "2.2.2.2:0"),
            ("1.1.1.1,2.2.2.2", 1, false, "1.1.1.1:0"),
            ("1.1.1.1,2.2.2.2", 2, false, "9.9.9.9:1"), ("1.1.1.1,2.2.2.2", 0, true, "9.9.9.9:1"),
            ("1.1.1.1,2.2.2.2", 1, true, "2.2.2.2:0"), ("1.1.1.1,2.2.2.2", 2, true, "1.1.1.1:0"),
            ("junk", 0, false, "9.9.9.9:1"),
            ("", 0, false, "9.9.9.9:1"), ("10.0.0.1,", 0, false, "9.9.9.9:1"), ("10.0.0.1,", 1, false, "10.0.0.1:0"),
            (",10.0.0.1", 0, false, "10.0.0.1:0"), ("10.0.0.1:80", 0, false, "9.9.9.9:1"),
            ("[::1]", 0, false, "9.9.9.9:1"),
            ("FD00::01", 0, false, "[fd00::1]:0"), (" 10.0.0.1\t", 0, false, "10.0.0.1:0"),
        ] as [(String?, UInt32, Bool, String)])
    func theClientStandsSoManyPlacesFromTheRight(list: String?, hops: UInt32, remote: Bool, source: String) {
        let headers = list.map { [("x-forwarded-for", $0)] } ?? []
        let told = PreparationTests.prepare("/", headers, peer: "9.9.9.9:1") {
            $0.trustedHops = hops
            $0.usesRemoteAddress = remote
        }
        #expect(told.source == source)
    }

    @Test func thePeerIsAddedToTheList() {
        let told = PreparationTests.prepare(
            "/", [("x-forwarded-for", "1.1.1.1"), ("X-Forwarded-For", "2.2.2.2")], peer: "9.9.9.9:1"
        ) {
            $0.usesRemoteAddress = true
        }
        #expect(told.header("x-forwarded-for") == "1.1.1.1,2.2.2.2,9.9.9.9")
        #expect(told.header("x-envoy-external-address") == "9.9.9.9")
        let first = PreparationTests.prepare("/", peer: "[::1]:9") { $0.usesRemoteAddress = true }
        #expect(first.header("x-forwarded-for") == "::1")
        let silent = PreparationTests.prepare("/", [("x-forwarded-for", "1.1.1.1")], peer: "9.9.9.9:1") {
            $0.usesRemoteAddress = true
            $0.skipsForwardedFor = true
        }
        #expect(silent.header("x-forwarded-for") == "1.1.1.1")
        let socket = PreparationTests.prepare("/", peer: "/run/a.sock") { $0.usesRemoteAddress = true }
        #expect(socket.header("x-forwarded-for") == nil)
    }

    @Test(
        arguments: [
            ("10.0.0.1", false, 0, true), ("8.8.8.8", false, 0, false), ("8.8.8.8,10.0.0.1", false, 0, false),
            ("10.0.0.1, 10.0.0.2", false, 1, false), (nil, false, 0, false), (nil, true, 0, true), (nil, true, 1, true),
            ("10.0.0.1", true, 0, false), ("10.0.0.1", true, 1, false), ("junk", false, 0, false),
        ] as [(String?, Bool, UInt32, Bool)])
    func onlyASingleAddressCanBeInside(list: String?, remote: Bool, hops: UInt32, isInside: Bool) {
        let headers = list.map { [("x-forwarded-for", $0)] } ?? []
        let told = PreparationTests.prepare("/", headers, peer: "127.0.0.1:1") {
            $0.internalAddresses = InternalAddresses()
            $0.usesRemoteAddress = remote
            $0.trustedHops = hops
        }
        #expect(told.isInternal == isInside)
        #expect((told.header("x-envoy-internal") == "true") == isInside)
        let unknown = PreparationTests.prepare("/", headers, peer: "127.0.0.1:1") { $0.usesRemoteAddress = remote }
        #expect(!unknown.isInternal)
    }

    @Test func aUnixSocketIsInsideWhereThatIsSaid() {
        for isSaid in [true, false] {
            let told = PreparationTests.prepare("/", peer: "/run/a.sock") {
                $0.usesRemoteAddress = true
                $0.internalAddresses = InternalAddresses(includesUnixSockets: isSaid)
            }
            #expect(told.isInternal == isSaid)
        }
    }

    @Test func headersOfEnvoyAreBelievedOnlyFromInside() {
        let names = [
            "x-envoy-retry-on", "x-envoy-internal", "x-envoy-decorator-operation", "x-envoy-original-path",
            "x-envoy-foo",
            "x-envoy-upstream-rq-timeout-alt-response",
        ]
        let headers = names.map { ($0, "1") }
        func kept(_ change: (inout PreparationRules) -> Void) -> [String] {
            PreparationTests.prepare("/", headers, peer: "127.0.0.1:1", change).headers.filter { $0.hasSuffix(": 1") }
                .map { String($0.dropLast(3)) }
        }
        #expect(kept { _ in } == ["x-envoy-decorator-operation", "x-envoy-original-path", "x-envoy-foo"])
        #expect(kept { $0.usesRemoteAddress = true } == ["x-envoy-foo"])
        #expect(
            kept {
                $0.usesRemoteAddress = true
                $0.internalAddresses = InternalAddresses()
            } == names.filter { $0 != "x-envoy-internal" })
    }
}
