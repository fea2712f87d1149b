// Fairlead: measures cases, one after the other, and keeps the rows
// SPDX-License-Identifier: Apache-2.0

import CProbe
import Glibc

/// What a short piece of work is measured by: `body` does it as often as it is told, `baseline` does everything around
/// it as often and is subtracted.
struct Loop {
    var baseline: (Int) -> Void = { rounds in for round in 0..<rounds { swallow(round) } }
    var body: (Int) -> Void
}

/// Measures the cases that the filter lets through.
///
/// Machines are shared and noisy. So a case is measured in many short turns, baseline and body alternating, and the
/// median counts; whoever wants to compare machines or days should compare ratios or instructions.
final class Bench {
    enum Mode {
        case time
        /// Under callgrind: instructions instead of nanoseconds, the same on every run.
        case instructions
    }

    let mode: Mode
    private let filters: [String]
    private let countsSteps: Bool
    private let counts: [String: Double]
    private(set) var rows: [Row] = []
    private var group = ""

    /// - Parameter counts: instructions by the names of cases, from an earlier run under callgrind.
    init(_ mode: Mode, filters: [String], countsSteps: Bool, counts: [String: Double]) {
        self.mode = mode
        self.countsSteps = countsSteps
        self.filters = filters
        self.counts = counts
    }

    /// Runs the cases of `cases` as one group of the table.
    func group(_ name: String, _ cases: (Bench) -> Void) {
        group = name
        cases(self)
    }

    /// Measures something short: nanoseconds, or instructions, for each round.
    func loop(
        _ name: String, _ intention: Intention? = nil, peers: String = "", prepare: () -> Loop
    ) {
        guard isWanted(name) else { return }
        let loop = prepare()
        switch mode {
        case .time: add(name, .nanoseconds, Stopwatch.median(of: loop), intention, peers)
        case .instructions: add(name, .instructions, Callgrind.instructions(of: loop), nil, "")
        }
    }

    /// Measures something long, each time by itself: microseconds. `body` is given the number of the turn.
    func step(
        _ name: String, _ intention: Intention? = nil, peers: String = "", prepare: () -> ((Int) -> Void)
    ) {
        guard isWanted(name), mode == .time || countsSteps else { return }
        let body = prepare()
        switch mode {
        case .time: add(name, .microseconds, Stopwatch.median(ofStep: body) / 1000, intention, peers)
        case .instructions: add(name, .instructions, Callgrind.instructions(ofStep: body), nil, "")
        }
    }

    /// Notes a figure that is not measured by time alone: bytes, factors.
    func figure(
        _ name: String, _ unit: Row.Unit, _ intention: Intention? = nil, peers: String = "",
        value: () -> Double
    ) {
        guard mode == .time, isWanted(name) else { return }
        add(name, unit, value(), intention, peers)
    }

    /// Notes how much larger one row of the same group is than another, if both were measured.
    func ratio(_ name: String, of first: String, to second: String, _ intention: Intention? = nil, peers: String = "") {
        guard mode == .time, let above = value(first), let below = value(second), below > 0 else { return }
        add(name, .factor, above / below, intention, peers)
    }

    private func value(_ name: String) -> Double? { rows.last { $0.group == group && $0.name == name }?.value }

    private func isWanted(_ name: String) -> Bool {
        let whole = "\(group): \(name)"
        return filters.isEmpty || filters.contains { whole.contains($0) }
    }

    private func add(_ name: String, _ unit: Row.Unit, _ value: Double, _ intention: Intention?, _ peers: String) {
        let row = Row(
            group: group, name: name, value: value, unit: unit, instructions: counts["\(group): \(name)"],
            intention: intention, peers: peers)
        rows.append(row)
        // A sign of life: the whole takes minutes.
        remark("\(row.group): \(row.name): \(row.valueText)")
    }
}

/// Reads clocks around pieces of work.
enum Stopwatch {
    /// The monotonic clock.
    static var now: UInt64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The time that this thread spends in `body`: what other processes take in between does not count.
    static func nanoseconds(_ body: () -> Void) -> Double {
        let start = read(CLOCK_THREAD_CPUTIME_ID)
        body()
        return Double(read(CLOCK_THREAD_CPUTIME_ID) - start)
    }

    /// Nanoseconds a round: the median of 41 turns of about two milliseconds each.
    static func median(of loop: Loop) -> Double {
        var rounds = 64
        // Also the warm-up.
        while nanoseconds({ loop.body(rounds) }) < 2_000_000, rounds < 1 << 24 { rounds *= 2 }
        loop.baseline(rounds)
        return median(
            (0..<41).map { _ in
                let around = nanoseconds { loop.baseline(rounds) }
                return (nanoseconds { loop.body(rounds) } - around) / Double(rounds)
            })
    }

    /// Nanoseconds a step: the median of at most 101 steps or two seconds, but at least of 5, after two for warming up.
    static func median(ofStep body: (Int) -> Void) -> Double {
        body(0)
        body(1)
        var times: [Double] = []
        let start = now
        while times.count < 5 || (times.count < 101 && now - start < 2_000_000_000) {
            let turn = times.count + 2
            times.append(nanoseconds { body(turn) })
        }
        return median(times)
    }

    static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

/// Counts instructions, in a process that runs under callgrind.
enum Callgrind {
    nonisolated(unsafe) private static var dumps = 0

    /// Instructions a round, baseline subtracted.
    static func instructions(of loop: Loop) -> Double {
        let rounds = 500
        for _ in 0..<2 { loop.body(rounds) }
        loop.baseline(rounds)
        return (count { loop.body(rounds) } - count { loop.baseline(rounds) }) / Double(rounds)
    }

    /// Instructions a step.
    static func instructions(ofStep body: (Int) -> Void) -> Double {
        body(0)
        body(1)
        return (count { body(2) } + count { body(3) }) / 2
    }

    private static func count(_ body: () -> Void) -> Double {
        fl_probe_start()
        body()
        fl_probe_stop()
        dumps += 1
        guard let base = getenv("FAIRLEAD_CALLGRIND_OUT") else { return .nan }
        let path = String(cString: base) + ".\(dumps)"
        defer { unlink(path) }
        guard let file = fopen(path, "r") else { return .nan }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, 512, file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("summary: ") { return Double(text.dropFirst(9).prefix { $0.isNumber }) ?? .nan }
        }
        return .nan
    }
}

/// Says something beside the table.
func remark(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Keeps the optimiser from dropping what is not used.
@inline(never)
func swallow<Value>(_ value: borrowing Value) where Value: ~Copyable & ~Escapable {
    // An empty body would be seen through: the function's purity is inferred. A write that is not elided is not.
    sink &+= 1
}

nonisolated(unsafe) private var sink: UInt64 = 0
