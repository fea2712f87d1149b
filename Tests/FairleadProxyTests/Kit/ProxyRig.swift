// Fairlead: a proxy for tests
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadRE2
import Testing

@testable import FairleadProxy

/// A proxy for tests, with one listener called `main` on a free port of this machine.
struct ProxyRig {
    let engine: Engine
    let proxy: Proxy
    let port: Int

    /// Starts a proxy with `routes` for every host, and runs `body` against it.
    static func run(
        _ routes: [Route], clusters: [Cluster], options: (inout ProxyOptions) -> Void = { _ in },
        manager: (inout ConnectionManager) -> Void = { _ in }, host: (inout VirtualHost) -> Void = { _ in },
        _ body: (ProxyRig) async throws -> Void
    ) async throws {
        let configuration = configuration(routes, clusters: clusters, manager: manager, host: host)
        try await run(configuration, options: options, body)
    }

    /// Starts a proxy with `configuration`, and runs `body` against it.
    static func run(
        _ configuration: Configuration, options: (inout ProxyOptions) -> Void = { _ in },
        _ body: (ProxyRig) async throws -> Void
    ) async throws {
        var engineOptions = EngineOptions()
        engineOptions.plugins.patternEngine = RE2PatternEngine()
        let engine = Engine(options: engineOptions)
        var proxyOptions = ProxyOptions()
        proxyOptions.drainTime = .seconds(5)
        options(&proxyOptions)
        let proxy = try await Proxy(engine: engine, options: proxyOptions)
        do {
            try await proxy.apply(configuration)
            try await body(
                ProxyRig(engine: engine, proxy: proxy, port: try #require(await proxy.port(ofListener: "main"))))
        } catch {
            await proxy.shutDown()
            throw error
        }
        await proxy.shutDown()
    }

    /// One listener, one table, one virtual host for every domain.
    static func configuration(
        _ routes: [Route], clusters: [Cluster], manager: (inout ConnectionManager) -> Void = { _ in },
        host: (inout VirtualHost) -> Void = { _ in }
    ) -> Configuration {
        var settings = ConnectionManager(routeConfiguration: "table")
        manager(&settings)
        let listener = Listener(
            name: "main", address: .socket(host: "127.0.0.1", port: 0), connectionManager: settings)
        var virtualHost = VirtualHost(name: "all", domains: ["*"], routes: routes)
        host(&virtualHost)
        return Configuration(
            listeners: [listener],
            routeConfigurations: [RouteConfiguration(name: "table", virtualHosts: [virtualHost])], clusters: clusters)
    }

    /// Waits until `condition` holds.
    static func wait(until condition: () async throws -> Bool) async throws {
        while try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }
}

extension Cluster {
    /// A cluster of endpoints on this machine.
    init(_ name: String, ports: Int...) {
        self.init(
            name: name,
            endpoints: [
                LocalityEndpoints(
                    endpoints: ports.map { Endpoint(.socket(host: "127.0.0.1", port: UInt16($0))) })
            ])
    }
}

extension Route {
    /// A route that forwards what begins with `prefix` to `cluster`.
    static func forward(
        _ prefix: String, to cluster: String, _ change: (inout ForwardAction) -> Void = { _ in }
    ) -> Route {
        var action = ForwardAction(to: .cluster(cluster))
        change(&action)
        return Route(name: prefix, match: RouteMatch(.prefix(prefix)), action: .forward(action))
    }
}
