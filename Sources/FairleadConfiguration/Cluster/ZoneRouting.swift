// Fairlead: keeping requests in the zone that they come from
// SPDX-License-Identifier: Apache-2.0

/// How a cluster's requests are kept in the locality of the engine that sends them, as far as the endpoints there can bear
/// their share: how large the share is tells the local cluster, which the engine itself belongs to.
///
/// It is on for every cluster as soon as the engine knows its own locality and its local cluster.
public struct ZoneRouting: Hashable, Sendable {
    /// The share of requests, in per cent, that it is done for.
    public var share: UInt32 = 100
    /// How many healthy endpoints there must be.
    public var minimumEndpoints: UInt64 = 6
    /// Whether requests get no endpoint, rather than an unhealthy one, where there are too few healthy ones.
    public var failsInPanic = false
    /// How many healthy endpoints of the own locality take all of its requests, whatever their share; `nil` for no number.
    public var forcedMinimum: UInt32?
    /// Whether localities count by the weights of their endpoints and not by their number.
    public var weighsEndpoints = false

    /// Envoy's defaults.
    public init() {}

    /// What it comes to under runtime values.
    public func resolved(_ runtime: RuntimeValues) -> ZoneRouting {
        var zones = self
        zones.share = UInt32(min(runtime.whole(ZoneRouting.shareKey, fallback: UInt64(share)), 100))
        zones.minimumEndpoints = runtime.whole(ZoneRouting.minimumKey, fallback: minimumEndpoints)
        let forced = runtime.whole(ZoneRouting.forcedKey, fallback: 0)
        if forced > 0 { zones.forcedMinimum = UInt32(truncatingIfNeeded: forced) }
        return zones
    }

    private static let shareKey = "upstream.zone_routing.enabled"
    private static let minimumKey = "upstream.zone_routing.min_cluster_size"
    private static let forcedKey = "upstream.zone_routing.force_local_zone.min_size"
    /// The keys of the runtime values that change it.
    public static let runtimeKeys: Set<String> = [shareKey, minimumKey, forcedKey]
}
