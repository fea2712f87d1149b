// Fairlead: tests of explanations as text and as JSON
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadScenes
import Testing

@testable import Fairlead

@Suite struct ExplanationTextTests {
    static func scene() throws -> Scene {
        let table = RouteConfiguration(
            name: "table",
            virtualHosts: [
                VirtualHost(name: "rest", domains: ["*"], routes: []),
                VirtualHost(
                    name: "shop", domains: ["shop.example"],
                    routes: [
                        .answer(.exact("/say"), named: "say"),
                        .forward(.prefix("/cart"), named: "cart") { $0.pathRewrite = .prefix("/inner") },
                    ]),
            ])
        return try Scene(table, clusters: [.fixed("c", 1)])
    }

    @Test func theTextFollowsTheRoadOfTheRequest() throws {
        let request = Request(authority: "shop.example", path: "/cart/7?x=1")
        let text = try Self.scene().worker.explain(request.view).text
        #expect(
            text == """
                route table   table
                virtual host  shop, by exact domain "shop.example"
                              beats "*" of rest: everything beats "*"
                route         #1 cart (prefix "/cart")
                              not #0 say (path "/say"): path is "/cart/7"; wanted: path "/say"
                action        forward, path "/inner/7?x=1", authority "shop.example"
                cluster       c
                priority      0, healthy hosts: 100 of 100
                policy        \(LoadBalancing.roundRobin), over 1 host
                endpoint      10.0.0.1:1, weight 1, unknown, 0 active

                """)
    }

    @Test func theKeysOfTheJSONStay() throws {
        let request = Request(authority: "shop.example", path: "/cart/7?x=1")
        let json = try Self.scene().worker.explain(request.view).json
        #expect(
            json == #"{"generation":2,"route_table":"table","virtual_host":{"name":"shop","host":"shop.example","#
                + #""domain":"shop.example","domain_kind":"exact","beaten":[{"domain":"*","domain_kind":"any","#
                + #""virtual_host":"rest","reason":"everything beats \"*\""}],"tls_demand":null},"#
                + #""route":{"index":1,"name":"cart","match":"prefix \"/cart\"","path":"/cart/7","earlier_count":1,"#
                + #""earlier":[{"index":0,"name":"say","match":"path \"/say\"","subject":"path","subject_name":null,"#
                + #""wanted":"path \"/say\"","found":["/cart/7"]}]},"#
                + #""action":{"kind":"forward","status":null,"location":null,"path":"/inner/7?x=1","#
                + #""authority":"shop.example","body_length":null},"#
                + #""cluster":{"name":"c","exists":true,"not_found_status":null,"method":"fixed"},"#
                + #""pick":{"result":"endpoint","policy":"\#(LoadBalancing.roundRobin)","point":null,"point_from":null,"#
                + #""targets":[{"priority":0,"hosts":"healthy","share":100,"chosen":true}],"weighed_localities":0,"#
                + #""host_count":1,"hash":null,"endpoint":{"address":"10.0.0.1:1","hostname":null,"locality":"","#
                + #""weight":1,"health":"unknown","active_requests":0}},"agrees_with_index":true}"#)
    }

    @Test func whatEndsEarlyIsNull() throws {
        let scene = try Self.scene()
        let json = scene.worker.explain(Request(authority: nil, path: "/").view).json
        #expect(json.contains(#""virtual_host":null,"route":null,"action":{"kind":"bad_request","status":400"#))
        #expect(json.contains(#""cluster":null,"pick":null"#))
        let text = scene.worker.explain(Request(authority: "other", path: "/").view).text
        #expect(text.contains("route         (none of 0 matches)\naction        no_route 404\n"))
    }

    @Test func controlCharactersAreEscaped() {
        var composer = JSONComposer()
        composer.open("[")
        composer.add(element: "a\"\\\n\u{1f}é")
        composer.add(element: "")
        composer.close("]")
        #expect(composer.text == #"["a\"\\\u000a\u001fé",""]"#)
    }
}
