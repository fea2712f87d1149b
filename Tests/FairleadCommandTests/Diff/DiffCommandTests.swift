// Fairlead: tests of telling what a new configuration would change
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import FairleadEnvoy
import Foundation
import Testing

@testable import FairleadCommand

@Suite struct DiffCommandTests {
    static func route(_ path: RouteMatch.Path, to cluster: String, _ headers: [HeaderMatcher] = []) -> Route {
        var match = RouteMatch(path)
        match.headers = headers
        return Route(name: cluster, match: match, action: .forward(ForwardAction(to: .cluster(cluster))))
    }

    static func configuration(_ routes: Route...) -> Configuration {
        Configuration(
            routeConfigurations: [
                RouteConfiguration(
                    name: "t", virtualHosts: [VirtualHost(name: "v", domains: ["*.example"], routes: routes)])
            ], clusters: ["a", "b"].map { Cluster(name: $0) })
    }

    static func report(
        _ old: Configuration, _ new: Configuration, _ arguments: [String] = []
    ) throws -> DiffReport {
        let command = try #require(try DiffCommand.parseAsRoot(["old", "new"] + arguments) as? DiffCommand)
        let engine = try Engine(old, options: ConfigurationFile.options())
        let candidate = try engine.prepare(ConfigurationUpdate(replacingEverythingWith: new))
        return DiffReport(
            differences: ResourceDifference.between(old, new),
            comparison: try command.compare(candidate, old, new), limit: command.limit)
    }

    @Test func equalConfigurationsMoveNothing() throws {
        let configuration = Self.configuration(Self.route(.prefix("/x"), to: "a"), Self.route(.prefix("/"), to: "b"))
        let report = try Self.report(configuration, configuration)
        #expect(report.lines.first == "no resource changes")
        #expect(report.comparison.tried == 5)
        #expect(report.comparison.movedCount == 0)
    }

    @Test func madeUpRequestsFindWhatMoves() throws {
        let old = Self.configuration(Self.route(.prefix("/x"), to: "a"), Self.route(.prefix("/"), to: "b"))
        let new = Self.configuration(
            Self.route(.separatedPrefix("/x"), to: "a"), Self.route(.prefix("/"), to: "b"))
        let report = try Self.report(old, new)
        // "/xx" alone belongs to one of them only.
        #expect(report.comparison.moves.contains { String(decoding: $0.line, as: UTF8.self).contains("\"/xx\"") })
        #expect(report.lines.contains(#"        cluster: a -> b"#))
        #expect(report.lines[0] == "changed route_configuration t")
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
        #expect(json["requests_moved"] as? Int == report.comparison.movedCount)
        #expect((json["resources"] as? [[String: Any]])?.first?["effect"] as? String == "changed")
    }

    @Test func conditionsAreSatisfiedAndMissed() throws {
        let method = HeaderMatcher(":method", .text(StringMatcher(.exact("PUT"))))
        let header = HeaderMatcher("x-user", .text(StringMatcher(.pattern("ada|eve"))))
        let old = Self.configuration(
            Self.route(.prefix("/x"), to: "a", [method, header]), Self.route(.prefix("/"), to: "b"))
        let new = Self.configuration(Self.route(.prefix("/"), to: "b"))
        let report = try Self.report(old, new)
        let lines = report.comparison.moves.map { String(decoding: $0.line, as: UTF8.self) }
        #expect(
            lines.contains(
                #"{"method":"PUT","authority":"www.example","path":"/x","headers":[["x-user","ada"]]}"#))
        #expect(lines.allSatisfy { $0.contains("PUT") && $0.contains("ada") })
    }

    @Test func theRequestsOfAFileAreTried() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(
            """
            {"authority":"a.example","path":"/x"}
            nonsense

            {"authority":"a.example","path":"/y"}
            {"authority":"a.example","path":"no path"}
            """.utf8
        ).write(to: file)
        let old = Self.configuration(Self.route(.prefix("/x"), to: "a"), Self.route(.prefix("/"), to: "b"))
        let report = try Self.report(
            old, Self.configuration(Self.route(.prefix("/"), to: "b")), ["--requests", file.path])
        #expect(report.comparison.tried == 3)
        #expect(report.comparison.movedCount == 1)
        #expect(report.comparison.faults.map { $0.line } == [2])
        #expect(throws: ValidationError.self) { try Self.report(old, old, ["--requests", "/nonexistent"]) }
        #expect(throws: ValidationError.self) { try Self.report(old, old, ["--route-config", "never"]) }
    }

