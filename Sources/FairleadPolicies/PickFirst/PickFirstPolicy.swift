// Fairlead: the pick-first policy
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

/// Picks the first host of the list, and another one only when that is not there any more, or a retry refuses it: for
/// endpoints of which one is enough (gRPC's `pick_first`, which Envoy does not know).
///
/// With `shuffle_address_list` each worker has a first host of its own, and keeps to it while the list stays the same.
public final class PickFirstPolicy: LoadBalancingPolicy {
    /// The type name of the extension.
    public let name = "envoy.extensions.load_balancing_policies.pick_first.v3.PickFirst"

    /// The policy.
    public init() {}

    /// Shuffled it keeps a word for each worker. Zones do not matter to it.
    public func traits(for parameters: PolicyParameters) -> PolicyTraits {
        var traits = PolicyTraits(workerWords: parameters.bool(Self.shuffle, default: false) ? 1 : 0)
        traits.keepsZones = false
        return traits
    }

    /// Everything that is wrong with `parameters`.
    public func check(_ parameters: PolicyParameters) -> [Problem] {
        var reader = ParameterReader(parameters)
        _ = reader.bool(Self.shuffle, default: false)
        reader.finish(others: [])
        return reader.problems
    }

    /// Writes nothing: the number of hosts is all it takes.
    public func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {}

    /// The data side.
    public func makePicker(_ parameters: PolicyParameters) -> PickerSlot { TypedSlot(PickFirstPicker()) }

    private static let shuffle = "shuffle_address_list"
}
