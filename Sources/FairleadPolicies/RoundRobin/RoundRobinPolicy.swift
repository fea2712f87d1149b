// Fairlead: the round-robin policy
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

/// Hosts take turns, each as often as its weight says. Its table is one `WeightedSchedule`.
///
/// As in Envoy each worker starts at a place of its own, and an update of the hosts does not restart the turns. Unlike
/// Envoy's, turns by weight come without bursts: a host never gets ahead of its share by a whole turn (see
/// `WeightedSchedule` for how even it is).
public final class RoundRobinPolicy: LoadBalancingPolicy {
    /// The type name of Envoy's extension.
    public let name = "envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin"

    /// The policy.
    public init() {}

    /// It needs a cursor for each worker and host list.
    public func traits(for parameters: PolicyParameters) -> PolicyTraits {
        PolicyTraits(workerWords: WeightedSchedule.workerWords)
    }

    /// Everything that is wrong with `parameters`; there are none but those of slow start and localities, which are
    /// not its own.
    public func check(_ parameters: PolicyParameters) -> [Problem] {
        var reader = ParameterReader(parameters)
        reader.finish(others: ["slow_start_config", "locality_lb_config"])
        return reader.problems
    }

    /// Writes the schedule of the hosts' weights.
    public func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {
        WeightedSchedule.write(hosts.weights, into: &table)
    }

    /// The data side.
    public func makePicker(_ parameters: PolicyParameters) -> PickerSlot { TypedSlot(RoundRobinPicker()) }
}
