// Fairlead: tests of compiled routes and tables
// SPDX-License-Identifier: Apache-2.0

import FairleadCompiler
import FairleadConfiguration
import FairleadDataPlane
import FairleadModel
import FairleadPlugin
import Testing

@Suite struct VirtualHostCompilerTests {
    /// Takes every pattern for the text that it is.
    final class Literals: PatternEngine {
        final class Literal: CompiledPattern, @unchecked Sendable {
            let text: [UInt8]
            init(_ text: String) { self.text = Array(text.utf8) }
            override var requiredPrefix: [UInt8] { Array(text.prefix(3)) }
            override func matches(_ text: Bytes) -> Bool { text.array == self.text }
        }

        func compile(_ pattern: String) throws(PatternFault) -> CompiledPattern {
            guard pattern != "bad" else { throw PatternFault("bad it is") }
            return Literal(pattern)
        }
    }

    static var registry: PluginRegistry {
        var registry = PluginRegistry()
        registry.patternEngine = Literals()
        return registry
    }

    static func compile(_ routes: [Route]) -> (header: VirtualHostHeader, compiled: CompiledVirtualHost) {
        let compiled = VirtualHostCompiler.compile(VirtualHost(name: "h", domains: ["*"], routes: routes), registry)
        return (compiled.block.view.load(0), compiled)
    }

    static func forward(_ cluster: String, _ path: String = "/") -> Route {
        Route(match: RouteMatch(.prefix(path)), action: .forward(ForwardAction(to: .cluster(cluster))))
    }

    @Test func clustersAreNumberedInTheOrderOfTheirFirstMention() {
        let weighted = WeightedClusters([
            .init("b", weight: 1), .init("d", weight: 1), .init("", weight: 1, header: "x"),
        ])
        let compiled = Self.compile([
            Self.forward("c"), Self.forward("a"), Self.forward("c"),
            Route(match: RouteMatch(.prefix("/")), action: .forward(ForwardAction(to: .weighted(weighted)))),
            Route(match: RouteMatch(.prefix("/")), action: .forward(ForwardAction(to: .header("x")))),
        ]).compiled
        #expect(compiled.clusterNames == ["c", "a", "b", "d"])
    }

    @Test func equalActionsShareOneRecord() {
        let (header, compiled) = Self.compile((0..<100).map { Self.forward("c", "/\($0)") } + [Self.forward("d")])
        let view = compiled.block.view
        let places = (0..<101).map { view[header.routes, $0].action }
        #expect(Set(places.prefix(100)).count == 1)
        #expect(places[100] != places[0])
    }

    @Test func lowerCaseIsStoredWhereCaseIsIgnored() {
        var folded = Self.forward("c", "/ABC")
        folded.match.isCaseSensitive = false
        let (header, compiled) = Self.compile([folded, Self.forward("c", "/ABC")])
        let view = compiled.block.view
        #expect(view.bytes(view[header.routes, 0].path).string == "/abc")
        #expect(view[header.routes, 0].ignoresCase == 1)
        #expect(view.bytes(view[header.routes, 1].path).string == "/ABC")
        #expect(view[header.routes, 1].ignoresCase == 0)
        #expect(header.index.sensitive.keys.count == 1 && header.index.insensitive.keys.count == 1)
    }

