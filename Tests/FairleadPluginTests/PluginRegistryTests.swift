// Fairlead: tests of the registry of extensions
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import Testing

@Suite struct PluginRegistryTests {
    /// A policy that is nothing but its name.
    final class Named: LoadBalancingPolicy {
        let name: String
        let words: Int

        init(_ name: String, words: Int = 0) {
            self.name = name
            self.words = words
        }

        func traits(for parameters: PolicyParameters) -> PolicyTraits { PolicyTraits(workerWords: words) }
        func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {}
        func makePicker(_ parameters: PolicyParameters) -> PickerSlot { PickerSlot() }
    }

    @Test func aNewRegistryKnowsNothing() {
        let registry = PluginRegistry()
        #expect(registry.policyNames == [])
        #expect(registry.policy(named: "") == nil)
        #expect(registry.patternEngine == nil)
    }

    @Test func policiesAreFoundByTheirNames() {
        var registry = PluginRegistry()
        for name in ["b", "a", "c"] { registry.register(Named(name)) }
        #expect(registry.policyNames == ["a", "b", "c"])
        #expect(registry.policy(named: "a")?.name == "a")
        #expect(registry.policy(named: "A") == nil)
    }

    @Test func aPolicyReplacesTheOneOfItsName() {
        var registry = PluginRegistry()
        registry.register(Named("a", words: 1))
        registry.register(Named("b", words: 2))
        registry.register(Named("a", words: 3))
        #expect(registry.policyNames == ["a", "b"])
        #expect(registry.policy(named: "a")?.traits(for: PolicyParameters()).workerWords == 3)
    }

    @Test func aRegistryIsAValue() {
        var first = PluginRegistry()
        first.register(Named("a"))
        var second = first
        second.register(Named("b"))
        #expect(first.policyNames == ["a"])
        #expect(second.policyNames == ["a", "b"])
    }

    @Test func policiesHaveNothingAgainstAnythingUnlessTheySay() {
        let policy = Named("a")
        #expect(policy.check(PolicyParameters([("x", .bool(true))])) == [])
        #expect(policy.check(HostList(weights: [.max, .max]), PolicyParameters()) == [])
    }
}
