// Fairlead: telling what would change
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadEnvoy

/// What `fairlead diff` found, as lines for people and as JSON.
struct DiffReport {
    let differences: [ResourceDifference]
    let comparison: Comparison
    let limit: Int

    /// The report for people.
    var lines: [String] {
        var lines: [String] = []
        for difference in differences {
            lines.append("\(difference.effect.word) \(difference.kind.word) \(difference.name)")
            for field in difference.fields.prefix(limit) {
                lines.append("    \(field.path): \(field.before ?? "(not set)") -> \(field.after ?? "(not set)")")
            }
            if difference.fields.count > limit { lines.append("    and \(difference.fields.count - limit) more") }
        }
        if differences.isEmpty { lines.append("no resource changes") }
        for fault in comparison.faults { lines.append("line \(fault.line) is no request: \(fault.message)") }
        lines.append(
            "\(comparison.tried) request\(comparison.tried == 1 ? "" : "s") tried, \(comparison.movedCount) would go elsewhere"
        )
        for move in comparison.moves {
            lines.append("    " + String(decoding: move.line, as: UTF8.self))
            for part in move.parts {
                lines.append("        \(part.name): \(part.before ?? "(none)") -> \(part.after ?? "(none)")")
            }
        }
        return lines
    }

    /// The report as one object of JSON.
    var json: String {
        var text = AnswerLine()
        func quoted(_ value: String?) {
            if let value { text.append(quoted: Array(value.utf8)) } else { text.append("null") }
        }
        func change(_ name: String, _ value: String, _ before: String?, _ after: String?) {
            text.append("{\"\(name)\":")
            quoted(value)
            text.append(",\"before\":")
            quoted(before)
            text.append(",\"after\":")
            quoted(after)
            text.append("}")
        }
        text.append("{\"resources\":[")
        for (index, difference) in differences.enumerated() {
            text.append(index == 0 ? "" : ",")
            text.append("{\"kind\":\"\(difference.kind.word)\",\"name\":")
            quoted(difference.name)
            text.append(
                ",\"effect\":\"\(difference.effect.word)\",\"field_count\":\(difference.fields.count),\"fields\":[")
            for (index, field) in difference.fields.prefix(limit).enumerated() {
                text.append(index == 0 ? "" : ",")
                change("path", field.path, field.before, field.after)
            }
            text.append("]}")
        }
        text.append("],\"requests_tried\":\(comparison.tried),\"requests_moved\":\(comparison.movedCount),\"moves\":[")
        for (index, move) in comparison.moves.enumerated() {
            text.append(index == 0 ? "" : ",")
            text.append("{\"request\":\(String(decoding: move.line, as: UTF8.self)),\"route_table\":")
            quoted(move.table)
            text.append(",\"parts\":[")
            for (index, part) in move.parts.enumerated() {
                text.append(index == 0 ? "" : ",")
                change("part", part.name, part.before, part.after)
            }
            text.append("]}")
        }
        text.append("],\"faults\":[")
        for (index, fault) in comparison.faults.enumerated() {
            text.append(index == 0 ? "" : ",")
            text.append("{\"line\":\(fault.line),\"message\":")
            quoted(fault.message)
            text.append("}")
        }
        text.append("]}")
        return String(decoding: text.bytes, as: UTF8.self)
    }
}

extension ResourceDifference.Effect {
    /// The effect in a word.
    fileprivate var word: String {
        switch self {
        case .added: "added"
        case .removed: "removed"
        case .changed: "changed"
        }
    }
}

extension EnvoyLoader.Kind {
    /// The kind in a word, as JSON has it.
    fileprivate var word: String {
        switch self {
        case .bootstrap: "bootstrap"
        case .resources: "resources"
        case .listener: "listener"
        case .cluster: "cluster"
        case .assignment: "assignment"
        case .routeConfiguration: "route_configuration"
        case .runtime: "runtime_layer"
        }
    }
}
