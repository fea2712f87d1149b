// Fairlead: tests of where shadowed routes are told
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadModel
import FairleadPlugin
import Testing

@testable import FairleadCompiler

@Suite struct CompilerLintTests {
    static func paths(_ host: VirtualHost) -> [String] {
        let table = RouteConfiguration(name: "r", virtualHosts: [host])
        return Compiler.lint(Configuration(routeConfigurations: [table]), PluginRegistry()).map {
            "\($0.path.dropFirst("route_configurations[0].virtual_hosts[0].".count)) \($0.message.prefix { $0 != "]" })]"
        }
    }

    @Test func routesAreToldWhereTheyStandInAListAndInATree() {
        let all = ShadowFinderTests.route(.prefix("/"))
        let some = ShadowFinderTests.route(.prefix("/a"))
        let list = VirtualHost(name: "v", domains: ["*"], routes: [some, all, some])
        #expect(Self.paths(list) == ["routes[2].match can never match: routes[0]"])
        var led = VirtualHost(name: "v", domains: ["*"])
        let inner = MatchTree(.none, otherwise: .routes([some, all, some]))
        led.matcher = MatchTree(
            .exact(
                .header(":method"),
                [
                    // Each list is by itself: what one takes does not keep another from its requests.
                    MatchTree.Entry("GET", .route(all)), MatchTree.Entry("HEAD", .routes([all, some])),
                    MatchTree.Entry("PUT", .tree(inner)),
                ]),
            otherwise: .routes([some, all]))
        let map = "matcher.matcher_tree.exact_match_map.map"
        #expect(
            Self.paths(led) == [
                map + "[\"HEAD\"].action.typed_config.routes[1].match can never match: routes[0]",
                map + "[\"PUT\"].matcher.on_no_match.action.typed_config.routes[2].match can never match: routes[0]",
            ])
    }
}
