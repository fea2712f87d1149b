// Fairlead: matching by the book, one rule after the other
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadRE2

/// Matching as the specification reads: over configuration values, with plain text operations, one rule after the other.
/// It shares no code with the engine but the pattern engine, and is what the index has to agree with.
struct ReferenceMatcher {
    private let table: RouteConfiguration
    private let engine = RE2PatternEngine()
    private var patterns: [String: CompiledPattern] = [:]

    init(_ table: RouteConfiguration) { self.table = table }

    /// The positions of virtual host and route; `nil` when there is none.
    mutating func match(_ request: LawRequest, random: UInt64) -> (host: Int, route: Int?)? {
        guard let host = virtualHost(request) else { return nil }
        var path = request.path.map { String($0.prefix { $0 != "?" && $0 != "#" }) }
        if table.ignoresPathParameters {
            path = path.map {
                $0.split(separator: "/", omittingEmptySubsequences: false).map { String($0.prefix { $0 != ";" }) }
                    .joined(separator: "/")
            }
        }
        let chosen = table.virtualHosts[host]
        let candidates = chosen.matcher.map { self.candidates(of: $0, request) ?? [] } ?? chosen.routes
        for route in candidates where matches(route.match, request, path, random) {
            return (host, chosen.allRoutes.firstIndex { $0.name == route.name })
        }
        return (host, nil)
    }

    private func virtualHost(_ request: LawRequest) -> Int? {
        var exact: Int?
        var suffix: (length: Int, host: Int)?
        var prefix: (length: Int, host: Int)?
        var catchAll: Int?
        var onlyCatchAll = true
        var host = request.authority.map { ASCII.lowercased($0) }
        if table.ignoresPortInHostMatching, let name = host, let colon = name.lastIndex(of: ":") {
            host = String(name[..<colon])
        }
        for (index, candidate) in table.virtualHosts.enumerated() {
            for domain in candidate.domains.map({ ASCII.lowercased($0) }) {
                if domain == "*" {
                    catchAll = index
                    continue
                }
                onlyCatchAll = false
                guard let host else { continue }
                if domain.hasPrefix("*") {
                    let literal = domain.dropFirst()
                    if host.utf8.count > literal.utf8.count, host.utf8.reversed().starts(with: literal.utf8.reversed()),
                        literal.utf8.count > suffix?.length ?? -1
                    {
                        suffix = (literal.utf8.count, index)
                    }
                } else if domain.hasSuffix("*") {
                    let literal = domain.dropLast()
                    if host.utf8.count > literal.utf8.count, host.utf8.starts(with: literal.utf8),
                        literal.utf8.count > prefix?.length ?? -1
                    {
                        prefix = (literal.utf8.count, index)
                    }
                } else if Array(domain.utf8) == Array(host.utf8) {
                    exact = index
                }
            }
        }
        if onlyCatchAll { return catchAll }
        return host == nil ? nil : exact ?? suffix?.host ?? prefix?.host ?? catchAll
    }

    private mutating func matches(_ match: RouteMatch, _ request: LawRequest, _ path: String?, _ random: UInt64) -> Bool
    {
        guard pathMatches(match, request, path) else { return false }
        for header in match.headers where !headerMatches(header, request) { return false }
        for parameter in match.queryParameters where !parameterMatches(parameter, request) { return false }
        if let fraction = match.fraction?.fallback,
            random % UInt64(fraction.denominator.rawValue) >= UInt64(fraction.numerator)
        {
            return false
        }
        guard conditionsHold(match, request) else { return false }
        guard match.matchesGRPCOnly else { return true }
        let type = request.headers.first { $0.0.lowercased() == "content-type" }?.1 ?? ""
        return type == "application/grpc" || type.hasPrefix("application/grpc+")
    }

