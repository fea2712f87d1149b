// Fairlead: redirects that are followed in the client's place
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// The redirects of one request that were followed so far. The host keeps it beside the exchanges.
public struct RedirectChain: BitwiseCopyable, Sendable {
    private static var capacity: Int { 8 }

    /// How many were followed.
    public private(set) var count: UInt32 = 0
    private var steps: UInt32 = 0
    /// From which route to which one, as hashes of both names.
    private var visited = InlineArray<8, UInt64>(repeating: 0)

    /// None yet.
    public init() {}

    /// Notes a step from a route to another; answers whether it is the first one of its kind. Beyond what can be kept
    /// in mind no step is.
    mutating func isNew(from route: Bytes, to next: Bytes) -> Bool {
        let step = XXHash64.hash(next, seed: XXHash64.hash(route))
        for index in 0..<Int(steps) where visited[index] == step { return false }
        guard Int(steps) < RedirectChain.capacity else { return false }
        visited[Int(steps)] = step
        steps += 1
        return true
    }

    mutating func follow() { count += 1 }
}

/// Where a redirect leads: parts of its Location, borrowed like that.
public struct RedirectTarget: BitwiseCopyable {
    /// `http` or `https`.
    public let scheme: Bytes
    /// The host with its port.
    public let authority: Bytes
    /// The path with its query, without a fragment.
    public let path: Bytes
    /// Whether the new request is a GET without a body: after a 303, if it was neither GET nor HEAD.
    public let becomesGet: Bool

    /// A place; see the properties for what each part means.
    public init(scheme: Bytes, authority: Bytes, path: Bytes, becomesGet: Bool) {
        self.scheme = scheme
        self.authority = authority
        self.path = path
        self.becomesGet = becomesGet
    }
}

extension RouteView {
    private var redirects: (record: InternalRedirectsRecord, block: BlockView)? {
        guard let (extras, block) = extras, extras.redirects.exists else { return nil }
        return (block[extras.redirects], block)
    }

    /// Whether the route follows redirects at all: the host then keeps the request's body at hand.
    public var followsRedirects: Bool { redirects != nil }

    /// Where the redirect of an endpoint leads that is to be followed in the client's place; `nil` when the response is
    /// to be passed on.
    ///
    /// The host, which has the whole request at hand, then changes scheme, authority, path and perhaps the method of the
    /// request, copies `copiedHeader`s, says in `x-envoy-original-url` where it went before, begins an exchange with that
    /// request, and asks `accepts(redirectTo:)`. The steps are those of Envoy's router (`convertRequestHeadersForInternalRedirect`).
    public func redirectTarget(
        _ request: borrowing RequestView, status: UInt16, location: Bytes, after chain: RedirectChain
    ) -> RedirectTarget? {
        guard let (record, block) = redirects else { return nil }
        var isFollowed = false
        for index in 0..<Int(record.statuses.count) where block[record.statuses, index] == status { isFollowed = true }
        guard isFollowed, chain.count < record.maximum, let target = RouteView.target(location) else { return nil }
        let wasSecure = request.scheme.equalsIgnoringCase(Constants.https)
        if !record.flags.contains(.allowsOtherScheme), wasSecure != (target.scheme.count == Constants.https.count) {
            return nil
        }
        let keepsMethod = request.method.elementsEqual(Constants.get) || request.method.elementsEqual(Constants.head)
        return RedirectTarget(
            scheme: target.scheme, authority: target.authority, path: target.path,
            becomesGet: status == 303 && !keepsMethod)
    }

    /// Whether the redirect may lead to the route of `next`, the exchange that was begun with the new request; the host
    /// ends that one when it may not, and passes the response on. `chain` notes the step.
    public func accepts(
        redirectTo next: RouteView, _ request: borrowing RequestView, _ target: RedirectTarget,
        _ chain: inout RedirectChain
    ) -> Bool {
        guard let (record, block) = redirects, !next.name.isMissing else { return false }
        let wasSecure = request.scheme.equalsIgnoringCase(Constants.https)
        if record.flags.contains(.refusesHTTPSFromHTTP), !wasSecure, target.scheme.count == Constants.https.count {
            return false
        }
        if record.flags.contains(.asksForRoutes) {
            var isAllowed = false
            for index in 0..<Int(record.allowedRoutes.count) where !isAllowed {
                isAllowed = block.bytes(block[record.allowedRoutes, index]).elementsEqual(next.name)
            }
            if !isAllowed { return false }
        }
        if record.flags.contains(.refusesVisitedRoutes), !chain.isNew(from: name, to: next.name) { return false }
        chain.follow()
        return true
    }

    /// How many headers of the redirect the new request gets, or loses when the redirect does not have them.
    public var copiedHeaderCount: Int { redirects.map { Int($0.record.copiedHeaders.count) } ?? 0 }

    /// The name at `index`, 0 ..< copiedHeaderCount, in lower case.
    public func copiedHeader(_ index: Int) -> Bytes {
        guard let (record, block) = redirects, index >= 0, index < Int(record.copiedHeaders.count) else {
            return .missing
        }
        return block.bytes(block[record.copiedHeaders, index])
    }

    /// Takes an absolute URL apart; `nil` for anything else.
    private static func target(_ location: Bytes) -> (scheme: Bytes, authority: Bytes, path: Bytes)? {
        var rest: Bytes
        let scheme: Bytes
        if location.prefix(7).equalsIgnoringCase(Constants.httpStart) {
            (scheme, rest) = (Constants.http, location.dropFirst(7))
        } else if location.prefix(8).equalsIgnoringCase(Constants.httpsStart) {
            (scheme, rest) = (Constants.https, location.dropFirst(8))
        } else {
            return nil
        }
        rest = rest.prefix(rest.firstIndex(of: UInt8(ascii: "#")) ?? rest.count)
        var end = 0
        while end < rest.count, rest[end] != UInt8(ascii: "/"), rest[end] != UInt8(ascii: "?") { end += 1 }
        var authority = rest.prefix(end)
        // Whoever the host is visited as is not part of it.
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority.dropFirst(at + 1) }
        guard !authority.isEmpty else { return nil }
        let path = rest.dropFirst(end)
        let isPath = !path.isEmpty && path[0] == UInt8(ascii: "/")
        return (scheme, authority, isPath ? path : Constants.slash)
    }
}
