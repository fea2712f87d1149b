// Fairlead: tests of what differs between two configurations
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import Testing

@testable import FairleadEnvoy

@Suite struct ConfigurationDifferenceTests {
    static func route(_ name: String, _ path: String, to cluster: String) -> Route {
        Route(name: name, match: RouteMatch(.prefix(path)), action: .forward(ForwardAction(to: .cluster(cluster))))
    }

    static func table(_ routes: [Route]) -> Configuration {
        Configuration(routeConfigurations: [
            RouteConfiguration(name: "t", virtualHosts: [VirtualHost(name: "v", domains: ["*"], routes: routes)])
        ])
    }

    static func fields(_ old: [Route], _ new: [Route]) -> [String] {
        ResourceDifference.between(table(old), table(new)).flatMap { $0.fields }.map {
            "\($0.path): \($0.before ?? "-") -> \($0.after ?? "-")"
        }
    }

    @Test func nothingDiffersFromItself() {
        let table = Self.table([Self.route("a", "/a", to: "c")])
        #expect(ResourceDifference.between(table, table) == [])
        #expect(ResourceDifference.between(Configuration(), Configuration()) == [])
    }

    @Test func resourcesComeAndGo() {
        let old = Configuration(clusters: [Cluster(name: "a"), Cluster(name: "b")])
        var changed = Cluster(name: "b")
        changed.connectTimeout = .seconds(1)
        let new = Configuration(
            clusters: [changed, Cluster(name: "c")], assignments: [EndpointAssignment(name: "s")])
        let found = ResourceDifference.between(old, new)
        #expect(
            found.map { "\($0.effect) \($0.kind) \($0.name)" } == [
                "removed cluster a", "changed cluster b", "added cluster c", "added assignment s",
            ])
        #expect(found[1].fields == [.init(path: "connect_timeout", before: nil, after: "\"1s\"")])
    }

    @Test func layersOfRuntimeValuesAreResourcesAndTheirOrderCounts() {
        func difference(_ old: [RuntimeLayer], _ new: [RuntimeLayer]) -> [String] {
            ResourceDifference.between(Configuration(runtimeLayers: old), Configuration(runtimeLayers: new)).flatMap {
                found in
                ["\(found.effect) \(found.kind) \(found.name)"]
                    + found.fields.map { "\($0.path): \($0.before ?? "-") -> \($0.after ?? "-")" }
            }
        }
        let base = RuntimeLayer("base", [.init("a.b", .number(1)), .init("c", .text("x"))])
        let top = RuntimeLayer("top", [.init("c", .bool(true))])
        #expect(difference([base, top], [base, top]) == [])
        #expect(difference([base], [base, top]) == ["added runtime top"])
        #expect(difference([top, base], [base]) == ["removed runtime top"])
        var other = base
        other.entries[0].value = .number(2)
        #expect(difference([base], [other]) == ["changed runtime base", "layer.a.b: 1 -> 2"])
        #expect(
            difference([base, top], [top, other]) == [
                "changed runtime base", "(order): base, top -> top, base", "layer.a.b: 1 -> 2",
                "changed runtime top", "(order): base, top -> top, base",
            ])
    }

    @Test func fieldsAreToldByTheirPaths() {
        #expect(
            Self.fields([Self.route("a", "/a", to: "c")], [Self.route("a", "/b", to: "d")]) == [
                #"virtual_hosts["v"].routes["a"].match.prefix: "/a" -> "/b""#,
                #"virtual_hosts["v"].routes["a"].route.cluster: "c" -> "d""#,
            ])
    }

    @Test func namedItemsAreFoundWhereverTheyStand() {
        let routes = ["a", "b", "c"].map { Self.route($0, "/" + $0, to: "x") }
        #expect(
            Self.fields(routes, [Self.route("n", "/n", to: "x")] + routes).map { String($0.prefix(38)) }
                == [#"virtual_hosts["v"].routes["n"]: - -> {"#])
        #expect(
            Self.fields(routes, [routes[2], routes[0], routes[1]])
                == [#"virtual_hosts["v"].routes (order): a, b, c -> c, a, b"#])
    }

    @Test func itemsWithoutNamesAreComparedByTheirPlaces() {
        let routes = ["a", "b", "c"].map { Self.route("", "/" + $0, to: "x") }
        var changed = routes
        changed[1] = Self.route("", "/b", to: "y")
        #expect(Self.fields(routes, changed) == [#"virtual_hosts["v"].routes[1].route.cluster: "x" -> "y""#])
        let shorter = [routes[0], routes[2]]
        #expect(Self.fields(routes, shorter).map { String($0.prefix(31)) } == [#"virtual_hosts["v"].routes[1]: {"#])
        #expect(Self.fields(shorter, routes).map { String($0.prefix(35)) } == [#"virtual_hosts["v"].routes[1]: - -> "#])
    }

    @Test func longValuesAreCutOff() throws {
        let long = String(repeating: "x", count: 5000)
        let field = try #require(
            Self.fields([Self.route("a", "/a", to: "c")], [Self.route("a", "/" + long, to: "c")]).first)
        #expect(field.count < 400)
        #expect(field.hasSuffix("..."))
    }

    @Test func treesOfOtherKindsDiffer() {
        func between(_ old: String, _ new: String) -> [String] {
            TreeDifference.between(old, new).map { "\($0.path): \($0.before ?? "-") -> \($0.after ?? "-")" }
        }
        #expect(between(#"{"a": 1}"#, #"{"a": [1, true, null]}"#) == ["a: 1 -> [1, true, null]"])
        #expect(between(#"{"a": {"b": 1}}"#, #"{"a": {"c": "x"}}"#) == ["a.b: 1 -> -", #"a.c: - -> "x""#])
        #expect(between("[1, 2]", "[1, 2]") == [])
        #expect(between("nonsense", "{}") == [])
    }
}
