// Fairlead: compiling match trees
// SPDX-License-Identifier: Apache-2.0

import FairleadConfiguration
import FairleadDataPlane
import FairleadModel

extension VirtualHostCompiler {
    /// Stores a tree, and its routes behind those that are there; the routes are numbered as `MatchTree.placedRoutes`
    /// lists them.
    mutating func compile(_ tree: MatchTree) -> BlockReference<TreeNode> {
        var node = TreeNode()
        switch tree.kind {
        case .none: break
        case .list(let rules):
            node.kind = .list
            let compiled = rules.map { rule in
                let predicate = compile(rule.predicate)
                return TreeRule(writer.append(shared: predicate), compile(rule.outcome))
            }
            node.rules = writer.append(compiled)
        case .exact(let input, let entries):
            node.kind = .exact
            node.input = compile(input)
            compile(entries, isWhole: true, &node)
        case .prefix(let input, let entries):
            node.kind = .prefix
            node.input = compile(input)
            compile(entries, isWhole: false, &node)
        case .addresses(let input, let entries):
            node.kind = .addresses
            node.input = compile(input)
            node.ranges = writer.append(ranges(entries))
        case .domains(let input, let entries):
            node.kind = .domains
            node.input = compile(input)
            compile(entries, &node)
        }
        node.otherwise = tree.otherwise.map { compile($0) } ?? .none
        return writer.append(shared: node)
    }

    private mutating func compile(_ outcome: MatchTree.Outcome) -> TreeOutcome {
        switch outcome {
        case .tree(let tree): TreeOutcome(.tree, first: compile(tree).offset)
        case .route(let route): compile([route])
        case .routes(let routes): compile(routes)
        case .cluster(let name): TreeOutcome(.cluster, first: cluster(name))
        }
    }

    private mutating func compile(_ routes: [Route]) -> TreeOutcome {
        let (first, index) = addList(routes)
        return TreeOutcome(.routes, first: first, count: UInt32(routes.count), index: index)
    }

    private mutating func compile(_ input: MatchTree.Input) -> TreeInput {
        switch input {
        case .header(let name):
            let lowered = ASCII.lowercased(name)
            switch lowered {
            case ":method": return TreeInput(.method)
            case ":path": return TreeInput(.path)
            case ":scheme": return TreeInput(.scheme)
            case ":authority", "host": return TreeInput(.authority)
            default: return TreeInput(.header, name: writer.text(lowered))
            }
        }
    }

    private mutating func compile(_ predicate: MatchTree.Predicate) -> TreePredicate {
        switch predicate {
        case .value(let input, let matcher):
            var compiled = TreePredicate(.value)
            compiled.input = compile(input)
            matcher.fill(&compiled.condition, &writer, &patterns)
            return compiled
        case .any(let predicates): return compile(predicates, .any)
        case .all(let predicates): return compile(predicates, .all)
        case .not(let inner): return compile([inner], .not)
        }
    }

    private mutating func compile(
        _ predicates: [MatchTree.Predicate], _ kind: TreePredicate.Kind
    ) -> TreePredicate {
        var compiled = TreePredicate(kind)
        let inner = predicates.map { compile($0) }
        compiled.inner = writer.append(inner)
        return compiled
    }

    private mutating func compile(_ entries: [MatchTree.Entry], isWhole: Bool, _ node: inout TreeNode) {
        var texts = TextIndexBuilder([])
        var compiled: [TreeEntry] = []
        for entry in entries {
            let place = writer.text(entry.key)
            texts.add(entry.key, at: place, isWhole: isWhole)
            compiled.append(TreeEntry(text: place, parent: 0, outcome: compile(entry.outcome)))
        }
        let built = texts.build(into: &writer)
        node.exact = built.exact
        node.partial = built.prefixes
        if !isWhole { for index in compiled.indices { compiled[index].parent = UInt32(built.parents[index] + 1) } }
        node.entries = writer.append(compiled)
    }

    private mutating func compile(_ entries: [MatchTree.DomainEntry], _ node: inout TreeNode) {
        var whole = TextIndexBuilder([])
        var ends = TextIndexBuilder(.fromBack)
        var wholeNumbers: [UInt32] = []
        var endNumbers: [UInt32] = []
        var compiled: [TreeEntry] = []
        for entry in entries {
            let outcome = compile(entry.outcome)
            for domain in entry.domains {
                let number = UInt32(compiled.count)
                let place = writer.text(domain)
                compiled.append(TreeEntry(text: place, parent: 0, outcome: outcome))
                if domain == "*" {
                    node.star = number + 1
                } else if domain.utf8.first == UInt8(ascii: "*") {
                    let end = BlockText(offset: place.offset + 1, count: place.count - 1)
                    ends.add(String(domain.dropFirst()), at: end, isWhole: false)
                    endNumbers.append(number)
                } else {
                    whole.add(domain, at: place, isWhole: true)
                    wholeNumbers.append(number)
                }
            }
        }
        node.exact = whole.build(into: &writer, values: wholeNumbers).exact
        let built = ends.build(into: &writer, values: endNumbers)
        node.partial = built.prefixes
        for (index, number) in endNumbers.enumerated() where built.parents[index] >= 0 {
            compiled[Int(number)].parent = endNumbers[built.parents[index]] + 1
        }
        node.entries = writer.append(compiled)
    }

    /// The ranges, the narrowest first, equal ones in their order.
    private mutating func ranges(_ entries: [MatchTree.AddressEntry]) -> [TreeRange] {
        var ranges: [(length: UInt32, range: TreeRange)] = []
        for entry in entries {
            let outcome = compile(entry.outcome)
            for range in entry.ranges {
                // Envoy orders by the length as it is written, even where an IPv4 address has fewer bits.
                ranges.append((range.length, TreeRange(range.record, outcome, isExclusive: entry.isExclusive)))
            }
        }
        let order = ranges.indices.sorted { left, right in
            ranges[left].length != ranges[right].length ? ranges[left].length > ranges[right].length : left < right
        }
        return order.map { ranges[$0].range }
    }
}
