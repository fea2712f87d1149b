// Fairlead: the pages of the administration interface
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// One answer of the administration interface.
struct AdminPage: Sendable {
    var status: Int
    var type: String
    var body: String

    init(_ status: Int, _ body: String, type: String = "text/plain; charset=UTF-8") {
        self.status = status
        self.body = body
        self.type = type
    }

    static func json(_ body: String) -> AdminPage { AdminPage(200, body + "\n", type: "application/json") }
}

/// The pages of the administration interface, by the paths that Envoy has them at.
struct AdminPages: Sendable {
    private let proxy: Proxy
    private let dump: @Sendable (Configuration) -> String
    private let start = ContinuousClock.now

    init(_ proxy: Proxy, dump: @escaping @Sendable (Configuration) -> String) {
        self.proxy = proxy
        self.dump = dump
    }

    private static let index = """
        /clusters       clusters and their endpoints (?format=json)
        /config_dump    the configuration that is served
        /ready          200 when requests are taken, 503 otherwise
        /server_info    version, state and options
        /stats          counters and gauges (?format=prometheus)

        """

    /// The page at `target`, which may have a query.
    func page(_ target: String) -> AdminPage {
        let parts = target.split(separator: "?", maxSplits: 1)
        let path = parts.first ?? "/"
        let query = parts.count > 1 ? parts[1].split(separator: "&") : []
        let format = query.first { $0.hasPrefix("format=") }?.dropFirst("format=".count) ?? "text"
        switch path {
        case "/", "/help": return AdminPage(200, Self.index)
        case "/ready":
            let state = proxy.state
            return AdminPage(state == .live ? 200 : 503, state.name + "\n")
        case "/stats" where format == "prometheus", "/stats/prometheus":
            return AdminPage(
                200, PrometheusText.text(statistics), type: "text/plain; version=0.0.4; charset=UTF-8")
        case "/stats":
            return AdminPage(200, statistics.map { "\($0.plainName): \($0.value)\n" }.sorted().joined())
        case "/clusters":
            let clusters = ClusterPage(proxy)
            return format == "json" ? .json(clusters.json.text) : AdminPage(200, clusters.text)
        case "/config_dump": return .json(dump(proxy.engine.configuration))
        case "/server_info": return .json(serverInfo.text)
        default: return AdminPage(404, "There is no page \(path).\n\n" + Self.index)
        }
    }

    private var uptime: Int64 { (ContinuousClock.now - start).components.seconds }

    private var statistics: [Statistic] {
        Statistic.all(of: proxy) + [Statistic("server.uptime", .gauge, uptime)]
    }

    private var serverInfo: JSONText {
        .object([
            ("version", .string("fairlead/" + Proxy.version)), ("state", .string(proxy.state.name)),
            ("uptime_current_epoch", .string("\(uptime)s")),
            ("command_line_options", .object([("concurrency", .number(Int64(proxy.counters.count)))])),
        ])
    }
}
