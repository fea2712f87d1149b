// Fairlead: the head of a request, as it goes to an endpoint
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import NIOHTTP1

/// The head of a request as it goes to an endpoint: rewritten and changed as its route says, once; the numbers that
/// differ from attempt to attempt are put in for each.
struct ForwardedHead {
    /// The request as it came, which responses are composed from.
    let arrived: ArrivedRequest
    /// When it began, in nanoseconds since 1970.
    private let startedAt: UInt64
    private let rewritesGRPCTimeout: Bool
    /// The address that it came in on.
    let destination: String
    private let method: HTTPMethod
    private let path: String
    private var authority: String
    private var headers: HeaderLines
    private var takesHostFromEndpoint: Bool
    private let countsAttempts: Bool
    private let originalAuthority: String
    private let addsEnvoyHeaders: Bool
    private let appendsForwardedHost: Bool

    /// The head of `arrived`, which the loop's request holds, on `route`.
    init(
        _ arrived: ArrivedRequest, _ route: RouteView, _ settings: ListenerSettings, destination: String,
        expectedMilliseconds: UInt64, rewritesGRPCTimeout: Bool, _ loop: ProxyLoop
    ) {
        self.rewritesGRPCTimeout = rewritesGRPCTimeout
        self.destination = destination
        self.arrived = arrived
        startedAt = loop.requestTime
        method = arrived.method
        addsEnvoyHeaders = !settings.manager.suppressesEnvoyHeaders
        takesHostFromEndpoint = route.takesHostFromEndpoint
        countsAttempts = route.includesRequestAttemptCount
        appendsForwardedHost = route.appendsForwardedHost
        headers = arrived.headers
        headers.removeAll { HeaderName.isForRouter($0.name) }
        if addsEnvoyHeaders, expectedMilliseconds > 0 {
            headers.append("x-envoy-expected-rq-timeout-ms", String(expectedMilliseconds))
        }
        if rewritesGRPCTimeout {
            headers.remove("grpc-timeout")
            if expectedMilliseconds > 0 { headers.append("grpc-timeout", "\(expectedMilliseconds)m") }
        }
        if countsAttempts { headers.set("x-envoy-attempt-count", "1") }
        let isMutated = headers.apply(route, toResponse: false) { addition, lines in
            loop.value(of: addition, route, requestLines: lines)
        }
        // Rewrites see the headers as they are now.
        if isMutated { loop.fill(headers) }
        arrived.framing.write(to: &headers, method: method)

        let request = loop.request
        authority = loop.text { output in
            route.writeAuthority(request.view, endpointHostname: .missing, into: &output)
        }
        // A rewrite that belongs to a weighted cluster alone leaves no trace.
        let before = route.weightedClusterHost
        originalAuthority = before.isEmpty ? arrived.authority ?? "" : before.string
        if route.rewritesHost, !takesHostFromEndpoint {
            Self.noteRewrite(
                &headers, from: originalAuthority, to: authority, notesOriginal: addsEnvoyHeaders,
                appends: appendsForwardedHost)
        }
        var isRewritten = false
        path = loop.text { output in isRewritten = route.writePath(request.view, into: &output) }
        if isRewritten, addsEnvoyHeaders { headers.set("x-envoy-original-path", arrived.path ?? "") }
    }

    /// Fills the loop's request again, as it went to the endpoint: responses are composed from it.
    func refill(_ loop: ProxyLoop) {
        loop.fill(arrived, destination: destination)
        loop.requestTime = startedAt
        loop.fill(headers)
        loop.request.set(authority: authority)
        if arrived.path != nil { loop.request.set(path: path) }
    }

    /// The head of a copy, which the mirror policy at `index` of `route` makes.
    func mirrored(_ index: Int, _ route: RouteView, _ loop: ProxyLoop) -> ForwardedHead {
        var copy = self
        let authority = authority
        copy.authority = loop.text { output in
            Bytes.withBytes(of: authority) { route.writeMirrorAuthority(index, of: $0, into: &output) }
        }
        copy.takesHostFromEndpoint = false
        copy.headers.set("x-envoy-internal", "true")
        copy.headers.apply(mirror: index, of: route) { loop.value(of: $0, route, requestLines: $1) }
        return copy
    }

    /// The head for one attempt.
    ///
    /// - Parameter hostname: the endpoint's host name, empty for none.
    /// - Parameter expectedMilliseconds: what the endpoint is told of the time it has; `nil` for no limit.
    func head(attempt: Int, hostname: String, expectedMilliseconds: UInt64?) -> HTTPRequestHead {
        var lines = headers
        var host = authority
        if attempt > 1 {
            if countsAttempts { lines.set("x-envoy-attempt-count", String(attempt)) }
            if let expectedMilliseconds, lines.contains("x-envoy-expected-rq-timeout-ms") {
                lines.set("x-envoy-expected-rq-timeout-ms", String(expectedMilliseconds))
            }
            if let expectedMilliseconds, rewritesGRPCTimeout { lines.set("grpc-timeout", "\(expectedMilliseconds)m") }
        }
        if takesHostFromEndpoint, !hostname.isEmpty {
            host = hostname
            Self.noteRewrite(
                &lines, from: originalAuthority, to: host, notesOriginal: addsEnvoyHeaders,
                appends: appendsForwardedHost)
        }
        return HTTPRequestHead(
            version: .http1_1, method: method, uri: path,
            headers: lines.httpHeaders(after: HeaderLines.Line(name: "host", value: host)))
    }

    private static func noteRewrite(
        _ headers: inout HeaderLines, from old: String, to new: String, notesOriginal: Bool, appends: Bool
    ) {
        guard old != new else { return }
        if notesOriginal { headers.set("x-envoy-original-host", old) }
        guard appends else { return }
        guard let present = headers["x-forwarded-host"] else { return headers.append("x-forwarded-host", old) }
        let last = present.split(separator: ",", omittingEmptySubsequences: false).last
        if last.map(String.init) != old { headers.set("x-forwarded-host", present + "," + old) }
    }
}
