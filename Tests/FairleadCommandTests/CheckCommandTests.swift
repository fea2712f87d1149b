// Fairlead: tests of what the check says
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Fairlead
import Foundation
import Testing

@testable import FairleadCommand

@Suite struct CheckCommandTests {
    static let sample = """
        static_resources:
          clusters:
          - name: a
            lb_policy: NONSENSE
            load_assignment:
              cluster_name: a
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 99999}}}
          - name: a
        """

    /// The problems of a file with these contents.
    static func problems(_ contents: String, name: String = "config.yaml", strict: Bool = false) throws -> [Problem] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(name).path
        try Data(contents.utf8).write(to: URL(fileURLWithPath: file))
        let loaded = try #require(ConfigurationFile.read(file, isStrict: strict))
        return ConfigurationFile.problems(of: loaded)
    }

    @Test func everyProblemIsALineWithItsPlace() throws {
        let lines = try Self.problems(Self.sample).map(\.description)
        #expect(lines.count >= 2)
        #expect(lines.contains { $0.contains("config.yaml:4:16: error: static_resources.clusters[0].lb_policy: ") })
        #expect(lines.allSatisfy { $0.hasSuffix("]") })
    }

    @Test func whatOnlyAnEngineKnowsIsSaidToo() throws {
        let text = """
            {"name": "r", "virtual_hosts": [{"name": "v", "domains": ["*"], "routes": [
              {"match": {"safe_regex": {"regex": "(unclosed"}}, "direct_response": {"status": 200}}]}]}
            """
        let problems = try Self.problems(text, name: "table.json")
        #expect(problems.count == 1)
        #expect(problems.first?.code == .invalidPattern)
        #expect(problems.first?.place?.line == 2)
    }

    @Test func unknownFieldsAreWarningsUnlessItIsStrict() throws {
        let text = "static_resources: {}\nnonsense: 1\n"
        #expect(try Self.problems(text).map(\.severity) == [.warning])
        #expect(try Self.problems(text, strict: true).map(\.severity) == [.error])
    }

    @Test func aFileThatIsNotThereIsAProblem() {
        #expect(ConfigurationFile.read("/nonexistent/config.yaml") == nil)
        #expect(throws: ProblemList.self) { try ConfigurationFile.checked("/nonexistent/config.yaml") }
    }

    // MARK: What is legal but hardly meant

    static let hardlyMeant = """
        static_resources:
          listeners:
          - name: l
            address: {socket_address: {address: 127.0.0.1, port_value: 10000}}
            filter_chains:
            - filters:
              - name: envoy.filters.network.http_connection_manager
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: p
                  http_filters:
                  - name: envoy.filters.http.router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  route_config:
                    name: r
                    virtual_hosts:
                    - name: v
                      domains: ["*"]
                      routes:
                      - match: {prefix: "/"}
                        direct_response: {status: 200}
                      - match: {prefix: "/a"}
                        route: {cluster: a, retry_policy: {retry_on: "bogus"}}
          clusters:
          - name: unused
            load_assignment:
              cluster_name: unused
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}}}}]}]
          - name: a
            load_assignment:
              cluster_name: a
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}}}}]}]
        """

    static func lints(strict: Bool = false, allowing allowed: Set<String> = []) throws -> [Problem] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("config.yaml").path
        try Data(hardlyMeant.utf8).write(to: URL(fileURLWithPath: file))
        let loaded = try #require(ConfigurationFile.read(file))
        return CheckCommand.problems(of: loaded, isStrict: strict, allowed: allowed)
    }

    @Test func whatIsHardlyMeantIsAWarningWithItsPlace() throws {
        let found = try Self.lints()
        #expect(found.allSatisfy { $0.severity == .warning })
        let lines = found.map(\.description)
        let routes =
            "static_resources.listeners[0].filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes"
        #expect(
            lines.contains {
                $0.contains("config.yaml:22:24: warning: \(routes)[1].match: can never match: routes[0] before it")
                    && $0.hasSuffix("[shadowed-route]")
            })
        #expect(lines.contains { $0.contains(":25:11: warning: static_resources.clusters[0].name: ") })
        #expect(Set(found.map { $0.code }) == [.shadowedRoute, .unusedCluster, .idleRetryPolicy])
        #expect(found.count { $0.code == .idleRetryPolicy } == 2)
    }

    @Test func strictMakesErrorsOfIt() throws {
        let found = try Self.lints(strict: true)
        #expect(found.first { $0.code == .shadowedRoute }?.severity == .error)
    }

    @Test func whatIsAllowedIsNotTold() throws {
        let found = try Self.lints(strict: true, allowing: ["shadowed-route", "idle-retry-policy"])
        #expect(found.map { $0.code } == [.unusedCluster])
        #expect(throws: (any Error).self) { try CheckCommand.parseAsRoot(["--allow", "nonsense", "x.yaml"]) }
        #expect(try CheckCommand.parseAsRoot(["--allow", "unused-cluster", "x.yaml"]) is CheckCommand)
    }

    @Test func everyLintIsDocumented() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/lint.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        for code in Problem.Code.lints { #expect(text.contains("| `\(code.name)` |"), "\(code.name)") }
        #expect(Problem.Code.lints.map { $0.name } == Problem.Code.lints.map { $0.name }.sorted())
    }

    @Test func theSummaryCounts() {
        let problems = [Problem(.warning, .unsupported, "w"), Problem(.invalidValue, "e"), Problem(.invalidValue, "f")]
        #expect(CheckCommand.summary(files: 1, problems) == "1 file, 2 errors, 1 warning")
        #expect(CheckCommand.summary(files: 2, []) == "2 files, 0 errors, 0 warnings")
    }

    @Test func theSampleIsInOrder() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Examples/envoy")
        let samples = try FileManager.default.contentsOfDirectory(atPath: path.path).filter { $0.hasSuffix(".yaml") }
        #expect(!samples.isEmpty)
        for sample in samples {
            let loaded = try #require(
                ConfigurationFile.read(path.appendingPathComponent(sample).path, isStrict: true))
            #expect(ConfigurationFile.problems(of: loaded).map(\.description) == [])
            #expect(ConfigurationFile.lint(loaded).map(\.description) == [])
        }
    }
}
