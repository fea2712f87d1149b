// Fairlead: the least-request policy
// SPDX-License-Identifier: Apache-2.0

public import FairleadModel
public import FairleadPlugin

/// Picks the host with the fewest active requests among a few chosen by chance, or among all.
///
/// With equal weights it is Envoy's, but for one thing: the samples are *different* hosts. Envoy may draw the same host
/// twice, so that of two hosts the busier one still gets a quarter of the requests; `fairlead.sample_with_replacement`
/// brings that back.
///
/// With different weights it departs from Envoy, whose schedule remembers loads of the past and so cannot be shared by
/// workers without a lock. Here the first sample is the host whose turn it is by weight, the others come by chance and
/// by weight, and the lowest score wins: active · (active + 1)^bias ÷ weight, the first one in a tie. So idle hosts get
/// exactly their weights' shares, evenly; busy ones of equal speed settle where Envoy's weight ÷ (active + 1)^bias
/// settles; and a slow host, which Envoy goes on filling, is spared. A bias of 0 is plain weighted round robin.
public final class LeastRequestPolicy: LoadBalancingPolicy {
    /// The type name of Envoy's extension.
    public let name = "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest"

    /// The policy.
    public init() {}

    /// It needs a cursor for each worker and host list, for hosts of different weights.
    public func traits(for parameters: PolicyParameters) -> PolicyTraits {
        PolicyTraits(workerWords: WeightedSchedule.workerWords)
    }

    /// Everything that is wrong with `parameters`.
    public func check(_ parameters: PolicyParameters) -> [Problem] {
        LeastRequestConfiguration.read(parameters).problems
    }

    /// Writes weights, their schedule and the powers that scores need; almost nothing when the weights are equal.
    public func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {
        let configuration = LeastRequestConfiguration.read(parameters).configuration
        LeastRequestTable.write(hosts.weights, bias: configuration.bias, into: &table)
    }

    /// The data side.
    public func makePicker(_ parameters: PolicyParameters) -> PickerSlot {
        let configuration = LeastRequestConfiguration.read(parameters).configuration
        return TypedSlot(
            LeastRequestPicker(
                choices: configuration.choices, scansAll: configuration.scansAll,
                withReplacement: configuration.withReplacement))
    }
}
