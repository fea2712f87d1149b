// Fairlead: where connections come in
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel

/// A local address that accepts connections, and what is done with them.
public struct Listener: Hashable, Sendable {
    /// The name, unique among listeners.
    public var name: String
    /// Where it listens.
    public var address: Address
    /// How HTTP connections are treated and routed.
    public var connectionManager: ConnectionManager

    /// A listener; see the properties for what each part means.
    public init(name: String, address: Address, connectionManager: ConnectionManager) {
        self.name = name
        self.address = address
        self.connectionManager = connectionManager
    }
}

/// How a listener's HTTP connections are treated before and around routing: Envoy's HTTP connection manager.
public struct ConnectionManager: Hashable, Sendable {
    /// The prefix of its statistics.
    public var statisticsPrefix: String
    /// The name of the route table that its requests are looked up in.
    public var routeConfiguration: String
    /// How the route table would be chosen for each request: a `ScopedRoutes` message of Envoy's connection manager as
    /// bytes; `nil` when there is one table for all. It is kept, and nobody resolves it yet: `routeConfiguration` counts.
    public var scopedRoutes: [UInt8]?
    /// What is done to requests before they are routed.
    public var preparation = PreparationRules()
    /// Whether a request without `x-request-id` gets one.
    public var generatesRequestID = true
    /// Whether an `x-request-id` from outside is kept.
    public var preservesExternalRequestID = false
    /// Whether the response carries the request's id.
    public var setsRequestIDInResponse = false
    /// The value of the `server` response header.
    public var serverName = "fairlead"
    /// How long a stream may be idle; `nil` for ever.
    public var streamIdleTimeout: Duration? = .seconds(300)
    /// How long the whole request may take to arrive; `nil` for ever.
    public var requestTimeout: Duration?
    /// How long a keep-alive connection may stand idle; `nil` for ever.
    public var idleTimeout: Duration? = .seconds(3600)
    /// Whether the headers that Envoy adds for its own sake are left out.
    public var suppressesEnvoyHeaders = false

    /// What is done to requests before they are routed in `table`, which has a word in it; `nil` when there is none.
    public func preparation(with table: RouteConfiguration?) -> PreparationRules {
        var rules = preparation
        rules.internalOnlyHeaders = table?.internalOnlyHeaders ?? []
        return rules
    }

    /// A connection manager over `routeConfiguration`, the rest at Envoy's defaults.
    public init(statisticsPrefix: String = "ingress", routeConfiguration: String) {
        self.statisticsPrefix = statisticsPrefix
        self.routeConfiguration = routeConfiguration
    }
}
