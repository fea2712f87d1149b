// Fairlead: what a law is, and the program that checks them
// SPDX-License-Identifier: Apache-2.0

import Fairlead
import FairleadRE2
import Glibc

/// One of the seven laws, as a check that can fail: random cases from a seed, as many as `scale` says.
protocol Law {
    static var name: String { get }
    static func check(seed: UInt64, scale: Int) throws -> LawReport
}

/// What checking a law came to.
struct LawReport {
    /// How many cases were looked at.
    var cases = 0
    /// What was found, the first few.
    private(set) var failures: [String] = []
    private(set) var failureCount = 0
    private var notes: [String: Int] = [:]

    mutating func fail(_ message: String) {
        failureCount += 1
        if failures.count < 10 { failures.append(message) }
    }

    mutating func check(_ holds: Bool, _ message: @autoclosure () -> String) {
        if !holds { fail(message()) }
    }

    /// Counts a kind of case, so that a report shows what was covered.
    mutating func note(_ kind: String) { notes[kind, default: 0] += 1 }

    /// The kinds of cases and how many there were.
    var coverage: String {
        notes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
}

extension EngineOptions {
    /// The options of the laws' engines: patterns are RE2's.
    static func law() -> EngineOptions {
        var options = EngineOptions()
        options.plugins.patternEngine = RE2PatternEngine()
        options.locality = Locality(region: "r", zone: "z1")
        options.localCluster = "c0"
        return options
    }
}

/// `fairlead-laws [--seed N] [--scale N] [law…]`: checks the named laws, or all; exit 1 when one does not hold.
@main
struct LawsProgram {
    static var laws: [any Law.Type] {
        [FirstMatchLaw.self, FreshLaw.self, SilenceLaw.self, ExplainLaw.self, UntouchedLaw.self, ReplayLaw.self]
    }

    static func main() throws {
        var seed: UInt64 = 1
        var scale = 1
        var wanted: [String] = []
        var arguments = CommandLine.arguments.dropFirst().makeIterator()
        while let argument = arguments.next() {
            switch argument {
            case "--seed": seed = arguments.next().flatMap { UInt64($0) } ?? seed
            case "--scale": scale = arguments.next().flatMap { Int($0) } ?? scale
            default: wanted.append(argument)
            }
        }
        var failed = 0
        var passed = 0
        for law in laws where wanted.isEmpty || wanted.contains(law.name) {
            let report = try law.check(seed: seed, scale: scale)
            let holds = report.failureCount == 0 && report.cases > 0
            print("law \(law.name): \(report.cases) cases, \(holds ? "holds" : "BROKEN")  \(report.coverage)")
            for failure in report.failures { print("  \(failure)") }
            if holds { passed += 1 } else { failed += 1 }
        }
        print("\(passed) passed, \(failed) failed")
        exit(failed > 0 || passed == 0 ? 1 : 0)
    }
}
