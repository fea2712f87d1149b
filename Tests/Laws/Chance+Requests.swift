// Fairlead: random requests, near to what a table asks for
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension Chance {
    /// A text near `text`: itself, or with a byte more, less, or in another case.
    mutating func near(_ text: String) -> String {
        switch below(8) {
        case 0: text + any(["/", "x", "?k=a", "?k=b&q=", "#f", ";p=1", "/a"])
        case 1: String(text.dropLast())
        case 2: text.uppercased()
        case 3: text.lowercased()
        case 4: any(["/", "x", "a."]) + text
        default: text
        }
    }

    mutating func request(for table: RouteConfiguration) -> LawRequest {
        var request = LawRequest()
        request.method = any(["GET", "POST", "CONNECT"])
        request.authority = near(hostText())
        request.path = near(pathText())
        if let host = table.virtualHosts.isEmpty ? nil : any(table.virtualHosts), happens(85) {
            let domain = any(host.domains)
            request.authority = near(
                domain.split(separator: "*", omittingEmptySubsequences: false).joined(separator: any(["", "a", "www"])))
            let routes = host.allRoutes
            if let route = routes.isEmpty ? nil : any(routes), happens(75) {
                switch route.match.path {
                case .prefix(let text), .exact(let text), .separatedPrefix(let text): request.path = near(text)
                case .pattern:
                    request.path = any([
                        "/a/b", "/foo/x", "/FOO/x", "/api/v2/z", "/b/", "/b/x", "/a/items", "/aa", "/b.json",
                    ])
                case .connect: request.method = "CONNECT"
                case .template(let template): request.path = near(path(for: template))
                }
            }
        }
        if happens(5) { request.path = nil }
        if happens(3) { request.authority = nil }
        for _ in 0..<below(4) { request.headers.append((any(Chance.names), any(Chance.values))) }
        addFacts(to: &request)
        return request
    }
}
