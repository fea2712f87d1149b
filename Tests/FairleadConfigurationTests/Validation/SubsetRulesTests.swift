// Fairlead: tests of the rules for subsets
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@Suite struct SubsetRulesTests {
    private func findings(_ keys: [String], _ fewer: [String]) -> [String] {
        var cluster = Cluster(name: "c")
        cluster.loadBalancing.subsets = SubsetBalancing([.init(["x"]), .init(keys, fallback: .fewerKeys(fewer))])
        return Validator.problems(in: cluster).map { $0.path + ": " + $0.message }
    }

    @Test func fewerKeysAreSomeOfTheSelectorsButNotAll() {
        let place = "lb_subset_config.subset_selectors[1].fallback_keys_subset: fallback_keys_subset "
        #expect(findings(["a", "b"], ["b"]).isEmpty)
        #expect(findings(["a", "b"], []) == [place + "cannot be empty"])
        #expect(findings(["a", "b"], ["c"]) == [place + "must be a subset of selector keys"])
        #expect(findings(["a", "b"], ["b", "a"]) == [place + "cannot be equal to keys"])
        #expect(findings(["a", "a"], ["a"]) == [place + "cannot be equal to keys"])
    }

    @Test func listsDoNotMultiplyBeyondAllBounds() {
        let list = MetadataValue.list((0..<100).map { .number(Double($0)) })
        let fields = ["a", "b", "c", "d"].map { MetadataValue.Field($0, list) }
        let endpoint = Endpoint(
            .socket(host: "10.0.0.1", port: 1), metadata: Metadata([.init("envoy.lb", .structure(fields))]))
        let assignment = EndpointAssignment(name: "c", localities: [LocalityEndpoints(endpoints: [endpoint])])
        var subsets = SubsetBalancing([.init(["a", "b", "c", "d"])])
        #expect(Validator.problems(inSubsets: subsets, of: assignment).isEmpty)
        subsets.listsMeanAnyValue = true
        #expect(Validator.problems(inSubsets: subsets, of: assignment).map { $0.path } == ["endpoints"])
        subsets.selectors = [.init(["a", "b"])]
        #expect(Validator.problems(inSubsets: subsets, of: assignment).isEmpty)
    }
}
