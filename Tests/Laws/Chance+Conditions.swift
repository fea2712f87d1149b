// Fairlead: random conditions, URI templates and match trees, and what requests say about them
// SPDX-License-Identifier: Apache-2.0

import Fairlead

extension Chance {
    static let cookies = ["c", "d"]
    static let keys = ["k", "l"]

    mutating func template() -> String {
        var text = ""
        var variables = 0
        var hasRest = false
        for _ in 0..<(1 + below(4)) {
            switch hasRest ? 0 : below(6) {
            case 0...1: text += "/" + any(["a", "foo", "v1", "a.b", "x;y"])
            case 2: text += "/*" + any(["", "", ".x"])
            case 3:
                text += "/{v\(variables)}" + any(["", "", "-z"])
                variables += 1
            case 4:
                text += "/" + any(["", "p"]) + "{v\(variables)=\(any(["*", "a", "**"]))}"
                hasRest = text.hasSuffix("**}")
                variables += 1
            default:
                text += "/**"
                hasRest = true
            }
            // Behind a text only the end may come.
            if text.hasSuffix(".x") { return text }
        }
        return text + any(["", "", "/"])
    }

    /// A path that the template might match.
    mutating func path(for template: String) -> String {
        var path = ""
        var rest = template[...]
        while let first = rest.first {
            rest = rest.dropFirst()
            switch first {
            case "{":
                path += any(["1", "a", "foo"])
                rest = rest.drop { $0 != "}" }.dropFirst()
            case "*":
                let isRest = rest.first == "*"
                if isRest { rest = rest.dropFirst() }
                path += isRest ? any(["", "a/b", "x"]) : any(["a", "b.x", "%20", ""])
            default: path.append(first)
            }
        }
        return path
    }

    mutating func addConditions(to match: inout RouteMatch) {
        if happens(8) {
            match.cookies.append(CookieMatcher(any(Chance.cookies), stringMatcher(), isInverted: happens(30)))
        }
        if happens(4) {
            match.tlsContext = TLSContextMatcher(
                isPresented: happens(50) ? happens(50) : nil, isValidated: happens(50) ? happens(50) : nil)
        }
        guard happens(6) else { return }
        let values: [ValueMatcher] = [
            .present(true), .text(stringMatcher()), .number(1), .bool(true), .null, .oneOf(.text(stringMatcher())),
            .any([.number(2), .range(start: 0, end: 2)]),
        ]
        match.dynamicMetadata.append(
            MetadataMatcher("f", path: [any(Chance.keys)], any(values), isInverted: happens(30)))
    }

    mutating func addFacts(to request: inout LawRequest) {
        for _ in 0..<(happens(30) ? 1 + below(2) : 0) {
            let pairs = (0..<(1 + below(2))).map { _ in any(Chance.cookies) + "=" + any(["a", "b", "ab", "", "\"a\""]) }
            request.headers.append(("cookie", pairs.joined(separator: "; ")))
        }
        if happens(30) {
            request.connection = any([.certificatePresented, [.certificatePresented, .certificateValidated]])
        }
        if happens(30) {
            let values: [FactValue] = [
                .text(any(Chance.values)), .number(1), .number(1.5), .bool(true), .null,
                .list([.text("a"), .number(1)]),
                .structure([.init("m", .null)]),
            ]
            request.metadata = Chance.keys.prefix(1 + below(2)).map { FactValue.Field($0, any(values)) }
        }
    }

    // MARK: Match trees

    /// A tree that leads to all of `routes`, which are taken out.
    mutating func tree(of routes: inout [Route], depth: Int) -> MatchTree {
        let input = MatchTree.Input.header(any(["x-a", "X-B", ":path", ":method", "host"]))
        var tree = MatchTree(.none)
        switch below(6) {
        case 0...1:
            let rules = (0..<(1 + below(3))).map { _ in MatchTree.Rule(predicate(0), outcome(&routes, depth)) }
            tree.kind = .list(rules)
        case 2: tree.kind = .exact(input, entries(["a", "ab", "GET", "", "a,b"], &routes, depth))
        case 3...4: tree.kind = .prefix(input, entries(["", "a", "ab", "/", "/a", "/a/", "/api", "P"], &routes, depth))
        default:
            tree.kind = .domains(
                input,
                [["*"], ["*.com", "foo.com"], ["a", "*.foo.com"]].map {
                    MatchTree.DomainEntry($0, outcome(&routes, depth))
                })
        }
        if happens(60) { tree.otherwise = outcome(&routes, depth) }
        return tree
    }

    private mutating func entries(_ keys: [String], _ routes: inout [Route], _ depth: Int) -> [MatchTree.Entry] {
        let chosen = keys.filter { _ in happens(50) }
        return (chosen.isEmpty ? ["a"] : chosen.sorted()).map { MatchTree.Entry($0, outcome(&routes, depth)) }
    }

    private mutating func outcome(_ routes: inout [Route], _ depth: Int) -> MatchTree.Outcome {
        if depth < 3, happens(30) { return .tree(tree(of: &routes, depth: depth + 1)) }
        // Long lists have an index.
        let count = min(routes.count, happens(40) ? 8 + below(12) : 1 + below(3))
        let taken = Array(routes.suffix(count))
        routes.removeLast(count)
        return taken.count == 1 && happens(50) ? .route(taken[0]) : .routes(taken)
    }

    private mutating func predicate(_ depth: Int) -> MatchTree.Predicate {
        switch depth < 3 ? below(6) : 5 {
        case 0: .any([predicate(depth + 1), predicate(depth + 1)])
        case 1: .all([predicate(depth + 1), predicate(depth + 1)])
        case 2: .not(predicate(depth + 1))
        default: .value(.header(any(["x-a", "X-B", ":path", ":method"])), stringMatcher())
        }
    }
}
