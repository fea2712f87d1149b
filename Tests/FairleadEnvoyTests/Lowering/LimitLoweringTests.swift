// Fairlead: tests of limits to the number of endpoints, lowered and raised
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct LimitLoweringTests {
    private static let prefix = "type.googleapis.com/envoy.extensions.load_balancing_policies"
    private static let place = "load_balancing_policy.policies[0].typed_extension_config.typed_config"
    private static let child =
        "child_policy: { policies: [{ typed_extension_config: { name: r, typed_config: "
        + "{ \"@type\": \(prefix).pick_first.v3.PickFirst, shuffle_address_list: true } } }] }"

    private func load(_ fields: String) -> LoadedConfiguration {
        let config = "{ \"@type\": \(Self.prefix).random_subsetting.v3.RandomSubsetting, \(fields) }"
        return FairleadEnvoyTests.load(
            "name: c\nload_balancing_policy: { policies: [{ typed_extension_config: { name: o, typed_config: \(config) } }] }",
            as: .cluster)
    }

    @Test func theNumberAndThePolicyInsideAreRead() {
        let loaded = load("\(Self.child), subset_size: 20")
        #expect(loaded.faults.isEmpty)
        var balancing = LoadBalancing(
            policy: LoadBalancing.pickFirst, parameters: PolicyParameters([("shuffle_address_list", .bool(true))]))
        balancing.endpointLimit = 20
        #expect(loaded.cluster?.loadBalancing == balancing)
    }

    @Test func whatIsMissingOrZeroIsAnError() {
        #expect(load(Self.child).faults == ["\(Self.place).subset_size [missing-field]"])
        #expect(load("\(Self.child), subset_size: 0").faults == ["\(Self.place).subset_size [invalid-value]"])
        #expect(load("subset_size: 2").faults == ["\(Self.place).child_policy [missing-field]"])
    }

    @Test func raisedAndLoweredAgainItIsTheSame() {
        var cluster = Cluster(name: "c")
        cluster.loadBalancing = LoadBalancing(
            policy: LoadBalancing.pickFirst, parameters: PolicyParameters([("shuffle_address_list", .bool(true))]))
        cluster.loadBalancing.endpointLimit = 3
        cluster.loadBalancing.overrideSources = [.header("x")]
        #expect(FairleadEnvoyTests.load(EnvoyWriter.json(cluster), as: .cluster, format: .json).cluster == cluster)
    }
}