    private mutating func pathMatches(_ match: RouteMatch, _ request: LawRequest, _ path: String?) -> Bool {
        if match.path == .connect { return request.method == "CONNECT" }
        guard let path else { return false }
        if case .template(let template) = match.path {
            // Path parameters count for these.
            let whole = request.path.map { String($0.prefix { $0 != "?" && $0 != "#" }) } ?? ""
            return matchesWhole(ReferenceMatcher.pattern(template), whole)
        }
        let folds = !match.isCaseSensitive
        func bytes(_ text: String) -> [UInt8] { Array((folds ? ASCII.lowercased(text) : text).utf8) }
        switch match.path {
        case .prefix(let text): return bytes(path).starts(with: bytes(text))
        case .exact(let text): return bytes(path) == bytes(text)
        case .separatedPrefix(let text):
            let whole = bytes(path)
            let start = bytes(text)
            return whole.starts(with: start) && (whole.count == start.count || whole[start.count] == UInt8(ascii: "/"))
        case .pattern(let pattern): return matchesWhole(pattern, path)
        case .connect, .template: return false
        }
    }

    private mutating func matchesWhole(_ pattern: String, _ text: String) -> Bool {
        if patterns[pattern] == nil { patterns[pattern] = try? engine.compile(pattern) }
        return Bytes.withBytes(of: text) { patterns[pattern]?.matches($0) ?? false }
    }

    private mutating func headerMatches(_ matcher: HeaderMatcher, _ request: LawRequest) -> Bool {
        let name = matcher.name.lowercased()
        var values: [String] =
            switch name {
            case ":method": [request.method]
            case ":path": request.path.map { [$0] } ?? []
            case ":scheme": [request.scheme]
            case ":authority", "host": request.authority.map { [$0] } ?? []
            default: request.headers.filter { $0.0.lowercased() == name }.map { $0.1 }
            }
        if values.isEmpty, matcher.treatsMissingAsEmpty { values = [""] }
        if case .present(let wanted) = matcher.rule { return (!values.isEmpty == wanted) != matcher.isInverted }
        guard !values.isEmpty else { return false }
        var anyHolds = false
        for value in values {
            switch matcher.rule {
            case .text(let rule): anyHolds = anyHolds || matches(rule, value)
            case .range(let start, let end):
                anyHolds = anyHolds || Int64(value).map { $0 >= start && $0 < end } ?? false
            case .present: break
            }
        }
        return anyHolds != matcher.isInverted
    }

    mutating func matches(_ matcher: StringMatcher, _ text: String) -> Bool {
        func bytes(_ text: String) -> [UInt8] { Array((matcher.ignoresCase ? ASCII.lowercased(text) : text).utf8) }
        switch matcher.rule {
        case .exact(let wanted): return bytes(text) == bytes(wanted)
        case .prefix(let wanted): return bytes(text).starts(with: bytes(wanted))
        case .suffix(let wanted): return bytes(text).reversed().starts(with: bytes(wanted).reversed())
        case .contains(let wanted):
            let whole = bytes(text)
            let part = bytes(wanted)
            guard whole.count >= part.count else { return false }
            return (0...(whole.count - part.count)).contains { Array(whole[$0..<($0 + part.count)]) == part }
        case .pattern(let pattern): return matchesWhole(pattern, text)
        }
    }

    private func parameterMatches(_ matcher: QueryParameterMatcher, _ request: LawRequest) -> Bool {
        var found: String?
        if let path = request.path, let mark = path.firstIndex(where: { $0 == "?" || $0 == "#" }), path[mark] == "?" {
            let query = path[path.index(after: mark)...].prefix { $0 != "#" }
            for pair in query.split(separator: "&", omittingEmptySubsequences: false) where found == nil {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts[0] == matcher.name { found = parts.count == 2 ? String(parts[1]) : "" }
            }
        }
        switch matcher.rule {
        case .present(let wanted): return (found != nil) == wanted
        case .text(let rule):
            guard let found else { return false }
            var copy = self
            return copy.matches(rule, found)
        }
    }
}
