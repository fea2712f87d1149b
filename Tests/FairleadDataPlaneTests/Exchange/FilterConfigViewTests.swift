// Fairlead: tests of what routes say to filters
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@Suite struct FilterConfigViewTests {
    static func config(_ name: String, _ text: String?, isDisabled: Bool = false) -> FilterConfig {
        var config = FilterConfig(name, typeURL: text == nil ? "" : "type/\(name)", value: Array((text ?? "").utf8))
        config.isDisabled = isDisabled
        return config
    }

    /// What each level says to a filter, the most specific message, and whether the filter is left out.
    static func told(
        _ name: String, table: [FilterConfig] = [], host: [FilterConfig] = [], route: [FilterConfig] = [],
        entry: [FilterConfig] = []
    ) throws -> [String] {
        var cluster = WeightedClusters.Entry("c", weight: 1)
        cluster.filterConfigs = entry
        var only = Route.forward { $0.target = .weighted(WeightedClusters([cluster])) }
        only.filterConfigs = route
        var virtualHost = VirtualHost(name: "h", domains: ["*"], routes: [only])
        virtualHost.filterConfigs = host
        var configuration = RouteConfiguration(name: "t", virtualHosts: [virtualHost])
        configuration.filterConfigs = table
        let scene = try Scene(configuration, clusters: [.fixed("c", 1)])
        let request = Request(authority: "a", path: "/")
        var exchange = scene.worker.begin(request.view)
        let view = exchange.route
        let told = Bytes.withBytes(of: name) { name in
            RouteView.FilterLevel.allCases.map { level in
                view.filterConfig(name, at: level).map { $0.value.isMissing ? "none" : $0.value.string } ?? "-"
            } + [
                view.filterConfig(name).map { $0.typeURL.string + "=" + $0.value.string } ?? "-",
                view.isFilterDisabled(name).map { "\($0)" } ?? "-",
            ]
        }
        scene.worker.end(&exchange)
        return told
    }

    @Test func everyLevelIsTold() throws {
        #expect(try Self.told("x") == ["-", "-", "-", "-", "-", "-"])
        let configs = { (text: String) in [Self.config("a", "other"), Self.config("x", text)] }
        #expect(
            try Self.told("x", table: configs("1"), host: configs("2"), route: configs("3"), entry: configs(""))
                == ["1", "2", "3", "", "type/x=", "false"])
        #expect(
            try Self.told("x", table: configs("1"), host: configs("2")) == ["1", "2", "-", "-", "type/x=2", "false"])
        #expect(try Self.told("lost", table: configs("1")) == ["-", "-", "-", "-", "-", "-"])
    }

    @Test func theMostSpecificLevelDecidesWhetherAFilterIsLeftOut() throws {
        let off = [Self.config("x", nil, isDisabled: true)]
        let on = [Self.config("x", "on")]
        #expect(try Self.told("x", table: off) == ["none", "-", "-", "-", "-", "true"])
        #expect(try Self.told("x", table: off, route: on) == ["none", "-", "on", "-", "type/x=on", "false"])
        #expect(try Self.told("x", host: on, route: off) == ["-", "on", "none", "-", "type/x=on", "true"])
    }
}
