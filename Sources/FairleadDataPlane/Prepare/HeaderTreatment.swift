// Fairlead: how each header of a request is treated on arrival
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// How the lines of one header are treated when a request arrives, by the header's name.
struct HeaderTreatment {
    /// What becomes of the lines.
    enum Rule: UInt8 {
        /// They stay.
        case keep
        /// They go: they speak of one connection only.
        case drop
        /// `connection`: it stays for requests that ask for another protocol.
        case connection
        /// `upgrade`: the same.
        case upgrade
        /// `te`: only the wish for trailers is passed on.
        case te
        /// `host`: it is the authority, and no header.
        case host
        /// They go unless the request comes from inside.
        case inside
        /// They go where requests enter the network.
        case edge
        case forwardedFor
        case forwardedProto
        /// `http2-settings`: it belongs to an upgrade to HTTP/2, which is not made.
        case settings
    }

    var rule: Rule
    /// A number from 1 to 63 for the headers that Envoy keeps one line of: repeated lines are joined with commas. 0 for
    /// the others, whose lines stay apart.
    var slot: UInt8

    private init(_ rule: Rule, _ slot: UInt8) {
        self.rule = rule
        self.slot = slot
    }

    /// The treatment of the header `name`, in any case.
    init(_ name: Bytes) {
        self.init(.keep, 0)
        guard name.count > 1, name.count <= 40 else { return }
        // Few first letters can be those of a name that matters.
        switch ASCII.lowercased(name[0]) {
        case UInt8(ascii: "x"): self = HeaderTreatment.extended(name)
        case UInt8(ascii: "a"): self = HeaderTreatment.first(name)
        case UInt8(ascii: "c"), UInt8(ascii: "e"), UInt8(ascii: "g"), UInt8(ascii: "h"), UInt8(ascii: "i"),
            UInt8(ascii: "k"), UInt8(ascii: "o"), UInt8(ascii: "p"), UInt8(ascii: "r"), UInt8(ascii: "t"),
            UInt8(ascii: "u"), UInt8(ascii: "v"):
            self = HeaderTreatment.plain(name)
        default: break
        }
    }

    private static func first(_ name: Bytes) -> HeaderTreatment {
        switch name.count {
        case 6 where name.foldedEquals("accept"): HeaderTreatment(.keep, 1)
        case 13 where name.foldedEquals("authorization"): HeaderTreatment(.keep, 2)
        case 15 where name.foldedEquals("accept-encoding"): HeaderTreatment(.keep, 3)
        case 29 where name.foldedEquals("access-control-request-method"): HeaderTreatment(.keep, 4)
        case 30 where name.foldedEquals("access-control-request-headers"): HeaderTreatment(.keep, 5)
        case 38 where name.foldedEquals("access-control-request-private-network"): HeaderTreatment(.keep, 6)
        default: HeaderTreatment(.keep, 0)
        }
    }

    private static func plain(_ name: Bytes) -> HeaderTreatment {
        switch name.count {
        case 2 where name.foldedEquals("te"): HeaderTreatment(.te, 7)
        case 3 where name.foldedEquals("via"): HeaderTreatment(.keep, 8)
        case 4 where name.foldedEquals("host"): HeaderTreatment(.host, 9)
        case 6 where name.foldedEquals("expect"): HeaderTreatment(.keep, 10)
        case 6 where name.foldedEquals("origin"): HeaderTreatment(.keep, 11)
        case 6 where name.foldedEquals("pragma"): HeaderTreatment(.keep, 12)
        case 7 where name.foldedEquals("referer"): HeaderTreatment(.keep, 13)
        case 7 where name.foldedEquals("upgrade"): HeaderTreatment(.upgrade, 14)
        case 8 where name.foldedEquals("if-match"): HeaderTreatment(.keep, 15)
        case 8 where name.foldedEquals("if-range"): HeaderTreatment(.keep, 16)
        case 10 where name.foldedEquals("user-agent"): HeaderTreatment(.keep, 17)
        case 10 where name.foldedEquals("connection"): HeaderTreatment(.connection, 18)
        case 10 where name.foldedEquals("keep-alive"): HeaderTreatment(.drop, 0)
        case 12 where name.foldedEquals("content-type"): HeaderTreatment(.keep, 19)
        case 12 where name.foldedEquals("grpc-timeout"): HeaderTreatment(.keep, 20)
        case 12 where name.foldedEquals("proxy-status"): HeaderTreatment(.keep, 21)
        case 13 where name.foldedEquals("cache-control"): HeaderTreatment(.keep, 22)
        case 13 where name.foldedEquals("if-none-match"): HeaderTreatment(.keep, 23)
        case 14 where name.foldedEquals("http2-settings"): HeaderTreatment(.settings, 0)
        case 16 where name.foldedEquals("content-encoding"): HeaderTreatment(.keep, 24)
        case 16 where name.foldedEquals("proxy-connection"): HeaderTreatment(.drop, 0)
        case 17 where name.foldedEquals("if-modified-since"): HeaderTreatment(.keep, 25)
        case 17 where name.foldedEquals("transfer-encoding"): HeaderTreatment(.drop, 0)
        case 19 where name.foldedEquals("if-unmodified-since"): HeaderTreatment(.keep, 26)
        case 20 where name.foldedEquals("grpc-accept-encoding"): HeaderTreatment(.keep, 27)
        default: HeaderTreatment(.keep, 0)
        }
    }

