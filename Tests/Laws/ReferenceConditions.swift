// Fairlead: conditions, URI templates and match trees by the book
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension ReferenceMatcher {
    /// A URI template as the pattern that Envoy makes of it.
    static func pattern(_ template: String) -> String {
        let plain = "a-zA-Z0-9-._~%!$&'()+,;:@*="
        var pattern = ""
        var rest = template[...]
        while let first = rest.first {
            rest = rest.dropFirst()
            switch first {
            case "*" where rest.first == "*":
                rest = rest.dropFirst()
                pattern += "[\(plain)/]*"
            case "*": pattern += "[\(plain)]+"
            case "{":
                let inside = rest.prefix { $0 != "}" }
                rest = rest.dropFirst(inside.count + 1)
                let parts = inside.split(separator: "=", maxSplits: 1)
                pattern += "(" + (parts.count == 2 ? self.pattern(String(parts[1])) : "[\(plain)]+") + ")"
            case "$", "(", ")", "+", ".": pattern += "\\" + String(first)
            default: pattern.append(first)
            }
        }
        return pattern
    }

    /// Conditions on cookies, the connection and metadata.
    mutating func conditionsHold(_ match: RouteMatch, _ request: LawRequest) -> Bool {
        for cookie in match.cookies where !holds(cookie, request) { return false }
        let presented = request.connection.contains(.certificatePresented)
        let validated = request.connection.contains(.certificateValidated)
        if let wanted = match.tlsContext.isPresented, wanted != presented { return false }
        if let wanted = match.tlsContext.isValidated, wanted != validated { return false }
        for matcher in match.dynamicMetadata {
            let value = matcher.filter == "f" ? request.metadata.first { $0.name == matcher.path[0] }?.value : nil
            if (value.map { holds(matcher.value, $0) } ?? false) == matcher.isInverted { return false }
        }
        return true
    }

    private mutating func holds(_ matcher: CookieMatcher, _ request: LawRequest) -> Bool {
        for header in request.headers where header.0.lowercased() == "cookie" {
            for pair in header.1.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, parts[0] == matcher.name else { continue }
                var value = parts[1]
                if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
                return matches(matcher.value, String(value)) != matcher.isInverted
            }
        }
        return matcher.isInverted
    }

    private mutating func holds(_ matcher: ValueMatcher, _ value: FactValue) -> Bool {
        switch (matcher, value) {
        case (.null, .null): return true
        case (.bool(let wanted), .bool(let found)): return wanted == found
        case (.number(let wanted), .number(let found)): return wanted == found
        case (.range(let start, let end), .number(let found)): return found >= start && found < end
        case (.text(let rule), .text(let found)): return matches(rule, found)
        case (.present(let wanted), _): return wanted
        case (.oneOf(let inner), .list(let values)):
            for value in values where holds(inner, value) { return true }
            return false
        case (.any(let inner), _):
            for matcher in inner where holds(matcher, value) { return true }
            return false
        default: return false
        }
    }

    // MARK: Match trees

    /// The list of routes that the tree leads to; `nil` when it leads nowhere.
    mutating func candidates(of tree: MatchTree, _ request: LawRequest) -> [Route]? {
        for outcome in outcomes(of: tree, request) {
            if let routes = candidates(of: outcome, request) { return routes }
        }
        return tree.otherwise.flatMap { candidates(of: $0, request) }
    }

    private mutating func candidates(of outcome: MatchTree.Outcome, _ request: LawRequest) -> [Route]? {
        switch outcome {
        case .tree(let tree): candidates(of: tree, request)
        case .route(let route): [route]
        case .routes(let routes): routes
        case .cluster: nil
        }
    }

    /// What fits, the best first.
    private mutating func outcomes(of tree: MatchTree, _ request: LawRequest) -> [MatchTree.Outcome] {
        switch tree.kind {
        case .none, .addresses: return []
        case .list(let rules):
            var found: [MatchTree.Outcome] = []
            for rule in rules where holds(rule.predicate, request) { found.append(rule.outcome) }
            return found
        case .exact(let input, let entries):
            guard let value = value(of: input, request) else { return [] }
            return entries.filter { Array($0.key.utf8) == Array(value.utf8) }.map { $0.outcome }
        case .prefix(let input, let entries):
            guard let value = value(of: input, request) else { return [] }
            return entries.filter { value.utf8.starts(with: $0.key.utf8) }
                .sorted { $0.key.utf8.count > $1.key.utf8.count }.map { $0.outcome }
        case .domains(let input, let entries):
            guard let value = value(of: input, request), !value.isEmpty else { return [] }
            var found: [(rank: Int, outcome: MatchTree.Outcome)] = []
            for entry in entries {
                for domain in entry.domains {
                    let end = domain.utf8.dropFirst()
                    if !domain.hasPrefix("*"), Array(domain.utf8) == Array(value.utf8) {
                        found.append((.max, entry.outcome))
                    } else if domain.hasPrefix("*"), value.utf8.reversed().starts(with: end.reversed()) {
                        found.append((end.count, entry.outcome))
                    }
                }
            }
            return found.sorted { $0.rank > $1.rank }.map { $0.outcome }
        }
    }

    private mutating func holds(_ predicate: MatchTree.Predicate, _ request: LawRequest) -> Bool {
        switch predicate {
        case .value(let input, let matcher): return value(of: input, request).map { matches(matcher, $0) } ?? false
        case .not(let inner): return !holds(inner, request)
        case .any(let inner):
            for predicate in inner where holds(predicate, request) { return true }
            return false
        case .all(let inner):
            for predicate in inner where !holds(predicate, request) { return false }
            return true
        }
    }

    private func value(of input: MatchTree.Input, _ request: LawRequest) -> String? {
        guard case .header(let name) = input else { return nil }
        switch name.lowercased() {
        case ":method": return request.method
        case ":path": return request.path
        case ":scheme": return request.scheme
        case ":authority", "host": return request.authority
        case let name:
            let values = request.headers.filter { $0.0.lowercased() == name }.map { $0.1 }
            return values.isEmpty ? nil : values.joined(separator: ",")
        }
    }
}
