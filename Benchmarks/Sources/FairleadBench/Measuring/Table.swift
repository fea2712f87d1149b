// Fairlead: the table of results
// SPDX-License-Identifier: Apache-2.0

/// What we set out to reach.
enum Intention {
    case atMost(Double)
    case atLeast(Double)

    func isReached(by value: Double) -> Bool {
        switch self {
        case .atMost(let limit): value <= limit
        case .atLeast(let limit): value >= limit
        }
    }
}

/// One measured case.
struct Row {
    enum Unit: String {
        case nanoseconds = "ns"
        case microseconds = "µs"
        case bytes = "B"
        case factor = "×"
        case instructions = "instructions"
    }

    var group: String
    var name: String
    var value: Double
    var unit: Unit
    /// Instructions a round, if they were counted.
    var instructions: Double?
    var intention: Intention?
    /// What others reach.
    var peers: String

    var valueText: String { "\(Row.digits(value)) \(unit.rawValue)" }

    var instructionsText: String { instructions.map { Row.digits($0) } ?? "" }

    var intentionText: String {
        switch intention {
        case .atMost(let limit): "≤ \(Row.digits(limit)) \(unit.rawValue)"
        case .atLeast(let limit): "≥ \(Row.digits(limit)) \(unit.rawValue)"
        case nil: ""
        }
    }

    var verdict: String {
        guard let intention, value.isFinite else { return "" }
        return intention.isReached(by: value) ? "ok" : "behind"
    }

    /// About three digits, thousands apart: 1.25, 12.5, 125, 12,500.
    static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "?" }
        if value < 0 { return "-" + digits(-value) }
        if value >= 99.95 {
            var whole = "\(Int(value.rounded()))"
            var place = whole.count - 3
            while place > 0 {
                whole.insert(",", at: whole.index(whole.startIndex, offsetBy: place))
                place -= 3
            }
            return whole
        }
        let factor = value >= 9.995 ? 10.0 : 100.0
        let scaled = Int((value * factor).rounded())
        let base = Int(factor)
        var fraction = "\(scaled % base)"
        while fraction.count < (base == 10 ? 1 : 2) { fraction = "0" + fraction }
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? "\(scaled / base)" : "\(scaled / base).\(fraction)"
    }
}

/// Lays rows out.
enum Table {
    /// For the terminal: columns, groups under headings.
    static func text(_ rows: [Row]) -> String {
        let width = rows.map { $0.name.count }.max() ?? 0
        let header = line(["case", "measured", "instructions", "intention", ""], width)
        var lines = [header, String(repeating: "-", count: header.count)]
        var group = ""
        for row in rows {
            if row.group != group {
                group = row.group
                if lines.count > 2 { lines.append("") }
                lines.append(group)
            }
            lines.append(line([row.name, row.valueText, row.instructionsText, row.intentionText, row.verdict], width))
        }
        let judged = rows.filter { !$0.verdict.isEmpty }
        let behind = judged.filter { $0.verdict == "behind" }.count
        if !judged.isEmpty { lines.append("\n\(judged.count - behind) intentions reached, \(behind) behind") }
        return lines.joined(separator: "\n")
    }

    /// For Benchmarks/README.md, with what others reach.
    static func markdown(_ rows: [Row]) -> String {
        var lines: [String] = []
        var group = ""
        for row in rows {
            if row.group != group {
                group = row.group
                lines += [
                    "\(lines.isEmpty ? "" : "\n")| \(group) | measured | instructions | intention | | others |",
                    "|---|--:|--:|--:|---|---|",
                ]
            }
            let verdict = row.verdict == "behind" ? "**behind**" : row.verdict
            lines.append(
                "| \(row.name) | \(row.valueText) | \(row.instructionsText) | \(row.intentionText) | \(verdict) | \(row.peers) |"
            )
        }
        return lines.joined(separator: "\n")
    }

    /// For scripts: name, value and unit, a tab between them.
    static func plain(_ rows: [Row]) -> String {
        rows.map { "\($0.group): \($0.name)\t\(tenths($0.value))\t\($0.unit.rawValue)" }.joined(separator: "\n")
    }

    private static func tenths(_ value: Double) -> String {
        guard value.isFinite else { return "nan" }
        return "\((value * 10).rounded() / 10)"
    }

    private static func line(_ cells: [String], _ nameWidth: Int) -> String {
        let widths = [nameWidth, 14, 13, 14, 7]
        return zip(cells, widths).enumerated().map { column, cell in
            let padding = String(repeating: " ", count: max(cell.1 - cell.0.count, 0))
            return column == 0 || column == 4 ? cell.0 + padding : padding + cell.0
        }.joined(separator: "  ")
    }
}