    private static func extended(_ name: Bytes) -> HeaderTreatment {
        switch name.count {
        case 12 where name.foldedEquals("x-request-id"): HeaderTreatment(.keep, 28)
        case 15 where name.foldedEquals("x-forwarded-for"): HeaderTreatment(.forwardedFor, 29)
        case 16 where name.foldedEquals("x-forwarded-host"): HeaderTreatment(.keep, 30)
        case 16 where name.foldedEquals("x-forwarded-port"): HeaderTreatment(.keep, 31)
        case 17 where name.foldedEquals("x-forwarded-proto"): HeaderTreatment(.forwardedProto, 32)
        case 17 where name.foldedEquals("x-client-trace-id"): HeaderTreatment(.keep, 33)
        default: name.count > 14 && name.prefix(8).foldedEquals("x-envoy-") ? envoys(name) : HeaderTreatment(.keep, 0)
        }
    }

    private static func envoys(_ name: Bytes) -> HeaderTreatment {
        switch name.count {
        case 15 where name.foldedEquals("x-envoy-ip-tags"): HeaderTreatment(.inside, 34)
        case 16 where name.foldedEquals("x-envoy-internal"): HeaderTreatment(.drop, 0)
        case 16 where name.foldedEquals("x-envoy-retry-on"): HeaderTreatment(.inside, 35)
        case 19 where name.foldedEquals("x-envoy-force-trace"): HeaderTreatment(.inside, 36)
        case 19 where name.foldedEquals("x-envoy-max-retries"): HeaderTreatment(.inside, 37)
        case 20 where name.foldedEquals("x-envoy-original-url"): HeaderTreatment(.inside, 38)
        case 21 where name.foldedEquals("x-envoy-attempt-count"): HeaderTreatment(.keep, 39)
        case 21 where name.foldedEquals("x-envoy-original-host"): HeaderTreatment(.edge, 40)
        case 21 where name.foldedEquals("x-envoy-original-path"): HeaderTreatment(.edge, 41)
        case 21 where name.foldedEquals("x-envoy-retry-grpc-on"): HeaderTreatment(.inside, 42)
        case 24 where name.foldedEquals("x-envoy-external-address"): HeaderTreatment(.edge, 43)
        case 24 where name.foldedEquals("x-envoy-is-timeout-retry"): HeaderTreatment(.keep, 44)
        case 27 where name.foldedEquals("x-envoy-decorator-operation"): HeaderTreatment(.edge, 45)
        case 30 where name.foldedEquals("x-envoy-expected-rq-timeout-ms"): HeaderTreatment(.inside, 46)
        case 30 where name.foldedEquals("x-envoy-retriable-header-names"): HeaderTreatment(.inside, 47)
        case 30 where name.foldedEquals("x-envoy-retriable-status-codes"): HeaderTreatment(.inside, 48)
        case 30 where name.foldedEquals("x-envoy-upstream-alt-stat-name"): HeaderTreatment(.inside, 49)
        case 30 where name.foldedEquals("x-envoy-upstream-rq-timeout-ms"): HeaderTreatment(.inside, 50)
        case 31 where name.foldedEquals("x-envoy-downstream-service-node"): HeaderTreatment(.edge, 51)
        case 32 where name.foldedEquals("x-envoy-hedge-on-per-try-timeout"): HeaderTreatment(.inside, 52)
        case 34 where name.foldedEquals("x-envoy-downstream-service-cluster"): HeaderTreatment(.edge, 53)
        case 35 where name.foldedEquals("x-envoy-upstream-stream-duration-ms"): HeaderTreatment(.inside, 54)
        case 38 where name.foldedEquals("x-envoy-upstream-rq-per-try-timeout-ms"): HeaderTreatment(.inside, 55)
        case 40 where name.foldedEquals("x-envoy-upstream-rq-timeout-alt-response"): HeaderTreatment(.inside, 56)
        default: HeaderTreatment(.keep, 0)
        }
    }
}
