// Fairlead: tests of the serving process, from outside
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import FairleadCommand

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Runs the command itself: signals and exits have no other test.
@Suite struct ServeProcessTests {
    /// A running `fairlead`, its standard error line by line.
    final class Server {
        let process = Process()
        private let errors = Pipe()
        private var buffer = Data()

        init(_ arguments: [String]) throws {
            process.executableURL = URL(fileURLWithPath: try #require(Server.binary))
            process.arguments = arguments
            process.standardError = errors
            process.standardOutput = FileHandle.nullDevice
            try process.run()
        }

        /// The command, which stands beside the tests.
        private static var binary: String? {
            guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8),
                let line = maps.split(separator: "\n").first(where: { $0.hasSuffix(".xctest") }),
                let slash = line.firstIndex(of: "/")
            else { return nil }
            return URL(fileURLWithPath: String(line[slash...])).deletingLastPathComponent()
                .appendingPathComponent("fairlead").path
        }

        /// The next line that holds `text`; waits for it.
        func line(with text: String) throws -> String {
            while true {
                while let end = buffer.firstIndex(of: 10) {
                    let line = String(decoding: buffer[..<end], as: UTF8.self)
                    buffer.removeSubrange(...end)
                    if line.contains(text) { return line }
                }
                let more = errors.fileHandleForReading.availableData
                try #require(!more.isEmpty, "it ended before it said '\(text)'")
                buffer += more
            }
        }

        /// The port at the end of the line that holds `text`.
        func port(_ text: String) throws -> Int {
            try #require(Int(try line(with: text).split(separator: ":").last ?? ""))
        }

        func signal(_ number: Int32) { kill(process.processIdentifier, number) }

        /// How it ended.
        func exitCode() -> Int32 {
            process.waitUntilExit()
            return process.terminationReason == .exit ? process.terminationStatus : -1
        }
    }

    static func configuration(_ text: String) -> String {
        """
        {"admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
         "static_resources": {"listeners": [{"name": "main",
          "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
          "filter_chains": [{"filters": [{"name": "http", "typed_config": {
           "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
           "stat_prefix": "main",
           "http_filters": [{"name": "router", "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}],
           "route_config": {"name": "table", "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
            {"match": {"prefix": "/"}, "direct_response": {"status": 200, "body": {"inline_string": "\(text)"}}}]}]}}}]}]}]}}
        """
    }

    /// A file with `contents` in a folder of its own, removed afterwards.
    static func withFile(_ contents: String, _ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("config.json")
        try Data(contents.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(file)
    }

    static func get(_ port: Int, _ path: String = "/") async throws -> String {
        let url = try #require(URL(string: "http://127.0.0.1:\(port)\(path)"))
        return try String(contentsOf: url, encoding: .utf8)
    }

    @Test func itReloadsOnSIGHUPAndEndsOnSIGTERM() async throws {
        try await Self.withFile(Self.configuration("one")) { file in
            let server = try Server(["serve", "--config", file.path, "--concurrency", "1", "--no-watch"])
            let port = try server.port("listening: main at ")
            let admin = try server.port("administration at ")
            #expect(try await Self.get(port) == "one")
            #expect(try await Self.get(admin, "/ready") == "LIVE\n")
            #expect(try await Self.get(admin, "/config_dump").contains("\"one\""))
            try Data(Self.configuration("two").utf8).write(to: file)
            server.signal(SIGHUP)
            _ = try server.line(with: "configuration reloaded")
            #expect(try await Self.get(port) == "two")
            try Data("{\"static_resources\": {\"clusters\": [{\"name\": \"\"}]}}".utf8).write(to: file)
            server.signal(SIGHUP)
            #expect(try server.line(with: " error: ").contains("config.json:1:"))
            _ = try server.line(with: "the one before is still served")
            #expect(try await Self.get(port) == "two")
            server.signal(SIGTERM)
            #expect(server.exitCode() == 0)
        }
    }

    @Test func itReloadsWhenTheFileChangesAndEndsOnSIGINT() async throws {
        try await Self.withFile(Self.configuration("one")) { file in
            let server = try Server(["serve", "--config", file.path, "--concurrency", "2"])
            let port = try server.port("listening: main at ")
            try Data(Self.configuration("two").utf8).write(to: file, options: .atomic)
            _ = try server.line(with: "configuration reloaded")
            #expect(try await Self.get(port) == "two")
            server.signal(SIGINT)
            #expect(server.exitCode() == 0)
        }
    }

    @Test func aBadConfigurationEndsIt() async throws {
        try await Self.withFile("nonsense: 1\nstatic_resources: 2\n") { file in
            let server = try Server(["serve", "--config", file.path])
            _ = try server.line(with: "config.json")
            #expect(server.exitCode() == 1)
        }
        #expect(try Server(["check", "/nonexistent"]).exitCode() == 1)
    }

    @Test func theDemonstrationEndsByItself() throws {
        #expect(try Server(["serve", "--demo", "--for", "2s"]).exitCode() == 0)
    }
}