    @Test func connectRoutesAreListedAndNotFiled() {
        let connect = Route(match: RouteMatch(.connect), action: .nonForwarding)
        let (header, compiled) = Self.compile([Self.forward("c"), connect, connect])
        #expect(
            (0..<Int(header.index.connects.count)).map { compiled.block.view[header.index.connects, $0] } == [1, 2])
        #expect(header.index.sensitive.keys.count == 1)
    }

    @Test func equalPatternsAreCompiledOnceAndBadOnesNeverMatch() {
        func pattern(_ text: String) -> Route { Route(match: RouteMatch(.pattern(text)), action: .nonForwarding) }
        let (header, compiled) = Self.compile([pattern("/one"), pattern("/two"), pattern("/one"), pattern("bad")])
        let view = compiled.block.view
        #expect((0..<4).map { view[header.routes, $0].pattern } == [1, 2, 1, 0])
    }

    @Test func withoutAPatternEnginePatternsNeverMatch() {
        let host = VirtualHost(
            name: "h", domains: ["*"], routes: [Route(match: RouteMatch(.pattern(".*")), action: .nonForwarding)])
        let compiled = VirtualHostCompiler.compile(host, PluginRegistry())
        let header: VirtualHostHeader = compiled.block.view.load(0)
        #expect(compiled.block.view[header.routes, 0].pattern == 0)
    }

    @Test func theSameHostGivesTheSameBytes() {
        let routes = (0..<60).map { number in
            var route = Self.forward("c\(number % 4)", "/p/\(number % 20)")
            route.match.headers = [HeaderMatcher("X-\(number % 3)", .text(StringMatcher(.exact("v\(number)"))))]
            route.headerMutations.requestAdditions = [.init("a", "\(number % 2)")]
            return route
        }
        #expect(Self.compile(routes).compiled.block.hasSameBytes(as: Self.compile(routes).compiled.block))
        #expect(!Self.compile(routes).compiled.block.hasSameBytes(as: Self.compile(routes.reversed()).compiled.block))
    }
}

@Suite struct RouteTableCompilerTests {
    static func header(_ table: RouteConfiguration) -> (RouteTableHeader, Block) {
        let block = RouteTableCompiler.compile(table)
        return (block.view.load(0), block)
    }

    @Test func domainsGoToTheirBuckets() {
        var table = RouteConfiguration(
            name: "t",
            virtualHosts: [
                VirtualHost(name: "one", domains: ["a.com", "*.b.com", "c.*"]),
                VirtualHost(name: "two", domains: ["*", "*x*"]),
            ])
        table.virtualHostHeader = "x-host"
        table.ignoresPortInHostMatching = true
        table.ignoresPathParameters = true
        table.mostSpecificHeaderMutationsWin = true
        let (header, block) = Self.header(table)
        #expect(header.catchAll == 2)
        #expect(header.hostCount == 2)
        #expect(header.flags == [.ignoresPort, .ignoresPathParameters, .mostSpecificMutationsWin])
        #expect(block.view.bytes(header.hostHeader).string == "x-host")
        #expect(block.view.bytes(header.name).string == "t")
        #expect(
            header.exact.entries.count > 0 && header.suffixes.entries.count > 0 && header.prefixes.entries.count > 0)
    }

    @Test func aTableOfNothingButTheDefaultIsMarked() {
        let only = RouteConfiguration(name: "t", virtualHosts: [VirtualHost(name: "h", domains: ["*"])])
        #expect(Self.header(only).0.flags == .onlyCatchAll)
        #expect(Self.header(RouteConfiguration(name: "t")).0.flags == .onlyCatchAll)
        #expect(Self.header(RouteConfiguration(name: "t")).0.catchAll == 0)
        let more = RouteConfiguration(name: "t", virtualHosts: [VirtualHost(name: "h", domains: ["*", "a"])])
        #expect(Self.header(more).0.flags == [])
    }

    @Test func theSameTableGivesTheSameBytes() {
        let hosts = (0..<50).map { VirtualHost(name: "\($0)", domains: ["h\($0).com", "*.s\($0).com", "p\($0).*"]) }
        let table = RouteConfiguration(name: "t", virtualHosts: hosts)
        #expect(RouteTableCompiler.compile(table).hasSameBytes(as: RouteTableCompiler.compile(table)))
        // The routes are not its business.
        var other = table
        other.virtualHosts[0].routes = [Route(match: RouteMatch(.prefix("/")), action: .nonForwarding)]
        #expect(RouteTableCompiler.compile(table).hasSameBytes(as: RouteTableCompiler.compile(other)))
    }
}
