// Fairlead: how well an endpoint is
// SPDX-License-Identifier: Apache-2.0

/// The health that a control plane gives an endpoint, with the numbers of Envoy's `HealthStatus`.
public enum HealthStatus: UInt8, Sendable {
    /// Nothing is known; counts as healthy.
    case unknown = 0
    /// Takes requests.
    case healthy = 1
    /// Takes none, and counts against its priority.
    case unhealthy = 2
    /// Takes none, and does not count at all.
    case draining = 3
    /// Missed its checks; counts as unhealthy.
    case timeout = 4
    /// Takes requests only when the healthy ones are too few.
    case degraded = 5

    /// What it means for a pick.
    public var condition: Condition {
        switch self {
        case .unknown, .healthy: .healthy
        case .degraded: .degraded
        case .unhealthy, .draining, .timeout: .unhealthy
        }
    }

    /// What health means for a pick.
    public enum Condition: UInt8, Sendable {
        /// Picked first.
        case healthy
        /// Picked when the healthy ones are too few.
        case degraded
        /// Picked only in panic.
        case unhealthy
    }
}
