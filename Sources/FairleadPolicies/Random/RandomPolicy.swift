// Fairlead: the random policy
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

/// Picks any host, each as likely as the other: weights do not count, as in Envoy. It needs no table.
public final class RandomPolicy: LoadBalancingPolicy {
    /// The type name of Envoy's extension.
    public let name = "envoy.extensions.load_balancing_policies.random.v3.Random"

    /// The policy.
    public init() {}

    /// It needs nothing.
    public func traits(for parameters: PolicyParameters) -> PolicyTraits { PolicyTraits() }

    /// Everything that is wrong with `parameters`; there are none but those of localities, which are not its own.
    public func check(_ parameters: PolicyParameters) -> [Problem] {
        var reader = ParameterReader(parameters)
        reader.finish(others: ["locality_lb_config"])
        return reader.problems
    }

    /// Writes nothing: the number of hosts is all it takes.
    public func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {}

    /// The data side.
    public func makePicker(_ parameters: PolicyParameters) -> PickerSlot { TypedSlot(RandomPicker()) }
}
