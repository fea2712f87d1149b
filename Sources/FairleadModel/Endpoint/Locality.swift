// Fairlead: where an endpoint stands
// SPDX-License-Identifier: Apache-2.0

/// Region, zone and sub-zone: where an endpoint, or the engine itself, stands.
public struct Locality: Hashable, Comparable, Sendable {
    /// The region, for example `eu-west`.
    public var region: String
    /// The zone inside it.
    public var zone: String
    /// The part of the zone.
    public var subZone: String

    /// A locality; parts that are not known are empty.
    public init(region: String = "", zone: String = "", subZone: String = "") {
        self.region = region
        self.zone = zone
        self.subZone = subZone
    }

    /// By region, then zone, then sub-zone: the order in which Envoy lists localities.
    public static func < (left: Locality, right: Locality) -> Bool {
        if left.region != right.region { return left.region < right.region }
        if left.zone != right.zone { return left.zone < right.zone }
        return left.subZone < right.subZone
    }

    /// `region/zone/sub-zone`, trailing empty parts left out.
    public var description: String {
        if !subZone.isEmpty { return region + "/" + zone + "/" + subZone }
        return zone.isEmpty ? region : region + "/" + zone
    }
}
