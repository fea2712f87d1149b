// Fairlead: the first verb: from request to route
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

extension WorkerCell {
    /// Begins an exchange: finds virtual host and route in the worker's current snapshot and pins that.
    ///
    /// O(log lengths) for the index, plus the conditions of the candidates. Allocates nothing. Every begun exchange has
    /// to be ended with `end`.
    public func begin(
        _ exchange: inout ExchangeState, _ request: borrowing RequestView, routeTable: Int
    ) {
        exchange.reset()
        let snapshot = pin()
        exchange.snapshot = snapshot
        openExchanges &+= 1
        counters.add(.exchanges)
        var source = random
        exchange.random = request.random ?? source.next()
        exchange.hash = source.next()
        random = source

        guard let table = snapshot.routeTable(routeTable) else { return noRoute(&exchange) }
        exchange.table = table.block
        if request.authority.isMissing {
            exchange.disposition = .badRequest
            return
        }
        guard let ordinal = VirtualHostLookup.ordinal(in: table.block, request) else { return noRoute(&exchange) }
        let host = table.virtualHost(ordinal)
        exchange.virtualHost = host
        if request.connection.contains(.isUnknown) { return noRoute(&exchange) }
        let header: VirtualHostHeader = host.load(0)
        if header.flags.rawValue & 3 != 0, demandsTLS(header.flags, request, &exchange) { return }

        let parts = TargetParts(request.path)
        let flags = table.block.load(0, as: RouteTableHeader.self).flags
        let cutsParameters = flags.contains(.ignoresPathParameters)
        let found =
            cutsParameters || header.tree.exists
            ? RouteLookup.firstSpecially(
                in: host, request, parts, cutsParameters: cutsParameters, random: exchange.random)
            : RouteLookup.first(in: host, request, parts, path: parts.path, random: exchange.random)
        guard let found else { return noRoute(&exchange) }
        exchange.route = UInt32(truncatingIfNeeded: found)
        take(host[header.routes, found], header, &exchange, request, parts)
    }

    private func noRoute(_ exchange: inout ExchangeState) {
        exchange.disposition = .noRoute
        counters.add(.noRoute)
    }

    /// Whether the request has to come again over TLS; without a known scheme there is no route at all.
    private func demandsTLS(
        _ flags: VirtualHostHeader.Flags, _ request: borrowing RequestView, _ exchange: inout ExchangeState
    ) -> Bool {
        if !flags.contains(.allTLS), request.connection.contains(.isInternal) { return false }
        let proto = RequestScheme.forwardedProto(request)
        if proto.isEmpty {
            noRoute(&exchange)
            return true
        }
        if proto.elementsEqual(Constants.https) { return false }
        exchange.disposition = .tlsRedirect
        return true
    }

    @inline(__always)
    private func take(
        _ route: RouteEntry, _ header: VirtualHostHeader, _ exchange: inout ExchangeState,
        _ request: borrowing RequestView, _ parts: TargetParts
    ) {
        switch route.actionKind {
        case .redirect: exchange.disposition = .redirect
        case .directResponse: exchange.disposition = .directResponse
        case .nonForwarding: exchange.disposition = .nonForwarding
        case .forward:
            exchange.disposition = .forward
            guard let host = exchange.virtualHost, let snapshot = exchange.snapshot else { return }
            // Read anew at each use: a copy of the whole record would go through the stack.
            @inline(__always) func forward() -> ForwardRecord { host.load(Int(route.action)) }
            exchange.priority = forward().priority
            if forward().hashPolicies.count != 0 { RequestHash.compute(forward(), in: host, &exchange, request, parts) }
            exchange.clusterID =
                forward().target == .cluster
                ? host.clusterID(forward().cluster)
                : ClusterChoice.id(forward(), in: host, snapshot.directory, &exchange, request)
            if let cluster = snapshot.cluster(exchange.clusterID) {
                let overrides = cluster.load(0, as: ClusterHeader.self).overrides
                if overrides.exists { exchange.overrides.read(cluster[overrides], in: cluster, request) }
            }
            let retry = forward().retry.exists ? forward().retry : header.retry
            if retry.exists || request.connection.contains(.isInternal) {
                exchange.takeRetries(retry, in: host, request, parts)
            }
        }
    }
}

/// What a request's scheme is, for redirects.
enum RequestScheme {
    /// `x-forwarded-proto`, or the request's scheme; empty when neither is there.
    static func forwardedProto(_ request: borrowing RequestView) -> Bytes {
        let header = request.headers.first(Constants.forwardedProto)
        return header.isMissing ? request.scheme : header
    }
}

extension WorkerCell {
    /// Begins an exchange with the cluster called `name`, without any route. `hash` is the request's, `nil` for none.
    public func begin(_ exchange: inout ExchangeState, cluster name: Bytes, hash: UInt64?) {
        exchange.reset()
        let snapshot = pin()
        exchange.snapshot = snapshot
        openExchanges &+= 1
        counters.add(.exchanges)
        var source = random
        exchange.random = source.next()
        exchange.hash = hash ?? source.next()
        random = source
        exchange.hasHash = hash == nil ? 0 : 1
        exchange.disposition = .forward
        let directory: DirectoryHeader = snapshot.directory.load(0)
        let found = directory.names.exact(name, [], in: snapshot.directory)
        exchange.clusterID = found == 0 ? .max : found - 1
    }

    /// The name of the exchange's cluster in the worker's current snapshot; missing when there is no such cluster.
    public func clusterName(_ exchange: ExchangeState) -> Bytes {
        guard exchange.disposition == .forward, let block = snapshot.cluster(exchange.clusterID) else {
            return .missing
        }
        return block.bytes(block.load(0, as: ClusterHeader.self).name)
    }
}
