// Fairlead: an engine with one worker, for tests that tell a story
// SPDX-License-Identifier: Apache-2.0

public import Fairlead
import FairleadRE2

/// An engine with one worker: what the tests of the core play in.
public final class Scene {
    /// The engine.
    public let engine: Engine
    /// Its first worker.
    public let worker: Worker

    /// An engine that serves `configuration`.
    public init(_ configuration: Configuration, options: EngineOptions = .scene) throws {
        engine = try Engine(configuration, options: options)
        worker = try engine.makeWorker()
    }

    /// An engine with one route table.
    public convenience init(
        _ table: RouteConfiguration, clusters: [Cluster] = [], options: EngineOptions = .scene
    ) throws {
        try self.init(Configuration(routeConfigurations: [table], clusters: clusters), options: options)
    }

    /// An engine with one virtual host for everything, called `all`.
    public convenience init(
        routes: [Route], clusters: [Cluster] = [.fixed("c", 1)], options: EngineOptions = .scene
    ) throws {
        try self.init(.of(routes), clusters: clusters, options: options)
    }

    /// What becomes of `request`, up to the first pick.
    public func decide(_ request: Request, routeTable: Int = 0) -> Decision {
        var exchange = worker.begin(request.view, routeTable: routeTable)
        let decision = Decision(exchange, request, worker)
        worker.end(&exchange)
        return decision
    }

    /// What becomes of a GET of `path` at `authority`.
    public func decide(
        _ path: String, at authority: String = "a.example", _ headers: [(String, String)] = []
    ) -> Decision {
        decide(Request(authority: authority, path: path, headers: headers))
    }

    /// The addresses that `count` exchanges with a cluster, one after the other, are sent to; `-` for none.
    public func picks(_ count: Int, of cluster: String = "c", hash: UInt64? = nil) -> [String] {
        (0..<count).map { _ in
            var exchange = worker.begin(cluster: cluster, hash: hash)
            let address = pickOnce(&exchange, .response(200))
            worker.end(&exchange)
            return address ?? "-"
        }
    }

    /// How often each address comes among `picks`.
    public func counts(_ count: Int, of cluster: String = "c") -> [String: Int] {
        picks(count, of: cluster).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Picks and reports at once; answers the address, `nil` for none.
    public func pickOnce(_ exchange: inout Exchange, _ outcome: Outcome) -> String? {
        var attempt = Attempt()
        guard worker.pick(&exchange, &attempt) == .endpoint else { return nil }
        let address = attempt.endpoint?.address.string
        worker.report(&attempt, outcome, &exchange)
        return address
    }
}

extension EngineOptions {
    /// The defaults with RE2's patterns.
    public static var scene: EngineOptions {
        var options = EngineOptions()
        options.plugins.patternEngine = RE2PatternEngine()
        return options
    }
}
