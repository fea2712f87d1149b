// Fairlead: what the route of an exchange says
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// What the route of an exchange says: names, texts and numbers, borrowed from its snapshot until `end`.
public struct RouteView {
    private let exchange: ExchangeState
    private let table: BlockView?
    private let host: BlockView?
    private let entry: RouteEntry?

    // Inlined into explanations, so that they leave no specialised version behind which everybody would call through.
    /// The route of `exchange`.
    @inline(__always)
    public init(_ exchange: ExchangeState) {
        self.exchange = exchange
        table = exchange.table
        host = exchange.virtualHost
        switch exchange.disposition {
        case .forward, .redirect, .directResponse, .nonForwarding:
            entry = host.map { $0[$0.load(0, as: VirtualHostHeader.self).routes, Int(exchange.route)] }
        case .noRoute, .tlsRedirect, .badRequest: entry = nil
        }
    }

    /// The virtual host's name; missing when there is none.
    public var virtualHostName: Bytes {
        guard let host else { return .missing }
        return host.bytes(host.load(0, as: VirtualHostHeader.self).name)
    }

    /// The route's name, which may be empty; missing when no route was taken.
    public var name: Bytes {
        guard let host, let entry else { return .missing }
        return host.bytes(entry.name)
    }

    /// The name of the route table; missing when there is none.
    public var tableName: Bytes {
        guard let table else { return .missing }
        return table.bytes(table.load(0, as: RouteTableHeader.self).name)
    }

    /// The name of the cluster in the route's own snapshot, borrowed like all else until `end`; missing when the exchange
    /// does not forward, or there is no such cluster.
    public var clusterName: Bytes {
        guard exchange.disposition == .forward, let block = exchange.snapshot?.cluster(exchange.clusterID) else {
            return .missing
        }
        return block.bytes(block.load(0, as: ClusterHeader.self).name)
    }

    /// The status of the answer that does not come from an endpoint: of a redirect, a direct response, or of there
    /// being nothing to do; 0 when the exchange forwards.
    public var status: UInt16 {
        switch exchange.disposition {
        case .noRoute: 404
        case .badRequest: 400
        case .tlsRedirect: 301
        case .redirect: redirect?.status ?? 301
        case .directResponse: UInt16(truncatingIfNeeded: directResponse?.status ?? 404)
        case .forward, .nonForwarding: 0
        }
    }

    /// The body of a direct response, as far as it does not depend on the request; missing for everything else.
    public var body: Bytes {
        guard let host, let directResponse else { return .missing }
        return host.bytes(directResponse.body)
    }

    /// Whether the body of a direct response is composed for each request, by `writeBody`.
    public var composesBody: Bool {
        guard let directResponse else { return false }
        return directResponse.format.count != 0 || directResponse.json.exists
    }

    /// The content type of a body that is composed; missing for plain text.
    public var bodyContentType: Bytes {
        guard let host, let directResponse else { return .missing }
        return host.bytes(directResponse.contentType)
    }

    /// The status to answer with when the cluster does not exist.
    public var clusterNotFoundStatus: UInt16 { forward?.notFoundStatus ?? 503 }

    /// How long the exchange may take once the request is complete, in nanoseconds; 0 for ever.
    public var timeout: UInt64 { forward?.timeout ?? 0 }

    /// How long the stream may be idle, in nanoseconds; 0 for ever, `UInt64.max` for as long as the listener says.
    public var idleTimeout: UInt64 { forward?.idleTimeout ?? .max }

    /// How long one attempt may take, in nanoseconds; 0 for no limit of its own.
    public var perTryTimeout: UInt64 {
        let limit = retryTimeout
        // One that is not shorter than the route's own timeout has no effect.
        return timeout != 0 && limit >= timeout ? 0 : limit
    }

    /// What the retry policy says of the time of one attempt.
    var retryTimeout: UInt64 { exchange.retryPolicy?.perTryTimeout ?? 0 }

    /// How long one attempt may be idle, in nanoseconds; 0 for no limit of its own.
    var retryIdleTimeout: UInt64 { exchange.retryPolicy?.perTryIdleTimeout ?? 0 }

    /// Which circuit breakers and connection pools are used: 0 normal, 1 high.
    public var priority: UInt8 { exchange.priority }

    /// Whether the host comes from the endpoint (`auto_host_rewrite`).
    public var takesHostFromEndpoint: Bool { forward?.hostRewrite == .endpointHostname }

    /// Whether the old host is to be appended to `x-forwarded-host`.
    public var appendsForwardedHost: Bool { forward?.appendsForwardedHost == 1 }

