// Fairlead: what differs between two JSON texts
// SPDX-License-Identifier: Apache-2.0

import FairleadModel

/// Compares two trees field by field. Lists are compared item by item: by their names where all have different ones, and
/// else by their places, what both begin and end with left out.
struct TreeDifference {
    private let old: TextTree
    private let new: TextTree
    private var fields: [ResourceDifference.Field] = []
    private var path = ""

    /// The fields that differ, in the order of the later text; removed ones stand before what follows them.
    static func between(_ old: String, _ new: String) -> [ResourceDifference.Field] {
        guard let before = try? JSONReader.read(Array(old.utf8), limits: .standard),
            let after = try? JSONReader.read(Array(new.utf8), limits: .standard)
        else { return [] }
        var difference = TreeDifference(old: before, new: after)
        difference.compare(before.root, after.root)
        return difference.fields
    }

    private init(old: TextTree, new: TextTree) {
        self.old = old
        self.new = new
    }

    private mutating func note(_ before: Int?, _ after: Int?) {
        fields.append(
            ResourceDifference.Field(
                path: path.first == "." ? String(path.dropFirst()) : path, before: before.map { old.shortText($0) },
                after: after.map { new.shortText($0) }))
    }

    /// Compares one step further in.
    private mutating func step(_ name: String, _ before: Int?, _ after: Int?) {
        let length = path.utf8.count
        path += name
        if let before, let after { compare(before, after) } else { note(before, after) }
        path = String(decoding: path.utf8.prefix(length), as: UTF8.self)
    }

    private mutating func compare(_ before: Int, _ after: Int) {
        switch (old.nodes[before].kind, new.nodes[after].kind) {
        case (.mapping, .mapping): compareMappings(before, after)
        case (.sequence, .sequence): compareLists(before, after)
        default: if !TextTree.areEqual(old, before, new, after) { note(before, after) }
        }
    }

    private mutating func compareMappings(_ before: Int, _ after: Int) {
        let theirs = new.members(after)
        var places: [String: Int] = [:]
        for member in theirs { places[member.key] = member.value }
        var known: Set<String> = []
        for member in old.members(before) {
            known.insert(member.key)
            step("." + member.key, member.value, places[member.key])
        }
        for member in theirs where !known.contains(member.key) { step("." + member.key, nil, member.value) }
    }

    private mutating func compareLists(_ before: Int, _ after: Int) {
        let mine = old.items(before)
        let theirs = new.items(after)
        if let former = old.names(mine), let names = new.names(theirs) {
            return compareNamed(mine, former, theirs, names)
        }
        var start = 0
        while start < min(mine.count, theirs.count), TextTree.areEqual(old, mine[start], new, theirs[start]) {
            start += 1
        }
        var end = 0
        while end < min(mine.count, theirs.count) - start,
            TextTree.areEqual(old, mine[mine.count - 1 - end], new, theirs[theirs.count - 1 - end])
        {
            end += 1
        }
        let left = mine.count - end - start
        let right = theirs.count - end - start
        for offset in 0..<max(left, right) {
            step(
                "[\(start + offset)]", offset < left ? mine[start + offset] : nil,
                offset < right ? theirs[start + offset] : nil)
        }
    }

    private mutating func compareNamed(_ mine: [Int], _ former: [String], _ theirs: [Int], _ names: [String]) {
        var places: [String: Int] = [:]
        for (index, name) in names.enumerated() { places[name] = index }
        let kept = Set(former).intersection(names)
        // What only moved is told once, and then compared as if it had not.
        if former.filter({ kept.contains($0) }) != names.filter({ kept.contains($0) }) {
            fields.append(
                ResourceDifference.Field(
                    path: String(path.dropFirst()) + " (order)", before: TreeDifference.listing(former, kept),
                    after: TreeDifference.listing(names, kept)))
        }
        for (index, name) in former.enumerated() {
            step("[\"\(name)\"]", mine[index], places[name].map { theirs[$0] })
        }
        for (index, name) in names.enumerated() where !kept.contains(name) { step("[\"\(name)\"]", nil, theirs[index]) }
    }

    private static func listing(_ names: [String], _ kept: Set<String>) -> String {
        TextTree.shortened(names.filter { kept.contains($0) }.joined(separator: ", "))
    }
}

extension TextTree {
    fileprivate func items(_ list: Int) -> [Int] { (0..<Int(nodes[list].count)).map { child(nodes[list], $0) } }

    fileprivate func members(_ mapping: Int) -> [(key: String, value: Int)] {
        stride(from: 0, to: Int(nodes[mapping].count), by: 2).map {
            (string(child(nodes[mapping], $0)), child(nodes[mapping], $0 + 1))
        }
    }

    /// The names of the items, if all have one and no two the same.
    fileprivate func names(_ items: [Int]) -> [String]? {
        var seen: Set<String> = []
        var names: [String] = []
        for item in items {
            guard nodes[item].kind == .mapping,
                let name = members(item).first(where: { $0.key == "name" }).map({ string($0.value) }), !name.isEmpty,
                seen.insert(name).inserted
            else { return nil }
            names.append(name)
        }
        return names
    }

    fileprivate static func areEqual(_ left: TextTree, _ first: Int, _ right: TextTree, _ second: Int) -> Bool {
        let mine = left.nodes[first]
        let theirs = right.nodes[second]
        guard mine.kind == theirs.kind, mine.count == theirs.count else { return false }
        switch mine.kind {
        case .sequence, .mapping:
            return (0..<Int(mine.count)).allSatisfy {
                areEqual(left, left.child(mine, $0), right, right.child(theirs, $0))
            }
        default: return left.scalar(first) == right.scalar(second)
        }
    }

    /// The value as JSON on one line, cut off where it gets long.
    fileprivate func shortText(_ node: Int) -> String {
        var text = ""
        write(node, &text)
        return TextTree.shortened(text)
    }

    fileprivate static func shortened(_ text: String) -> String {
        text.count <= 120 ? text : String(text.prefix(117)) + "..."
    }

    private func write(_ index: Int, _ text: inout String) {
        // More than is shown need not be written.
        guard text.utf8.count < 1000 else { return }
        let node = nodes[index]
        switch node.kind {
        case .null: text += "null"
        case .no: text += "false"
        case .yes: text += "true"
        case .number: text += string(index)
        case .text, .alias, .ignored: text += "\"" + string(index) + "\""
        case .sequence:
            text += "["
            for (offset, item) in items(index).enumerated() {
                if offset > 0 { text += ", " }
                write(item, &text)
            }
            text += "]"
        case .mapping:
            text += "{"
            for (offset, member) in members(index).enumerated() {
                text += (offset > 0 ? ", " : "") + "\"" + member.key + "\": "
                write(member.value, &text)
            }
            text += "}"
        }
    }
}
