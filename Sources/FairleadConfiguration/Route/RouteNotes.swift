// Fairlead: what routes say to tracing, statistics and upgrades
// SPDX-License-Identifier: Apache-2.0

/// How a trace calls the requests of a route. The engine carries it for the host.
public struct Decorator: Hashable, Sendable {
    /// The name of the operation.
    public var operation: String
    /// Whether the name is told to the endpoint and to the client.
    public var propagates = true

    /// An operation called `operation`.
    public init(_ operation: String) { self.operation = operation }
}

/// Whether a route lets requests change to another protocol. The engine carries it for the host.
public struct UpgradePolicy: Hashable, Sendable {
    /// The protocol, in any case: `websocket`, `CONNECT`.
    public var type: String
    /// Whether requests may change to it.
    public var isEnabled = true

    /// Requests may change to `type`.
    public init(_ type: String) { self.type = type }
}
