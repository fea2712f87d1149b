// Fairlead: the Maglev policy
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

/// Consistent hashing by a lookup table that all hosts fill in turn, each in an order of its own (Eisenbud and others,
/// "Maglev", NSDI 2016). Tables and picks are Envoy's, to the bit; only where two hosts have the same key, which Envoy
/// leaves open, the one with the lower index goes first.
///
/// `hash_balance_factor` bounds the hosts' loads, see `BoundedLoadPicker`.
public final class MaglevPolicy: LoadBalancingPolicy {
    /// The type name of Envoy's extension.
    public let name = "envoy.extensions.load_balancing_policies.maglev.v3.Maglev"

    /// The policy.
    public init() {}

    /// It needs one table a priority and the texts to hash.
    public func traits(for parameters: PolicyParameters) -> PolicyTraits {
        MaglevConfiguration.read(parameters).configuration.common.traits
    }

    /// Everything that is wrong with `parameters`.
    public func check(_ parameters: PolicyParameters) -> [Problem] { MaglevConfiguration.read(parameters).problems }

    /// Everything that is wrong with these hosts: sums of weights that do not fit into 32 bits.
    public func check(_ hosts: HostList, _ parameters: PolicyParameters) -> [Problem] { HostShares.check(hosts) }

    /// Writes the lookup table. O(size · log size) expected, and sorting the hosts' keys.
    public func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {
        let configuration = MaglevConfiguration.read(parameters).configuration
        let shares = HostShares(hosts)
        let slots = MaglevFilling.slots(shares, keys: hosts.hashKeys, size: Int(configuration.size))
        let bounded = configuration.common.balanceFactor > 0 ? shares : nil
        MaglevTable.write(slots, bounded: bounded, hostCount: hosts.count, into: &table)
    }

    /// The data side.
    public func makePicker(_ parameters: PolicyParameters) -> PickerSlot {
        let factor = MaglevConfiguration.read(parameters).configuration.common.balanceFactor
        guard factor > 0 else { return TypedSlot(MaglevPicker()) }
        return TypedSlot(BoundedLoadPicker(hashing: MaglevPicker(), balanceFactor: factor))
    }
}
