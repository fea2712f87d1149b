// Fairlead: the benchmark program
// SPDX-License-Identifier: Apache-2.0

import CProbe
import Glibc

/// `FairleadBench [--instructions [--loops]] [--counts FILE] [--markdown | --plain] [FILTER…]`
///
/// Measures the cases whose `group: name` holds one of the filters, or all. `--instructions` counts under callgrind,
/// with `--loops` short cases only; `--counts` takes such a run's `--plain` output up into the table.
@main
struct FairleadBench {
    static func main() throws {
        var mode = Bench.Mode.time
        var counts: [String: Double] = [:]
        var render = Table.text
        var filters: [String] = []
        var countsSteps = true
        var arguments = CommandLine.arguments.dropFirst().makeIterator()
        while let argument = arguments.next() {
            switch argument {
            case "--instructions":
                mode = .instructions
                guard fl_probe_is_callgrind() else {
                    remark("--instructions counts under callgrind: scripts/bench.sh --instructions")
                    exit(2)
                }
            case "--loops": countsSteps = false
            case "--counts": for (name, value) in try read(arguments.next()) { counts[name] = value }
            case "--markdown": render = Table.markdown
            case "--plain": render = Table.plain
            default: filters.append(argument)
            }
        }
        let bench = Bench(mode, filters: filters, countsSteps: countsSteps, counts: counts)
        bench.group("decision", decisionCases)
        bench.group("through C", cCases)
        bench.group("route", routeCases)
        bench.group("virtual host", virtualHostCases)
        bench.group("pick and report", policyCases)
        bench.group("picker alone", pickerCases)
        bench.group("snapshot", snapshotCases)
        bench.group("two threads", threadCases)
        bench.group("update", updateCases)
        bench.group("memory", memoryCases)
        print(render(bench.rows))
    }

    /// Lines of name, value and unit.
    private static func read(_ path: String?) throws -> [(String, Double)] {
        guard let path, let file = fopen(path, "r") else {
            remark("cannot read \(path ?? "a file without a name")")
            exit(2)
        }
        defer { fclose(file) }
        var found: [(String, Double)] = []
        var line = [CChar](repeating: 0, count: 1024)
        while fgets(&line, 1024, file) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let parts = text.split(separator: "\t")
            if parts.count >= 2, let value = Double(parts[1]) { found.append((String(parts[0]), value)) }
        }
        return found
    }
}
