// Fairlead: tests of which virtual hosts came and went
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Fairlead

@Suite struct HostChangesTests {
    /// Eight virtual hosts, as an engine has them.
    static func hosts() throws -> [VirtualHostState] {
        let table = RouteConfiguration(
            name: "t", virtualHosts: (0..<8).map { VirtualHost(name: "h\($0)", domains: ["h\($0)"]) })
        let engine = try Engine(Configuration(routeConfigurations: [table]))
        return engine.state.withLock { $0.routeTables["t"]?.hosts ?? [] }
    }

    static let lists: [([Int], former: [Int], new: [String], gone: [String])] = [
        ([0, 1, 2], [0, 1, 2], [], []), ([0, 3, 2], [0, 1, 2], ["h3"], ["h1"]), ([0, 2], [0, 1, 2], [], ["h1"]),
        ([0, 1, 2, 3], [0, 1, 2], ["h3"], []), ([2, 0, 1], [0, 1, 2], [], []), ([], [0, 1], [], ["h0", "h1"]),
        ([1, 0], [], ["h1", "h0"], []), ([4, 0, 5], [0, 1, 2], ["h4", "h5"], ["h1", "h2"]),
    ]

    @Test(arguments: lists)
    func whatIsOnOneSideOnlyCameOrWent(present: [Int], former: [Int], new: [String], gone: [String]) throws {
        let hosts = try Self.hosts()
        let changes = HostChanges(from: former.map { hosts[$0] }, to: present.map { hosts[$0] })
        #expect(changes.new.map { $0.host.name } == new)
        #expect(changes.gone.map { $0.host.name } == gone)
    }
}