    /// Whether requests carry `x-envoy-attempt-count`.
    public var includesRequestAttemptCount: Bool { hostFlags.contains(.requestAttemptCount) }

    /// Whether responses carry `x-envoy-attempt-count`.
    public var includesResponseAttemptCount: Bool { hostFlags.contains(.responseAttemptCount) }

    /// Whether anything is retried: by the route, its virtual host, or an internal request's own wish.
    public var hasRetryPolicy: Bool { !exchange.retryConditions.isEmpty }

    private var hostFlags: VirtualHostHeader.Flags {
        host.map { $0.load(0, as: VirtualHostHeader.self).flags } ?? []
    }

    var tableFlags: RouteTableHeader.Flags { table.map { $0.load(0, as: RouteTableHeader.self).flags } ?? [] }

    var tableMutations: MutationLevel? {
        guard let table else { return nil }
        let reference = table.load(0, as: RouteTableHeader.self).mutations
        return reference.exists ? MutationLevel(table[reference], table) : nil
    }

    var forward: ForwardRecord? {
        guard let host, let entry, entry.actionKind == .forward else { return nil }
        // Named, or it would be loaded as an optional, whose tag is the byte behind the record.
        let record: ForwardRecord = host.load(Int(entry.action))
        return record
    }

    var redirect: RedirectRecord? {
        guard let host, let entry, entry.actionKind == .redirect else { return nil }
        // Named, or it would be loaded as an optional, whose tag is the byte behind the record.
        let record: RedirectRecord = host.load(Int(entry.action))
        return record
    }

    var directResponse: DirectResponseRecord? {
        guard let host, let entry, entry.actionKind == .directResponse else { return nil }
        // Named, or it would be loaded as an optional, whose tag is the byte behind the record.
        let record: DirectResponseRecord = host.load(Int(entry.action))
        return record
    }

    /// The request's own random bits.
    var random: UInt64 { exchange.random }

    /// How many attempts were made.
    var attempts: UInt32 { exchange.attempts }

    /// The block of the cluster in the route's own snapshot.
    var clusterBlock: BlockView? {
        exchange.disposition == .forward ? exchange.snapshot?.cluster(exchange.clusterID) : nil
    }

    /// What few routes have: that of the route itself, with its block.
    var routeDetails: (record: DetailsRecord, block: BlockView)? {
        guard let host, let entry, entry.details.exists else { return nil }
        return (host[entry.details], host)
    }

    /// What few weighted clusters have: that of the chosen one, with its block.
    var weightedDetails: (record: DetailsRecord, block: BlockView)? {
        guard let host, let entry = weightedEntry, entry.details.exists else { return nil }
        return (host[entry.details], host)
    }

    /// What few tables have, with the block.
    var tableDetails: (record: DetailsRecord, block: BlockView)? {
        guard let table else { return nil }
        let reference = table.load(0, as: RouteTableHeader.self).details
        return reference.exists ? (table[reference], table) : nil
    }

    /// What few virtual hosts have, with the block.
    var virtualHostDetails: (record: DetailsRecord, block: BlockView)? {
        guard let host else { return nil }
        let reference = host.load(0, as: VirtualHostHeader.self).details
        return reference.exists ? (host[reference], host) : nil
    }

    /// The hash policy that made up a cookie for this request, and the cookie's value.
    var generatedCookie: (policy: Int, value: UInt64)? {
        exchange.cookiePolicy == 0 ? nil : (Int(exchange.cookiePolicy) - 1, exchange.cookieValue)
    }

    /// Whether the virtual host's demand for TLS redirects the request.
    var isTLSRedirect: Bool { exchange.disposition == .tlsRedirect }

    /// The chosen one of several weighted clusters.
    var weightedEntry: WeightedEntry? {
        guard exchange.weightedEntry != 0, let host, let forward, forward.weighted.exists else { return nil }
        return host[host[forward.weighted].entries, Int(exchange.weightedEntry) - 1]
    }

    /// The virtual host whose routes were looked at, the ordinal that was found (`nil` for none), and the random bits.
    var scanned: (block: BlockView, ordinal: Int?, random: UInt64)? {
        guard let host else { return nil }
        switch exchange.disposition {
        case .noRoute:
            let isFound = exchange.weightedEntry == ExchangeState.unroutable
            return (host, isFound ? Int(exchange.route) : nil, exchange.random)
        case .forward, .redirect, .directResponse, .nonForwarding: return (host, Int(exchange.route), exchange.random)
        case .tlsRedirect, .badRequest: return nil
        }
    }

    /// The route's compiled form and its block, for rewrites.
    var compiled: (entry: RouteEntry, block: BlockView)? {
        guard let host, let entry else { return nil }
        return (entry, host)
    }
}
