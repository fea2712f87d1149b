// Fairlead: tests of the conformance checker, by policies that break the contract
// SPDX-License-Identifier: Apache-2.0

import FairleadModel
import FairleadPlugin
import FairleadPolicies
import FairleadTestKit
import Synchronization
import Testing

@Suite struct PolicyConformanceTests {
    private func codes(
        _ policy: any LoadBalancingPolicy, _ promises: PolicyConformance.Promises = .init(),
        _ parameters: PolicyParameters = PolicyParameters()
    ) -> Set<Problem.Code> {
        Set(PolicyConformance(policy, parameters, promising: promises).findings().map(\.code))
    }

    @Test func aPolicyThatKeepsTheContractIsCleared() {
        #expect(codes(Scripted { _, _ in 0 }).isEmpty)
    }

    @Test func aTableWithHistoryIsFound() {
        let builds = Mutex(UInt32(0))
        let policy = Scripted(build: { _, table in
            table.append(
                builds.withLock { count in
                    count += 1
                    return count
                })
        }) { _, _ in 0 }
        #expect(codes(policy) == [.notDeterministic])
    }

    @Test func anIndexBeyondTheListIsFound() {
        #expect(codes(Scripted { _, context in context.loads.count }) == [.badPick])
        #expect(codes(Scripted { _, context in context.loads.count > 2 ? -1 : 0 }) == [.badPick])
    }

    @Test func anIndexThatOnlyRareHashesGiveIsFound() {
        #expect(codes(Scripted { _, context in context.hash == .max ? 1 << 40 : 0 }) == [.badPick])
    }

    @Test func aPickOfNoHostsIsFound() {
        let policy = PolicyConformance(Scripted(lists: 1...) { _, _ in 0 })
        #expect(policy.findings().isEmpty)
        let careless = PolicyConformance(Scripted(lists: 0...) { _, _ in 0 })
        #expect(careless.findings().map(\.path).allSatisfy { $0.contains(" 0 hosts") })
        #expect(careless.findings().map(\.code) == [.badPick])
    }

    @Test func randomnessOfThePoliciesOwnIsFound() {
        let calls = Mutex(0)
        let policy = Scripted { _, context in
            calls.withLock { count in
                count += 1
                return count % context.loads.count
            }
        }
        #expect(codes(policy) == [.notDeterministic])
    }

    @Test func wordsThatAreTrustedBlindlyAreFound() {
        let policy = Scripted(words: 1) { _, context in
            let index = Int(truncatingIfNeeded: context.words[0])
            context.words[0] = UInt64((index &+ 1) % context.loads.count)
            return index
        }
        #expect(codes(policy) == [.badPick])
    }

    @Test func tooManyWordsAreFound() {
        #expect(codes(Scripted(words: 9) { _, _ in 0 }).contains(.workerWords))
    }

    @Test func brokenPromisesAreFound() {
        #expect(codes(RandomPolicy(), .init(weightTolerance: 0.1, largestList: 64)) == [.weightsIgnored])
        #expect(codes(RoundRobinPolicy(), .init(isConsistent: true, largestList: 64)) == [.notConsistent])
    }

    @Test func parametersThatThePolicyRefusesAreAnswered() {
        let parameters = PolicyParameters([("choice_count", .unsigned(0))])
        #expect(codes(LeastRequestPolicy(), .init(), parameters) == [.invalidValue])
    }
}

/// A policy made of two closures.
private final class Scripted: LoadBalancingPolicy {
    typealias Build = @Sendable (HostList, inout TableWriter) -> Void
    typealias Pick = @Sendable (PickTable, inout PickContext) -> Int

    struct ScriptedPicker: Picker {
        let lists: PartialRangeFrom<Int>
        let body: Pick

        func pick(_ table: PickTable, _ context: inout PickContext) -> Int {
            lists.contains(context.loads.count) ? body(table, &context) : -1
        }
    }

    let name = "scripted"
    private let words: Int
    private let lists: PartialRangeFrom<Int>
    private let buildBody: Build
    private let pickBody: Pick

    /// Lists shorter than `lists` are answered rightly, without asking `pick`.
    init(
        words: Int = 0, lists: PartialRangeFrom<Int> = 1..., build: @escaping Build = { _, _ in }, pick: @escaping Pick
    ) {
        self.words = words
        self.lists = lists
        buildBody = build
        pickBody = pick
    }

    func traits(for parameters: PolicyParameters) -> PolicyTraits { PolicyTraits(workerWords: words) }

    func build(_ hosts: HostList, _ parameters: PolicyParameters, into table: inout TableWriter) {
        buildBody(hosts, &table)
    }

    func makePicker(_ parameters: PolicyParameters) -> PickerSlot {
        TypedSlot(ScriptedPicker(lists: lists, body: pickBody))
    }
}
