// Fairlead: finding virtual host and route
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Route lookups: begin and end, the lookup of a virtual host for `*` included.
///
/// One request again and again stays in the processor's caches, as the intentions mean it; where "any hits", each of
/// 1,024 requests takes another way, and a large table's memory has to be waited for.
func routeCases(_ bench: Bench) {
    for kind in ["prefix", "exact"] {
        for count in [10, 100, 1000, 10_000, 100_000] {
            let paths = Bulk.paths(count)
            lazy var fixture = Fixture(
                Bulk.routes(paths.map { RouteMatch(kind == "prefix" ? .prefix($0) : .exact($0)) }))
            let rest = kind == "prefix" ? "42?from=cart" : "?from=cart"
            let intention: Intention? = count == 100_000 ? .atMost(80) : nil
            let name = "\(kind), \(Bulk.text(count)) routes"
            let peers =
                switch (kind, count) {
                case ("prefix", 10): "matchit 27 ns"
                case ("prefix", 1000): "Envoy: 31 µs more than with one route"
                case ("prefix", 10_000): "Envoy: 335 µs more than with one route"
                case ("prefix", 100_000): "matchit 229–348 ns; naive radix trie 120 ns; hash-probe floor in C 38 ns"
                default: ""
                }
            bench.loop("\(name), the last hits", intention, peers: peers) {
                fixture.routing(Bulk.request(paths[count - 1] + rest))
            }
            bench.loop("\(name), the first hits", intention) { fixture.routing(Bulk.request(paths[0] + rest)) }
            bench.loop("\(name), any hits") {
                fixture.routing(Bulk.shuffled(paths, 1024).map { Bulk.request($0 + rest) })
            }
            bench.loop("\(name), none hits", intention) {
                fixture.routing(Bulk.request("/api/v1/service-99x/42"), matches: false)
            }
        }
        bench.ratio(
            "\(kind), 100,000 ÷ 10, the last hits", of: "\(kind), 100,000 routes, the last hits",
            to: "\(kind), 10 routes, the last hits", .atMost(2.5))
        bench.ratio(
            "\(kind), 100,000 ÷ 10, any hits", of: "\(kind), 100,000 routes, any hits",
            to: "\(kind), 10 routes, any hits")
    }
    treeCases(bench)
    conditionalCases(bench)
    adversarialCases(bench)
}

/// Lists of routes that a match tree leads to.
private func treeCases(_ bench: Bench) {
    for count in [10, 10_000] {
        let paths = Bulk.paths(count)
        bench.loop("prefix, \(Bulk.text(count)) routes below a key of a match tree, the last hits") {
            var host = VirtualHost(name: "h", domains: ["*"])
            let routes = Bulk.routes(paths.map { RouteMatch(.prefix($0)) })
            host.matcher = MatchTree(.exact(.header(":method"), [MatchTree.Entry("GET", .routes(routes))]))
            return Fixture([host]).routing(Bulk.request(paths[count - 1] + "42?from=cart"))
        }
    }
}

/// Routes that an index over paths cannot tell apart by themselves.
private func conditionalCases(_ bench: Bench) {
    for count in [10, 1000] {
        bench.loop("pattern with a literal beginning, \(Bulk.text(count)) routes, the last hits") {
            let matches = (0..<count).map { RouteMatch(.pattern("/service-\($0)/[^/]+/items/[0-9]+")) }
            return Fixture(Bulk.routes(matches)).routing(Bulk.request("/service-\(count - 1)/red/items/42"))
        }
        bench.loop("pattern without one, \(Bulk.text(count)) routes, the last hits") {
            let matches = (0..<count).map { RouteMatch(.pattern(".*/service-\($0)/items/[0-9]+")) }
            return Fixture(Bulk.routes(matches)).routing(Bulk.request("/red/service-\(count - 1)/items/42"))
        }
        bench.loop("header alone, \(Bulk.text(count)) routes, the last hits") {
            let matches = (0..<count).map { number in
                var match = RouteMatch(.prefix("/"))
                match.headers = [HeaderMatcher("x-user", .text(StringMatcher(.exact("user-\(number)"))))]
                return match
            }
            return Fixture(Bulk.routes(matches)).routing(
                Bulk.request("/", [("accept", "*/*"), ("x-user", "user-\(count - 1)")]))
        }
    }
}

