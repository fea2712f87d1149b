// Fairlead: asking a worker why
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension WorkerCell {
    /// Tells what `begin` and the first `pick` would decide for `request` now, and why. Nothing of the worker changes:
    /// they decide just so when they are called next.
    ///
    /// Virtual host and route come from looking at each domain and route in turn, with the same matcher that the index
    /// uses; everything behind them is what `begin` decides. O(routes). Allocates.
    ///
    /// - Parameters:
    ///   - maximumRoutes: how many earlier routes are listed at most.
    ///   - clusterName: knows the names, by their ids, of clusters that routes name and that do not exist.
    @inline(never)
    public func explain(
        _ request: borrowing RequestView, routeTable: Int, maximumRoutes: Int,
        clusterName: @escaping (UInt32) -> String?
    ) -> Explanation {
        let shadow = makeShadow()
        defer { shadow.deallocate() }
        var exchange = ExchangeState.idle
        shadow.begin(&exchange, request, routeTable: routeTable)
        let route = RouteView(exchange)
        var told = Explanation(generation: snapshot.generation, Explanation.Action(exchange.disposition))
        told.routeTable = route.tableName.isMissing ? nil : route.tableName.string
        explainRoute(route, exchange, request, routeTable, maximumRoutes, &told)
        if exchange.disposition == .forward {
            told.cluster = Explanation.ClusterSelection(route, exchange, request, clusterName)
            told.pick = explainPick(exchange, shadow.random)
        }
        told.action.complete(route, request, told.pick?.endpoint?.hostname, told.cluster)
        shadow.end(&exchange)
        return told
    }

    private func explainRoute(
        _ route: RouteView, _ exchange: ExchangeState, _ request: borrowing RequestView, _ routeTable: Int,
        _ limit: Int, _ told: inout Explanation
    ) {
        guard let table = snapshot.routeTable(routeTable), exchange.disposition != .badRequest else { return }
        var choice = Explanation.VirtualHostChoice(table, request)
        choice.tlsDemand = Self.tlsDemand(exchange, request)
        told.virtualHost = choice
        let name = route.virtualHostName
        told.agreesWithIndex = choice.domain?.virtualHost == (name.isMissing ? nil : name.string)
        guard choice.tlsDemand == nil, let (block, ordinal, random) = route.scanned else { return }
        let parts = TargetParts(request.path)
        let found =
            route.tableFlags.contains(.ignoresPathParameters) && parts.hasParameters
            ? parts.withoutParameters {
                Explanation.RouteChoice(in: block, request, parts, path: $0, random: random, limit: max(limit, 0))
            }
            : Explanation.RouteChoice(in: block, request, parts, path: parts.path, random: random, limit: max(limit, 0))
        told.route = found
        if found.taken?.ordinal != ordinal { told.agreesWithIndex = false }
    }

    /// Why the virtual host's demand for TLS kept routes from being looked at; `nil` when it did not.
    private static func tlsDemand(
        _ exchange: ExchangeState, _ request: borrowing RequestView
    ) -> Explanation.VirtualHostChoice.TLSDemand? {
        if exchange.disposition == .tlsRedirect { return .redirects }
        guard exchange.disposition == .noRoute, let host = exchange.virtualHost else { return nil }
        if request.connection.contains(.isUnknown) { return .schemeIsUnknown }
        let flags = host.load(0, as: VirtualHostHeader.self).flags
        guard flags.contains(.allTLS) || flags.contains(.externalTLS) && !request.connection.contains(.isInternal)
        else { return nil }
        return RequestScheme.forwardedProto(request).isEmpty ? .schemeIsUnknown : nil
    }
}

extension Explanation.Action {
    /// Fills in what the route says.
    fileprivate mutating func complete(
        _ route: RouteView, _ request: borrowing RequestView, _ hostname: String?,
        _ cluster: Explanation.ClusterSelection?
    ) {
        status = route.status
        switch disposition {
        case .redirect, .tlsRedirect: location = OutputBuffer.text { route.writeLocation(request, into: &$0) }
        case .directResponse: bodyLength = route.body.count
        case .forward:
            if let cluster, !cluster.exists { status = cluster.notFoundStatus }
            path = OutputBuffer.text { _ = route.writePath(request, into: &$0) }
            if let hostname {
                authority = Bytes.withBytes(of: hostname) { name in
                    OutputBuffer.text { _ = route.writeAuthority(request, endpointHostname: name, into: &$0) }
                }
            } else {
                authority = OutputBuffer.text {
                    _ = route.writeAuthority(request, endpointHostname: .missing, into: &$0)
                }
            }
        case .noRoute, .nonForwarding, .badRequest: break
        }
    }
}
