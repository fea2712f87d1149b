// Fairlead: requests that rules are about, and that they just miss
// SPDX-License-Identifier: Apache-2.0

import Fairlead

/// Makes up requests for a route table: for each domain and each route some that belong there, and some that nearly do.
/// The same tables give the same requests.
struct NearMisses {
    private(set) var requests: [TrialRequest] = []
    private var seen: Set<TrialRequest> = []
    private let maximum: Int

    /// Requests for `tables`, at most `maximum`; long lists of routes are walked in steps, so that all of it is reached.
    init(_ tables: [RouteConfiguration], maximum: Int) {
        self.maximum = maximum
        let hosts = tables.flatMap { $0.virtualHosts }
        for host in hosts {
            for domain in host.domains { add(TrialRequest(authority: NearMisses.host(for: domain), path: "/")) }
        }
        let routes = hosts.flatMap { host in
            host.allRoutes.map { (NearMisses.host(for: host.domains.first ?? "*"), $0.match) }
        }
        // Some eight requests come of each route.
        let step = max(1, routes.count * 8 / max(maximum, 1))
        for start in 0..<step {
            for place in stride(from: start, to: routes.count, by: step) {
                guard requests.count < maximum else { return }
                add(routes[place].1, at: routes[place].0)
            }
        }
    }

    private mutating func add(_ request: TrialRequest) {
        guard requests.count < maximum, seen.insert(request).inserted else { return }
        requests.append(request)
    }

    /// A host that belongs to `domain`.
    private static func host(for domain: String) -> String {
        if domain == "*" { return "any.example" }
        if domain.hasPrefix("*") { return "www" + domain.dropFirst() }
        if domain.hasSuffix("*") { return domain.dropLast() + "example" }
        return domain
    }

    private mutating func add(_ match: RouteMatch, at authority: String) {
        let paths = NearMisses.paths(for: match)
        var whole = TrialRequest(authority: authority, path: paths.first)
        if case .connect = match.path { whole.method = "CONNECT" }
        for header in match.headers { whole.satisfy(header) }
        for parameter in match.queryParameters { whole.satisfy(parameter) }
        if match.matchesGRPCOnly { whole.headers.append(["content-type", "application/grpc"]) }
        add(whole)
        for path in paths.dropFirst() {
            var other = whole
            other.path = path
            add(other)
        }
        for index in whole.headers.indices {
            var less = whole
            less.headers.remove(at: index)
            add(less)
        }
        if !whole.query.isEmpty {
            var less = whole
            less.query = []
            add(less)
        }
        if whole.method != "GET" {
            var plain = whole
            plain.method = "GET"
            add(plain)
        }
    }

    /// Paths that match, the first one surely as far as it can be told, and paths close to it.
    private static func paths(for match: RouteMatch) -> [String] {
        let text: String
        switch match.path {
        case .prefix(let prefix): text = prefix.isEmpty ? "/" : prefix
        case .exact(let path): text = path
        case .separatedPrefix(let prefix): text = prefix
        case .pattern(let pattern): text = PatternSample.text(of: pattern)
        case .connect: return []
        case .template(let template): text = NearMisses.path(for: template)
        }
        var paths = [text, text + "/x", text + "x"]
        if text.hasSuffix("/") { paths[1] = text + "x/y" }
        if text.utf8.count > 1 { paths.append(String(text.dropLast())) }
        if !match.isCaseSensitive { paths.append(text.uppercased()) }
        return paths.filter { $0.hasPrefix("/") && !$0.contains("#") }
    }
}

extension NearMisses {
    /// A path that the URI template matches: its wildcards and variables are `x`.
    private static func path(for template: String) -> String {
        guard let parts = try? PathTemplate(template).parts else { return "/" }
        return parts.reduce(into: "") { path, part in
            switch part {
            case .literal(let text): path += text
            case .segment, .rest: path += "x"
            case .open, .close: break
            }
        }
    }
}

extension TrialRequest {
    /// Makes the request satisfy `matcher`, as far as that is easily done.
    fileprivate mutating func satisfy(_ matcher: HeaderMatcher) {
        let value: String?
        switch matcher.rule {
        case .present(let isThere): value = isThere != matcher.isInverted ? "x" : nil
        case .text(let text): value = matcher.isInverted ? "other" : text.sample
        case .range(let start, let end): value = matcher.isInverted ? "\(end)" : "\(start)"
        }
        guard let value else { return }
        switch ASCII.lowercased(matcher.name) {
        case ":method": method = value
        case ":scheme": scheme = value
        case ":authority", "host": authority = value
        case ":path": break
        default: headers.append([matcher.name, value])
        }
    }

    fileprivate mutating func satisfy(_ matcher: QueryParameterMatcher) {
        switch matcher.rule {
        case .present(true): query.append(matcher.name)
        case .present(false): break
        case .text(let text): query.append(matcher.name + "=" + text.sample)
        }
    }
}

extension StringMatcher {
    /// A text that satisfies it, as far as that is easily told.
    fileprivate var sample: String {
        switch rule {
        case .exact(let text), .prefix(let text), .suffix(let text), .contains(let text): text
        case .pattern(let pattern): PatternSample.text(of: pattern)
        }
    }
}
