// Fairlead: the demonstration
// SPDX-License-Identifier: Apache-2.0

public import Fairlead
import NIOCore
import NIOPosix

/// The demonstration: endpoints inside of this process, a configuration that uses them in every way, a table of what
/// happens, and requests of its own on demand. Everything is on this machine.
public actor Demo {
    private let group: MultiThreadedEventLoopGroup
    private let backends: DemoConfiguration
    private var table: DemoTable
    private var traffic = DemoTraffic()

    /// Starts the endpoints.
    public init() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        var shop: [DemoBackend] = []
        for (number, milliseconds) in [1, 2, 4, 2, 4, 8].enumerated() {
            shop.append(
                try await DemoBackend.start(
                    "shop-\(number + 1)", zone: number < 3 ? "zone-a" : "zone-b", latency: .milliseconds(milliseconds),
                    on: group))
        }
        let canary = [
            try await DemoBackend.start("canary-1", zone: "zone-a", latency: .milliseconds(2), on: group)
        ]
        var flaky: [DemoBackend] = []
        for number in 1...3 {
            flaky.append(
                try await DemoBackend.start(
                    "flaky-\(number)", zone: "zone-b", latency: .milliseconds(1), fails: number == 2, on: group))
        }
        backends = DemoConfiguration(shop: shop, canary: canary, flaky: flaky)
        table = DemoTable(shop + canary + flaky)
    }

    /// The name of its listener.
    public static var listener: String { DemoConfiguration.listener }

    /// What is served, with a listener at `port` of this machine; 0 for any free one.
    public func configuration(port: UInt16) -> Configuration { backends.configuration(port: port) }

    /// What to try, for people.
    public static func invitation(port: Int, admin: String?) -> [String] {
        let base = "http://127.0.0.1:\(port)"
        var suggestions = [
            ("curl \(base)/shop/1", "least request; zone-a weighs twice as much as zone-b"),
            ("curl \(base)/beta", "one in five goes to the canary"),
            ("curl -H 'x-user: ann' \(base)/cart", "always the same endpoint for a user, by ring hash"),
            ("curl -i \(base)/flaky", "one of three endpoints fails, and retries hide it"),
            ("curl -i \(base)/old", "a redirect"), ("curl \(base)/hello", "a direct response"),
        ]
        if let admin {
            suggestions.append(("curl http://\(admin)/stats", "numbers; also /clusters, /config_dump, /ready"))
        }
        let width = suggestions.map { $0.0.count }.max() ?? 0
        return ["Try, in another terminal:"]
            + suggestions.map { command, meaning in
                "  " + command + String(repeating: " ", count: width + 2 - command.count) + meaning
            }
    }

    /// The table of endpoints, one line each; the column of news counts from the call before.
    public func tableLines(_ clusters: [ClusterStatistics]) -> [String] { table.lines(clusters) }

    /// What each endpoint got since the call before, in one line; empty when there was nothing.
    public func newsLine(_ clusters: [ClusterStatistics]) -> String { table.news(clusters) }

    /// Sends requests of its own to `port` for `length`, at a moderate rate.
    public func sendTraffic(port: Int, for length: Duration) async {
        var traffic = traffic
        await traffic.run(port: port, connections: 8, rate: 400, until: ContinuousClock.now + length)
        traffic.judgeReach(of: backends.shop + backends.canary + backends.flaky)
        self.traffic = traffic
    }

    /// What came of it, for people.
    public var summary: [String] {
        var lines = ["\(traffic.answered) requests answered"]
        for status in traffic.statuses.keys.sorted() {
            lines.append("  \(status): \(traffic.statuses[status] ?? 0)")
        }
        return lines + (traffic.surprises.isEmpty ? ["all as expected"] : traffic.surprises.map { "unexpected: \($0)" })
    }

    /// How many requests were answered so far.
    public var answered: Int { traffic.answered }

    /// What was not as expected so far.
    public var surprises: [String] { traffic.surprises }

    /// Whether everything was as expected, and there was something.
    public var isAsExpected: Bool { traffic.surprises.isEmpty && traffic.answered > 0 }

    /// Ends the endpoints.
    public func stop() async { try? await group.shutdownGracefully() }
}
