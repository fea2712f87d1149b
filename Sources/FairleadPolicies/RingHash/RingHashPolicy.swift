// Fairlead: the ring-hash policy
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

/// Consistent hashing on a ring (ketama): a host stands on the ring at many places, and a request goes to the first
/// place at or after its hash. Rings and picks are Envoy's, to the bit; only where two places have the same hash, which
/// Envoy leaves open, the host with the lower index stands first.
///
/// `hash_balance_factor` bounds the hosts' loads, see `BoundedLoadPicker`.
public final class RingHashPolicy: LoadBalancingPolicy {
    /// The type name of Envoy's extension.
    public let name = "envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash"

    /// The policy.
    public init() {}

    /// It needs one table a priority and the texts to hash.
    public func traits(for parameters: PolicyParameters) -> PolicyTraits {
        RingHashConfiguration.read(parameters).configuration.common.traits
    }

    /// Everything that is wrong with `parameters`.
    public func check(_ parameters: PolicyParameters) -> [Problem] { RingHashConfiguration.read(parameters).problems }

    /// Everything that is wrong with these hosts: sums of weights that do not fit into 32 bits.
    public func check(_ hosts: HostList, _ parameters: PolicyParameters) -> [Problem] { HostShares.check(hosts) }

    /// Writes the ring. O(ring) hashes; the ring has between `minimum_ring_size` and `maximum_ring_size` places, and at
    /// least one for each host if that leaves room.
    public func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {
        let configuration = RingHashConfiguration.read(parameters).configuration
        let shares = HostShares(hosts)
        let ring = HashRing(
            shares, keys: hosts.hashKeys, minimum: configuration.minimum, maximum: configuration.maximum,
            function: configuration.function)
        let bounded = configuration.common.balanceFactor > 0 ? shares : nil
        RingTable.write(ring, bounded: bounded, hostCount: hosts.count, into: &table)
    }

    /// The data side.
    public func makePicker(_ parameters: PolicyParameters) -> PickerSlot {
        let factor = RingHashConfiguration.read(parameters).configuration.common.balanceFactor
        guard factor > 0 else { return TypedSlot(RingHashPicker()) }
        return TypedSlot(BoundedLoadPicker(hashing: RingHashPicker(), balanceFactor: factor))
    }
}