/// Tables made to hurt.
private func adversarialCases(_ bench: Bench) {
    let depth = 2000
    let nested = (1...depth).map { String(repeating: "/a", count: $0) }
    let path = nested[depth - 1] + "/b"
    bench.loop("2,000 prefixes, each within the one before, the deepest hits") {
        Fixture(Bulk.routes(nested.reversed().map { RouteMatch(.prefix($0)) })).routing(Bulk.request(path))
    }
    bench.loop("2,000 prefixes, each within the one before, the middle hits") {
        Fixture(Bulk.routes(nested.reversed().map { RouteMatch(.prefix($0)) }))
            .routing(Bulk.request(nested[depth / 2] + "/b"))
    }
    func conditional(_ path: RouteMatch.Path, _ number: Int) -> RouteMatch {
        var match = RouteMatch(path)
        match.headers = [HeaderMatcher("x-user", .text(StringMatcher(.exact("user-\(number)"))))]
        return match
    }
    bench.loop("2,000 prefixes, each within the one before and with a header, the shortest hits") {
        let matches = (0..<depth).map { conditional(.prefix(nested[depth - 1 - $0]), $0) }
        return Fixture(Bulk.routes(matches)).routing(Bulk.request(path, [("x-user", "user-\(depth - 1)")]))
    }
    bench.loop("5,000 times the same prefix, each with a header, the last hits") {
        let matches = (0..<5000).map { conditional(.prefix("/same/"), $0) }
        return Fixture(Bulk.routes(matches)).routing(Bulk.request("/same/x", [("x-user", "user-4999")]))
    }
}

/// Virtual host lookups: what a table with many domains costs more than one with `*` alone.
func virtualHostCases(_ bench: Bench) {
    let route = Bulk.routes([RouteMatch(.prefix("/"))])
    for count in [10, 100, 1000, 10_000] {
        let text = Bulk.text(count)
        lazy var exact = Fixture(
            (0..<count).map { VirtualHost(name: "h\($0)", domains: ["tenant-\($0).shop.example"], routes: route) })
        let peers = count == 10_000 ? "Envoy: hash, flat" : ""
        bench.loop("exact, \(text) domains, the last hits", .atMost(25), peers: peers) {
            lookup(exact, ["tenant-\(count - 1).shop.example"], route)
        }
        bench.loop("exact, \(text) domains, any hits") {
            lookup(exact, (0..<1024).map { "tenant-\($0 * 7919 % count).shop.example" }, route)
        }
        bench.loop("exact, \(text) domains, none hits", .atMost(25)) {
            lookup(exact, ["www.other.example"], route, matches: false)
        }
    }
    for count in [10, 10_000] {
        lazy var suffixes = Fixture(
            (0..<count).map { VirtualHost(name: "h\($0)", domains: ["*.tenant-\($0).shop.example"], routes: route) })
        let text = Bulk.text(count)
        bench.loop("suffix wildcards, \(text) domains, the last hits", .atMost(25)) {
            lookup(suffixes, ["www.tenant-\(count - 1).shop.example"], route)
        }
        bench.loop("suffix wildcards, \(text) domains, any hits") {
            lookup(suffixes, (0..<1024).map { "www.tenant-\($0 * 7919 % count).shop.example" }, route)
        }
        bench.loop("suffix wildcards, \(text) domains, none hits", .atMost(25)) {
            lookup(suffixes, ["www.tenant-x.shop.example"], route, matches: false)
        }
    }
    bench.ratio(
        "exact, 10,000 ÷ 10, the last hits", of: "exact, 10,000 domains, the last hits",
        to: "exact, 10 domains, the last hits", .atMost(1.5))
}

private func lookup(_ fixture: Fixture, _ names: [String], _ route: [Route], matches: Bool = true) -> Loop {
    let requests = names.map { Bulk.request("/x", authority: $0) }
    let body = fixture.routing(requests, matches: matches).body
    // What finds nothing is compared with a table that finds nothing for want of routes.
    let plain = Fixture(matches ? route : []).routing(requests, matches: matches).body
    return Loop(baseline: plain, body: body)
}
