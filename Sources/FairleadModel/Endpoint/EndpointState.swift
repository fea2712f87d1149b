// Fairlead: what was observed of an endpoint
// SPDX-License-Identifier: Apache-2.0

/// What was observed of an endpoint while it served, beside what its configuration says: an input of compiling, as the
/// configuration is.
public struct EndpointState: Hashable, Sendable {
    /// What active checks say of it; `.unknown` when nobody checks it.
    public var checkedHealth: HealthStatus
    /// Whether it is ejected, because it answered worse than others.
    public var isEjected: Bool

    /// What was observed; nothing if nothing is said.
    public init(checkedHealth: HealthStatus = .unknown, isEjected: Bool = false) {
        self.checkedHealth = checkedHealth
        self.isEjected = isEjected
    }
}

extension HealthStatus {
    /// How well an endpoint of this configured health is, given what was observed of it: the worse of both counts, as in
    /// Envoy, where a host is as unhealthy as its worst flag.
    public func with(_ state: EndpointState) -> HealthStatus {
        if condition == .unhealthy { return self }
        if state.checkedHealth.condition == .unhealthy { return state.checkedHealth }
        if state.isEjected { return .unhealthy }
        return state.checkedHealth == .degraded ? .degraded : self
    }
}