    @Test func tablesThatGoAreMoves() throws {
        let old = Self.configuration(Self.route(.prefix("/"), to: "b"))
        var new = old
        new.routeConfigurations = []
        let report = try Self.report(old, new)
        #expect(report.comparison.movedCount == report.comparison.tried)
        #expect(report.comparison.moves.first?.parts.map { $0.name } == ["route_table"])
    }

    @Test func eachFilePreparesRequestsAsItsListenerSays() throws {
        func configuration(_ change: (inout PreparationRules) -> Void) -> Configuration {
            var configuration = Self.configuration(
                Self.route(.exact("/a/x"), to: "a"), Self.route(.prefix("/"), to: "b"))
            var listener = Listener(
                name: "l", address: .socket(host: "0.0.0.0", port: 80),
                connectionManager: ConnectionManager(routeConfiguration: "t"))
            change(&listener.connectionManager.preparation)
            configuration.listeners = [listener]
            return configuration
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(#"{"authority":"a.example","path":"/a//x"}"#.utf8).write(to: file)
        let plain = configuration { _ in }
        let merging = configuration { $0.mergesSlashes = true }
        func parts(_ old: Configuration, _ new: Configuration) throws -> [[String]] {
            try Self.report(old, new, ["--requests", file.path]).comparison.moves.map {
                $0.parts.map { "\($0.name): \($0.before ?? "-") \($0.after ?? "-")" }
            }
        }
        #expect(try parts(plain, merging) == [["cluster: b a", "path: /a//x /a/x"]])
        #expect(try parts(merging, plain) == [["cluster: a b", "path: /a/x /a//x"]])
        #expect(try parts(merging, merging) == [])
        // One that is refused goes nowhere.
        try Data(#"{"authority":"a.example","path":"/a%2Fx"}"#.utf8).write(to: file)
        let refusing = configuration { $0.escapedSlashes = .refuse }
        #expect(
            try parts(plain, refusing) == [
                [
                    "action: forward bad_request", "status: - 400", "cluster: b -", "path: /a%2Fx -",
                    "authority: a.example -",
                ]
            ])
        let unescaping = configuration { $0.escapedSlashes = .unescapeAndRedirect }
        #expect(try parts(refusing, unescaping).first?.last == "location: - /a/x")
        #expect(try parts(refusing, refusing) == [])
    }

    @Test func layersOfRuntimeValuesAreResources() throws {
        var old = Self.configuration(Self.route(.prefix("/"), to: "b"))
        old.runtimeLayers = [RuntimeLayer("base", [.init("k", .number(1))]), RuntimeLayer("top")]
        var new = old
        new.runtimeLayers[0].entries[0].value = .number(2)
        let report = try Self.report(old, new)
        #expect(report.lines.prefix(2) == ["changed runtime_layer base", "    layer.k: 1 -> 2"])
    }

    @Test func listsAreShortenedAndCounted() throws {
        let old = Self.configuration(Self.route(.prefix("/x"), to: "a"), Self.route(.prefix("/"), to: "b"))
        let new = Self.configuration(Self.route(.prefix("/x"), to: "b"), Self.route(.prefix("/"), to: "a"))
        let report = try Self.report(old, new, ["--limit", "1"])
        #expect(report.comparison.moves.count == 1)
        #expect(report.comparison.movedCount > 1)
        #expect(throws: (any Error).self) { try DiffCommand.parseAsRoot(["old", "new", "--limit", "-1"]) }
        let few = try Self.report(old, new, ["--count", "3"])
        #expect(few.comparison.tried == 3)
    }

    @Test(
        arguments: [
            ("/a", "/a"), ("/a.*", "/ax"), ("/(a|b)/c?", "/a/"), ("/v[0-9]+/x", "/v0/x"), ("/[^/]+", "/x"),
            ("/\\d{2}\\.x", "/1.x"), ("(?i)/a(?:b|c)", "/ab"), ("(?P<n>/a)", "/a"), ("/a)", "/a)"), ("/(", "/"),
            ("", ""),
        ])
    func patternsHaveSamples(pattern: String, sample: String) {
        #expect(PatternSample.text(of: pattern) == sample)
    }

    @Test func deepPatternsEnd() {
        #expect(PatternSample.text(of: String(repeating: "(", count: 100_000)).isEmpty)
    }
}
