// Fairlead: tests of sorting endpoints into subsets
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadCompiler

@Suite struct SubsetSortingTests {
    static func hosts(_ members: [[(String, MetadataValue)]]) -> HostSet {
        let endpoints = members.enumerated().map { number, values in
            Endpoint(
                .socket(host: "10.0.0.1", port: UInt16(number + 1)),
                metadata: Metadata([.init("envoy.lb", .structure(values.map { .init($0.0, $0.1) }))]))
        }
        return HostSetTests.set([LocalityEndpoints(endpoints: endpoints)])
    }

    /// The subsets, one line each: the values and the ordinals.
    static func lines(
        _ members: [[(String, MetadataValue)]], _ keys: [[String]], anyValue: Bool = false
    ) -> [String] {
        let selectors = SubsetBalancing(keys.map { .init($0) }).settledSelectors
        return SubsetSorting(hosts(members), selectors, listsMeanAnyValue: anyValue).subsets.map { subset in
            subset.criteria.map { $0.name + "=" + $0.value.jsonText }.joined(separator: ",") + " \(subset.ordinals)"
        }
    }

    @Test func thereIsASubsetForEachCombinationOfValues() {
        let members: [[(String, MetadataValue)]] = [
            [("a", .text("x")), ("b", .text("y"))], [("a", .text("x")), ("b", .text("z"))], [("a", .text("x"))], [],
        ]
        #expect(
            Self.lines(members, [["b", "a"], ["a"]])
                == [#"a="x",b="y" [0]"#, #"a="x" [0, 1, 2]"#, #"a="x",b="z" [1]"#])
    }

    @Test func valuesOfDifferentTypesAreDifferent() {
        let values: [MetadataValue] = [.number(1), .text("1"), .bool(true), .text("true"), .null, .list([.number(1)])]
        #expect(Self.lines(values.map { [("a", $0)] }, [["a"]]).count == values.count)
    }

    @Test func aListMayMeanAnyOfItsValues() {
        let members: [[(String, MetadataValue)]] = [
            [("a", .list([.text("x"), .text("y"), .text("x")]))], [("a", .text("y"))],
        ]
        #expect(Self.lines(members, [["a"]], anyValue: true) == [#"a="x" [0]"#, #"a="y" [0, 1]"#])
        #expect(Self.lines(members, [["a"]]) == [#"a=["x","y","x"] [0]"#, #"a="y" [1]"#])
    }

    /// As in Envoy.
    @Test func aListWithoutValuesBeginsTheSearchAnew() {
        let members: [[(String, MetadataValue)]] = [[("a", .list([])), ("b", .text("y"))]]
        #expect(Self.lines(members, [["a", "b"]], anyValue: true) == [#"b="y" [0]"#])
        #expect(Self.lines(members, [["a"]], anyValue: true) == [])
    }

    @Test func theSameSubsetByTwoSelectorsIsOne() {
        #expect(Self.lines([[("a", .text("x"))]], [["a"], ["a", "a"]]) == [#"a="x" [0]"#])
    }

    @Test func ofSelectorsThatALongerOneBeginsWithTheFallbackDoesNotCount() {
        let balancing = SubsetBalancing([
            .init(["a", "b"], fallback: .none), .init(["a"], fallback: .anyEndpoint),
            .init(["b"], fallback: .anyEndpoint), .init(["b"], fallback: .none),
        ])
        #expect(balancing.settledSelectors.map { $0.fallback } == [.none, .inherited, .anyEndpoint, .inherited])
    }

    @Test func whereKeysMayBeRedundantTheLongestSelectorsComeFirst() {
        var balancing = SubsetBalancing([.init(["a"]), .init(["b", "c"]), .init(["d"]), .init(["e", "a"])])
        balancing.allowsRedundantKeys = true
        #expect(balancing.settledSelectors.map { $0.keys } == [["b", "c"], ["a", "e"], ["a"], ["d"]])
    }
}
